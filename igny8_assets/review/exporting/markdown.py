"""Our HTML as Markdown: the elements that an article may have, and nothing that the text only looks like."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from igny8_assets.review.exporting.markdown_inline import collapsed, inline, safe_start
from igny8_assets.review.exporting.markdown_tables import table

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "pre", "figure", "figcaption", "table"}
)
_SEPARATOR = "<!-- -->"
"""Keeps two lists or two quotations in a row apart, as CommonMark's specification shows (section 5.3)."""


def to_markdown(html: str) -> str:
    """The sanitised body as CommonMark with tables.

    Emphasis that Markdown can't express where it stands (in the middle of a word next to a sign) stays HTML, which
    Markdown allows.
    """
    from lxml import etree
    from lxml.html import fragment_fromstring

    source = html.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        root = fragment_fromstring(source, create_parent="div", parser=parser)  # type: ignore[arg-type]
    except etree.ParserError:
        return ""
    text = "\n\n".join(_blocks(root))
    return text + "\n" if text else ""


def _blocks(element: "HtmlElement") -> list[str]:
    """The blocks in an element; loose text between them is a paragraph."""
    written: list[str] = []
    last = ""
    for child in _gathered(element):
        if isinstance(child, list):
            text, tag = _paragraph(child), "p"
        else:
            text, tag = _block(child), _kind(child)
        if not text:
            continue
        if tag == last and tag in {"ul", "ol", "blockquote"}:
            written.append(_SEPARATOR)
        written.append(text)
        last = tag
    return written


def _gathered(element: "HtmlElement") -> "Iterator[HtmlElement | list[HtmlElement | str]]":
    """The children: blocks as they are, runs of text and inline elements as lists."""
    run: list[HtmlElement | str] = [element.text] if element.text else []
    for child in element:
        if child.tag in _BLOCKS:
            if run:
                yield run
            run = []
            yield child
        else:
            run.append(child)
        if child.tail:
            run.append(child.tail)
    if run:
        yield run


def _kind(element: "HtmlElement") -> str:
    return "ul" if element.tag == "li" else str(element.tag)


def _block(element: "HtmlElement") -> str:
    tag = str(element.tag)
    if re.fullmatch("h[1-6]", tag):
        return _heading(element)
    if tag in {"ul", "ol"}:
        return _list(element)
    if tag == "li":
        return _item("-", element)
    if tag == "blockquote":
        return _prefixed("\n\n".join(_blocks(element)), "> ", "> ")
    if tag == "pre":
        return _code(element)
    if tag == "table":
        return table(element)
    if tag == "figcaption":
        text = _paragraph([element.text or "", *_children(element)], breaks=False)
        # Emphasis can't hold emphasis of its own here, so that a marked caption stays as it is.
        return f"*{text}*" if text and element.find(".//*") is None and _can_be_emphasised(text) else text
    return "\n\n".join(_blocks(element))


def _children(element: "HtmlElement") -> "Iterable[HtmlElement | str]":
    for child in element:
        yield child
        if child.tail:
            yield child.tail


def _paragraph(run: "Iterable[HtmlElement | str]", *, breaks: bool = True) -> str:
    text = inline(list(run), "\\\n" if breaks else " ").strip(" ")
    while text.endswith("\\\n") or text.startswith("\\\n"):
        # A break at either end of a paragraph shows nothing.
        text = text.removesuffix("\\\n").removeprefix("\\\n").strip(" ")
    return "\n".join(safe_start(line.strip(" ")) for line in text.split("\n"))


def _heading(element: "HtmlElement") -> str:
    text = _paragraph([element.text or "", *_children(element)], breaks=False)
    if not text:
        return ""
    # Signs at the end would be taken for the closing of the heading.
    closed = re.sub(r"(#+)$", lambda match: "\\#" * len(match[1]), text)
    return "#" * int(str(element.tag)[1]) + " " + closed


def _can_be_emphasised(text: str) -> bool:
    return text[0].isalnum() and "\n" not in text and (text[-1].isalnum() or text[-1] in ".!?")


def _list(element: "HtmlElement") -> str:
    loose = any(child.tag == "p" for item in element for child in item)
    number = element.get("start", "1")
    start = int(number) if re.fullmatch(r"[0-9]{1,8}", number) else 1
    items: list[str] = []
    for child in _gathered(element):
        marker = f"{start + len(items)}." if element.tag == "ol" else "-"
        if isinstance(child, list):
            # Text straight in a list, which browsers show like an item.
            text = _paragraph(child)
            if text:
                items.append(_prefixed(text, f"{marker} ", " " * (len(marker) + 1)))
        elif child.tag == "li":
            items += [text] if (text := _item(marker, child)) else []
        elif text := _block(child):
            items.append(_prefixed(text, f"{marker} ", " " * (len(marker) + 1)))
    return ("\n\n" if loose else "\n").join(items)


def _item(marker: str, item: "HtmlElement") -> str:
    blocks = _blocks(item)
    # Text followed by a list alone stays close to it, if that list may interrupt a paragraph.
    close = len(blocks) == 2 and item.find("p") is None and len(item) > 0 and _may_interrupt(item[-1])
    text = ("\n" if close else "\n\n").join(blocks)
    return _prefixed(text, f"{marker} ", " " * (len(marker) + 1))


def _may_interrupt(element: "HtmlElement") -> bool:
    return element.tag == "ul" or (element.tag == "ol" and element.get("start", "1") == "1")


def _prefixed(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    prefixed = [first + lines[0], *(rest + line for line in lines[1:])]
    return "\n".join(line.rstrip(" ") for line in prefixed) if text else ""


def _code(element: "HtmlElement") -> str:
    text = "".join(element.itertext()).replace("\r\n", "\n").removesuffix("\n")
    if not collapsed(text).strip():
        return ""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"{fence}\n{text}\n{fence}"
