"""Text, emphasis, links, code and pictures within a line of Markdown."""

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Run = "list[HtmlElement | str]"

_SPACES = re.compile("[ \t\n\r\f]+")
# Every sign that could begin something; in front of ASCII punctuation a backslash is always allowed.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|]")
_LINE_START = re.compile(r"(?:[#+=>:-]|[0-9]{1,9}(?=[.)]))")
_EMPHASIS = {"strong": "**", "em": "*"}


def collapsed(text: str) -> str:
    """Runs of white space as one space, as browsers show them; other spaces, such as the unbreakable one, stay."""
    return _SPACES.sub(" ", text)


def escaped(text: str) -> str:
    """The text so that Markdown shows it as it is, anywhere but at the start of a line."""
    # A space that is meant to stay is named, since readers of Markdown trim what looks empty.
    return _SPECIAL.sub(lambda match: "\\" + match[0], text).replace("\u00a0", "&nbsp;")


def safe_start(line: str) -> str:
    """A line that begins nothing: no heading, list, quotation or rule."""
    match = _LINE_START.match(line)
    if match is None:
        return line
    if match[0].isdigit():
        return match[0] + "\\" + line[match.end() :]
    return "\\" + line


def inline(run: "list[HtmlElement | str]", line_break: str, *, plain: bool = False) -> str:
    """A run of text and inline elements.

    Args:
        run: strings and elements in their order.
        line_break: what a `<br>` becomes.
        plain: write emphasis as HTML, because it stands within emphasis.
    """
    parts: list[str] = []
    for place, piece in enumerate(run):
        if isinstance(piece, str):
            text = escaped(collapsed(piece))
            # White space on both sides of an element's edge is shown as one space.
            parts.append(text[1:] if text.startswith(" ") and _ends_with_space(parts) else text)
            continue
        following = run[place + 1] if place + 1 < len(run) else ""
        parts = ["".join(parts)]
        before = parts[0][-1:]
        after = following[:1] if isinstance(following, str) else "x"
        text = _element(piece, before, after, line_break, plain=plain)
        if before == "!" and text.startswith("["):
            # Together they would be a picture.
            parts[-1] = parts[-1][:-1] + "\\!"
        parts.append(text[1:] if text.startswith(" ") and _ends_with_space(parts) else text)
    return "".join(parts)


def _ends_with_space(parts: list[str]) -> bool:
    joined = next((part for part in reversed(parts) if part), "")
    return joined.endswith((" ", "\n"))


def _element(element: "HtmlElement", before: str, after: str, line_break: str, *, plain: bool) -> str:
    tag = str(element.tag)
    if tag == "br":
        return line_break
    if tag == "code":
        return _code(element, before, in_table="<br>" in line_break)
    if tag == "img":
        return _image(element)
    run = run_of(element)
    if tag == "a":
        text = inline(run, " ", plain=plain)
        target, words = element.get("href", ""), text.strip(" ")
        if not target.strip() or not words:
            return text
        lead, trail = _edges(text)
        return f"{lead}[{words}]({_target(target)}){trail}"
    if tag in _EMPHASIS:
        return _emphasis(tag, inline(run, line_break, plain=True), before, after, plain=plain)
    return inline(run, line_break, plain=plain)


def run_of(element: "HtmlElement") -> "list[HtmlElement | str]":
    """What is in an element: its text and its children with what follows them."""
    run: list[HtmlElement | str] = [element.text] if element.text else []
    for child in element:
        run.append(child)
        if child.tail:
            run.append(child.tail)
    return run


def _emphasis(tag: str, text: str, before: str, after: str, *, plain: bool) -> str:
    inner = text.strip(" ")
    if not inner:
        return text[:1]
    lead, trail = _edges(text)
    opens = inner[0].isalnum() or not before or bool(lead) or before.isspace()
    closes = inner[-1].isalnum() or not after or bool(trail) or after.isspace()
    # CommonMark: a sign next to the mark needs a space or a sign on the other side of it; other marks beside it mix.
    if plain or not (opens and closes) or before == "*" or "\n" in inner or not (_is_plain(inner[0], inner[-1])):
        return f"{lead}<{tag}>{inner}</{tag}>{trail}"
    mark = _EMPHASIS[tag]
    return f"{lead}{mark}{inner}{mark}{trail}"


def _edges(text: str) -> tuple[str, str]:
    """The spaces at either end, which stay outside of marks."""
    return " " * text.startswith(" "), " " * text.endswith(" ")


def _is_plain(*signs: str) -> bool:
    return not any(sign == "*" or unicodedata.category(sign)[0] in "ZC" for sign in signs)


def _code(element: "HtmlElement", before: str, *, in_table: bool) -> str:
    text = collapsed("".join(element.itertext()))
    if not text.strip(" "):
        return text[:1]
    if before == "`":
        # Two fences side by side would be read as one.
        return f"<code>{escaped(text)}</code>"
    fence = "`"
    while fence in re.findall("`+", text):
        fence += "`"
    if text[0] == "`" or text[-1] == "`" or (text[0] == " " and text[-1] == " "):
        text = f" {text} "
    return fence + (text.replace("|", "\\|") if in_table else text) + fence


def _image(element: "HtmlElement") -> str:
    source = element.get("src", "")
    alt = escaped(collapsed(element.get("alt", "")).strip(" "))
    return f"![{alt}]({_target(source)})" if source.strip() else alt


def _target(address: str) -> str:
    """An address as Markdown takes it; in angle brackets if it has spaces or brackets."""
    address = "".join(address.split("\n")).strip()
    address = re.sub(r"[\\<>&|]", lambda match: "\\" + match[0], address).replace("`", "%60")
    return f"<{address}>" if re.search(r"[\s()]", address) or not address else address
