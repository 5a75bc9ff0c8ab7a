"""Where the table of keywords begins in a file, and what separates its columns."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from igny8_assets.errors import UserError
from igny8_assets.keywords.containers import Sheet
from igny8_assets.keywords.decoding import TextSource
from igny8_assets.keywords.layouts import PLAIN_LIST, Header, recognise
from igny8_assets.keywords.normalising import shown

_SEPARATORS = (",", "\t", ";")
_HEADER_WITHIN = 50
_LONGEST_NAME = 30
_NAMES_SHOWN = 10


@dataclass(frozen=True)
class Table:
    """The table in a file: `skip` lines (of a sheet: rows) stand before its first row, the header among them.

    Without a separator a line is a keyword.
    """

    header: Header
    separator: str | None
    skip: int


_PLAIN = Table(Header(PLAIN_LIST, {"keyword": 0}, 1, rank=99), None, 0)


def table_in_text(source: TextSource) -> Table:
    """Find the table of a text by its header row, which may stand below a few other lines.

    Raises:
        UserError: the text has several columns and none is known to hold keywords.
    """
    with closing(source.open()) as text:
        lines = list(islice(text, _HEADER_WITHIN))
    found = []
    for separator in _SEPARATORS:
        table = _first_header(_parse(lines, separator), separator)
        if table is not None:
            found.append(table)
    if found:
        best = min(found, key=lambda table: (table.header.rank, -table.header.width))
        return best if best.header.width > 1 else Table(best.header, None, best.skip)
    filled = [line for line in lines if line.strip()]
    for separator in _SEPARATORS:
        if _is_column_separator(filled, separator):
            raise _no_keyword_column(source.name, next(csv.reader(filled[:1], delimiter=separator)))
    return _PLAIN


def table_in_sheet(name: str, sheet: Sheet) -> Table:
    """Find the table of a sheet as `table_in_text` does; `name` is the file's name for messages.

    Raises:
        UserError: the sheet has several columns and none is known to hold keywords, or it is empty.
    """
    rows = list(islice(sheet.rows(), _HEADER_WITHIN))
    table = _first_header(((row, number) for number, row in enumerate(rows, 1)), separator=",")
    if table is not None:
        return table
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise UserError(f"{name} has an empty sheet; export the keywords again")
    if any(cell.strip() for row in filled for cell in row[1:]):
        raise _no_keyword_column(name, filled[0])
    return _PLAIN


def _parse(lines: Sequence[str], separator: str) -> Iterable[tuple[list[str], int]]:
    """Yield rows and the number of the line on which each ends."""
    reader = csv.reader(lines, delimiter=separator)
    try:
        for row in reader:
            yield row, reader.line_num
    except csv.Error:
        # A line of this kind is dealt with when the rows are read; it is no header.
        return


def _first_header(rows: Iterable[tuple[list[str], int]], separator: str) -> Table | None:
    best: Table | None = None
    first = True
    for row, line in rows:
        if not any(cell.strip() for cell in row):
            continue
        header = recognise(row, first=first)
        first = False
        if header is not None and (best is None or header.rank < best.header.rank):
            best = Table(header, separator, line)
    return best


def _is_column_separator(lines: Sequence[str], separator: str) -> bool:
    """Say whether every line has the same number of columns; a comma before a space is taken for punctuation."""
    rows = [row for row, _ in _parse(lines, separator)]
    if separator == "," and any(cell.startswith(" ") for row in rows for cell in row):
        return False
    widths = {len(row) for row in rows}
    return len(widths) == 1 and widths.pop() > 1


def _no_keyword_column(name: str, cells: Sequence[str]) -> UserError:
    names = [shown(cell)[:_LONGEST_NAME] for cell in cells if cell.strip()]
    listed = ", ".join(f'"{each}"' for each in names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
    return UserError(
        f'{name} has no column that is known to hold keywords (its first row is {listed}); name that column "keyword"'
    )
