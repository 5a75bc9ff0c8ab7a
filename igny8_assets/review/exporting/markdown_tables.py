"""Tables in Markdown: one header row, every row as wide as the widest."""

from typing import TYPE_CHECKING

from igny8_assets.review.exporting.markdown_inline import inline, run_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CELLS = ("th", "td")
_WIDEST_SPAN = 50


def table(element: "HtmlElement") -> str:
    """The table, its caption before it; a cell over several columns or rows is written in its first, the rest empty."""
    rows = [row for row in element.iter("tr") if _table_of(row) is element]
    # In a browser the head is shown first and the foot last, wherever they stand.
    rows.sort(key=lambda row: {"thead": 0, "tfoot": 2}.get(_section(row), 1))
    grid = _grid(rows)
    if not grid:
        return ""
    has_head = _section(rows[0]) == "thead" or all(cell.tag == "th" for cell in rows[0] if cell.tag in _CELLS)
    head = grid[0] if has_head else [""] * len(grid[0])
    lines = [head, ["---"] * len(head), *grid[1 if has_head else 0 :]]
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    caption = element.find("caption")
    words = "" if caption is None else inline(run_of(caption), " ").strip(" ")
    return f"{words}\n\n{text}" if words else text


def _grid(rows: "list[HtmlElement]") -> list[list[str]]:
    grid: list[list[str]] = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        line: list[str] = []
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            while (number, len(line)) in taken:
                line.append("")
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            taken |= {(number + below, len(line) + beside) for below in range(1, height) for beside in range(width)}
            line += [_cell(cell), *[""] * (width - 1)]
        grid.append(line)
    widest = max((len(line) for line in grid), default=0)
    return [line + [""] * (widest - len(line)) for line in grid] if widest else []


def _cell(cell: "HtmlElement") -> str:
    """A cell on one line: its blocks apart by `<br>`."""
    parts: list[str] = []
    run: list[HtmlElement | str] = []
    for piece in run_of(cell):
        if isinstance(piece, str) or piece.tag in {"strong", "em", "code", "a", "img", "br"}:
            run.append(piece)
            continue
        parts += [inline(run, "<br>"), _cell(piece)]
        run = []
    parts.append(inline(run, "<br>"))
    return "<br>".join(text.strip(" ") for text in parts if text.strip(" "))


def _span(cell: "HtmlElement", name: str) -> int:
    value = cell.get(name, "1")
    return min(int(value), _WIDEST_SPAN) if value.isascii() and value.isdigit() and len(value) < 5 and int(value) else 1


def _table_of(row: "HtmlElement") -> "HtmlElement | None":
    return next(row.iterancestors("table"), None)


def _section(row: "HtmlElement") -> str:
    parent = row.getparent()
    return "" if parent is None else str(parent.tag)
