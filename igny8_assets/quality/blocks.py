"""A body of HTML as a list of blocks: headings, paragraphs, list items, cells."""

from dataclasses import dataclass
from functools import cached_property

from igny8_assets.quality.words import count_in_text, folded, words_of

_HIDDEN = frozenset({"script", "style", "template", "noscript", "iframe", "object", "head", "title", "svg", "math"})
_CODE = frozenset({"code", "pre", "kbd", "samp"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    {"p", "li", "td", "th", "tr", "table", "thead", "tbody", "caption", "ul", "ol", "dl", "dt", "dd", "blockquote"}
    | {"pre", "figure", "figcaption", "div", "section", "article", "aside", "header", "footer", "main", "nav"}
    | {"form", "address", "details", "summary", "hr", "body", "html"}
    | set(_HEADINGS)
)
_SENTENCES = frozenset({"p", "li", "dd", "blockquote", "div", "section", "article", "body"})


@dataclass(frozen=True)
class Block:
    """A run of text in one block element: `tag` is the innermost, `prose` the text without what is marked as code."""

    tag: str
    text: str
    prose: str

    @property
    def level(self) -> int:
        """1 to 6 for a heading, 0 for anything else."""
        return int(self.tag[1]) if self.tag in _HEADINGS else 0


@dataclass(frozen=True)
class Body:
    """The blocks of a text and what several checks ask of them."""

    blocks: tuple[Block, ...]

    @cached_property
    def text(self) -> str:
        """What a reader sees, a line per block."""
        return "\n".join(block.text for block in self.blocks)

    @cached_property
    def word_count(self) -> int:
        """Words that a reader sees, headings included."""
        return count_in_text(self.text)

    @cached_property
    def headings(self) -> tuple[Block, ...]:
        """The headings, of any level."""
        return tuple(block for block in self.blocks if block.level)

    @cached_property
    def passages(self) -> tuple[Block, ...]:
        """Blocks that hold sentences: paragraphs, list items and loose text, but no headings, cells or code."""
        return tuple(block for block in self.blocks if block.tag in _SENTENCES)


def read_body(html: str) -> Body:
    """The text of a body; never raises."""
    return Body(read_blocks(html))


def read_blocks(html: str) -> tuple[Block, ...]:
    """The blocks of the HTML in reading order, empty ones left out; never raises, whatever the string holds."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    source = html.replace("\x00", "").encode("utf-8", "replace")
    root = etree.fromstring(b"<html><body>" + source + b"</body></html>", parser)
    reader = _Reader()
    if root is not None:
        # Not recursive: a hostile text may be nested more deeply than Python's stack.
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                reader.start(str(element.tag), element.text)
            else:
                reader.end(str(element.tag), element.tail)
    return tuple(reader.blocks)


class _Reader:
    """Gathers text while elements open and close."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._open = ["body"]
        self._hidden = 0
        self._code = 0
        self._text: list[str] = []
        self._prose: list[str] = []

    def start(self, tag: str, text: str | None) -> None:
        if tag in _BLOCKS:
            self._flush()
            self._open.append(tag)
        self._hidden += tag in _HIDDEN
        self._code += tag in _CODE
        if tag == "br":
            self._gather(" ")
        self._gather(text)

    def end(self, tag: str, tail: str | None) -> None:
        if tag in _BLOCKS:
            self._flush()
            self._open.pop()
        self._hidden -= tag in _HIDDEN
        self._code -= tag in _CODE
        self._gather(tail)

    def _gather(self, text: str | None) -> None:
        if text and not self._hidden:
            self._text.append(text)
            # A gap stays where code stood, so that its neighbours don't grow together.
            self._prose.append(" " if self._code else text)

    def _flush(self) -> None:
        text, prose = (" ".join("".join(parts).split()) for parts in (self._text, self._prose))
        if text:
            self.blocks.append(Block(self._open[-1], text, prose))
        self._text.clear()
        self._prose.clear()


def heading_key(heading: str) -> str:
    """A heading made comparable: its words in lower case, without punctuation."""
    return " ".join(words_of(folded(heading)))


def without_sections(blocks: tuple[Block, ...], headings: tuple[str, ...]) -> tuple[Block, ...]:
    """The blocks without the sections that stand under one of `headings`, deeper sections included."""
    unwanted = {heading_key(heading) for heading in headings}
    kept: list[Block] = []
    dropping = 0
    for block in blocks:
        if block.level and (not dropping or block.level <= dropping):
            dropping = block.level if heading_key(block.text) in unwanted else 0
        if not dropping:
            kept.append(block)
    return tuple(kept)
