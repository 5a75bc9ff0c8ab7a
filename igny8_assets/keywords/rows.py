"""The rows of a table, read by pandas when the file is sound and line by line when it is not."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from io import TextIOBase
from itertools import islice
from typing import TextIO

from igny8_assets.keywords.containers import Sheet
from igny8_assets.keywords.decoding import TextSource
from igny8_assets.keywords.gathering import Gathering, Reject
from igny8_assets.keywords.normalising import shown
from igny8_assets.keywords.tables import Table

_CHUNK = 100_000
_BATCH = 10_000
_UNCLOSED = "a quotation mark opens a cell and is not closed"

Row = tuple[int, list[str]]
"""A row and the line on which it begins, counted from 1."""


def gather_text(source: TextSource, table: Table) -> Gathering:
    """Read all rows of a text; the ones that cannot be read become rejects."""
    if table.separator is not None:
        quick = _gather_quickly(source, table)
        if quick is not None:
            return quick
    gathering = Gathering(list(table.header.columns))
    with closing(source.open()) as text:
        if table.separator is None:
            _gather_rows(_lines_as_rows(text, table.skip), table, gathering)
        else:
            _gather_rows(_records(text, table, gathering), table, gathering)
    return gathering


def gather_sheet(sheet: Sheet, table: Table) -> Gathering:
    """Read all rows of a sheet; the ones that cannot be read become rejects."""
    gathering = Gathering(list(table.header.columns))
    rows = islice(enumerate(sheet.rows(), 1), table.skip, None)
    _gather_rows(rows, table, gathering)
    return gathering


class _Needy(Exception):
    """The file has to be read line by line."""


class _Counted(TextIOBase):
    """A text behind a header row that is made up, with its lines counted as they pass."""

    def __init__(self, text: TextIO, header: str) -> None:
        self._text = text
        self._header = header
        self._last = "\n"
        self.lines = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        if self._header:
            header, self._header = self._header, ""
            return header
        block = self._text.read(-1 if size is None else size)
        if "\0" in block:
            # The C engine ends a cell there.
            raise _Needy
        self.lines += block.count("\n")
        if block:
            self._last = block[-1]
        elif self._last != "\n":
            # The last line may lack its line feed.
            self.lines += 1
            self._last = "\n"
        return block


def _gather_quickly(source: TextSource, table: Table) -> Gathering | None:
    """Read the rows by the C engine of pandas, or return nothing for a file that it could misread.

    Such a file holds a NUL, or more lines than rows: a cell goes over several lines, or a quotation mark is not closed.
    """
    import numpy as np
    import pandas as pd

    header, separator = table.header, str(table.separator)
    # One column more than there are: what stands there is one cell too many.
    surplus = str(header.width)
    made_up = separator.join(str(place) for place in range(header.width + 1)) + "\n"
    gathering = Gathering(list(header.columns))
    doubtful: list[int] = []
    with closing(source.open()) as text:
        for _ in range(table.skip):
            text.readline()
        counted = _Counted(text, made_up)
        line = table.skip + 1
        try:
            for chunk in pd.read_csv(
                counted,
                sep=separator,
                usecols=[*sorted(set(header.columns.values())), header.width],
                index_col=False,
                dtype=object,
                na_filter=False,
                skip_blank_lines=False,
                engine="c",
                low_memory=False,
                chunksize=_CHUNK,
            ):
                columns = {role: chunk[str(place)].to_numpy() for role, place in header.columns.items()}
                lines: Sequence[int] = range(line, line + len(chunk))
                line += len(chunk)
                odd = chunk[surplus].to_numpy() != ""
                strange = [not cell or cell.isspace() or separator in cell for cell in columns["keyword"]]
                odd |= np.array(strange, dtype=bool)
                if odd.any():
                    numbers = np.asarray(lines)
                    doubtful.extend(numbers[odd].tolist())
                    lines = numbers[~odd].tolist()
                    columns = {role: cells[~odd] for role, cells in columns.items()}
                gathering.add(lines, {role: cells.tolist() for role, cells in columns.items()})
        except (pd.errors.ParserError, pd.errors.EmptyDataError, _Needy):
            return None
        if line - table.skip - 1 != counted.lines:
            return None
    if doubtful:
        with closing(source.open()) as text:
            _gather_rows(_picked(text, doubtful, table, gathering), table, gathering)
    return gathering


def _picked(text: TextIO, numbers: Iterable[int], table: Table, gathering: Gathering) -> Iterator[Row]:
    """Yield the rows on some lines, each a row by itself."""
    wanted = set(numbers)
    for number, line in enumerate(text, 1):
        if number in wanted:
            yield from _lone_row(number, line, table, gathering)


def _lone_row(number: int, line: str, table: Table, gathering: Gathering) -> Iterator[Row]:
    """Read a line leniently, as the C engine does: `"a"b` is a cell, unless it swallowed other cells."""
    separator = str(table.separator)
    try:
        row = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        gathering.rejects.append(Reject(number, shown(line), "a cell is too long"))
        return
    keyword = table.header.columns["keyword"]
    if len(row) > keyword and separator in row[keyword] and not _is_well_quoted(line, separator):
        gathering.rejects.append(Reject(number, shown(line), _UNCLOSED))
    else:
        yield number, row


def _is_well_quoted(line: str, separator: str) -> bool:
    try:
        next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return False
    return True


def _lines_as_rows(text: TextIO, skip: int) -> Iterator[Row]:
    for number, line in islice(enumerate(text, 1), skip, None):
        cell = line.strip()
        if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', ""):
            cell = cell[1:-1].replace('""', '"')
        yield number, [cell]


class _Lines:
    """The lines of a text, from which those of a broken row can be given back."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = iter(text)
        self._returned: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._text)
        self.taken.append(line)
        return line

    def give_back_all_but_first(self) -> None:
        self._returned.extendleft(reversed(self.taken[1:]))


def _records(text: TextIO, table: Table, gathering: Gathering) -> Iterator[Row]:
    """Yield the rows of a CSV that needs care; a row whose quotation mark is not closed costs its own line only."""
    lines = _Lines(islice(text, table.skip, None))
    number = table.skip + 1
    reader = csv.reader(lines, delimiter=str(table.separator), strict=True)
    while True:
        lines.taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            first, closed = lines.taken[0], len(lines.taken) == 1 and "unexpected end" not in str(error)
            lines.give_back_all_but_first()
            reader = csv.reader(lines, delimiter=str(table.separator), strict=True)
            if closed:
                yield from _lone_row(number, first, table, gathering)
            else:
                gathering.rejects.append(Reject(number, shown(first), _UNCLOSED))
            number += 1
        else:
            yield number, row
            number += len(lines.taken)


def _gather_rows(rows: Iterable[Row], table: Table, gathering: Gathering) -> None:
    width, keyword = table.header.width, table.header.columns["keyword"]
    batch: list[Row] = []
    for number, row in rows:
        if not any(map(str.strip, row)):
            continue
        surplus = len(row) - width
        if "\0" in "".join(row):
            gathering.rejects.append(Reject(number, _joined(row, table), "control characters in the row"))
        elif surplus > 0 and row[width].strip():
            reason = f"{surplus} column{'s' * (surplus > 1)} too many"
            gathering.rejects.append(Reject(number, _joined(row, table), reason))
        elif len(row) <= keyword or not row[keyword].strip():
            gathering.rejects.append(Reject(number, _joined(row, table), "the keyword is empty"))
        else:
            batch.append((number, row + [""] * -surplus))
        if len(batch) == _BATCH:
            _add(batch, table, gathering)
            batch = []
    if batch:
        _add(batch, table, gathering)


def _add(batch: Sequence[Row], table: Table, gathering: Gathering) -> None:
    gathering.add(
        [number for number, _ in batch],
        {role: [row[place] for _, row in batch] for role, place in table.header.columns.items()},
    )


def _joined(row: Sequence[str], table: Table) -> str:
    return shown((table.separator or " ").join(row))
