"""Many keywords into a table at once, in the quickest way that each database has."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    import pandas as pd

Fixed = Mapping[str, int | str]
"""What all rows have in common, by column."""

# Small enough that the server and this process work at the same time.
_BLOCK = 2000
# SQLite runs an insert of many rows in half the time; older versions allow 999 values in a statement.
_ROWS_PER_INSERT = 50
_NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Rows:
    """The keywords of an export as rows of a table; `len()` is their number.

    They come in the order of the table's unique index, which then grows at its end instead of everywhere.

    Attributes:
        columns: the names that the columns have in the table.
    """

    def __init__(self, keywords: "pd.DataFrame") -> None:
        """Take `Export.keywords`, in which every row has its market."""
        import numpy as np

        markets, texts = keywords["market"].tolist(), keywords["normalised"].tolist()
        order = sorted(range(len(texts)), key=texts.__getitem__)
        if len(set(markets)) > 1:
            order.sort(key=markets.__getitem__)
        self._order = np.fromiter(order, dtype=np.int64, count=len(order))
        self._keywords = keywords.rename(columns={"line": "file_line"})
        self.columns = tuple(self._keywords.columns)

    def __len__(self) -> int:
        return len(self._order)

    def blocks(self) -> Iterator[list[list[Any]]]:
        """Yield all rows, some at a time: a list per column of texts, whole numbers and None."""
        cells = [self._keywords[name].array for name in self.columns]
        for start in range(0, len(self), _BLOCK):
            places = self._order[start : start + _BLOCK]
            yield [column.take(places).to_numpy(dtype=object, na_value=None).tolist() for column in cells]


def write_rows(session: Session, table: str, rows: Rows, fixed: Fixed | None = None) -> None:
    """Write all rows to a table in the session's transaction.

    Args:
        table: its name.
        rows: what is written.
        fixed: what stands in further columns of the table.
    """
    fixed = fixed or {}
    into = f"{table} ({', '.join((*fixed, *rows.columns))})"
    connection: Any = session.connection().connection.driver_connection
    if session.get_bind().dialect.name == "sqlite":
        for block in rows.blocks():
            _insert(connection, into, block, tuple(fixed.values()))
        return
    with connection.cursor() as cursor:
        cursor.copy_expert(f"copy {into} from stdin", _CopyFile(rows, fixed))


def _insert(connection: Any, into: str, block: Sequence[Sequence[Any]], fixed: tuple[int | str, ...]) -> None:
    """Insert some rows into SQLite; the fixed values are bound once per statement."""
    marks = ", ".join((*(f"?{place}" for place in range(1, len(fixed) + 1)), *("?" * len(block))))
    cells = chain.from_iterable(zip(*block, strict=True))
    statements, rest = divmod(len(block[0]), _ROWS_PER_INSERT)
    for times, rows in ((statements, _ROWS_PER_INSERT), (1, rest)):
        if times and rows:
            statement = f"insert into {into} values ({'), ('.join([marks] * rows)})"  # noqa: S608 - our own names
            connection.executemany(statement, ((*fixed, *islice(cells, rows * len(block))) for _ in range(times)))


class _CopyFile:
    """Rows as a file in the text format of COPY, written while the server works on what it has."""

    def __init__(self, rows: Rows, fixed: Fixed) -> None:
        self._start = "".join(f"{cell}\t" for cell in _cells([*fixed.values()]))
        self._blocks = rows.blocks()

    def read(self, _size: int) -> str:
        """Return the next rows, however long they are, and nothing at the end."""
        block = next(self._blocks, None)
        if block is None:
            return ""
        lines = map("\t".join, zip(*map(_cells, block), strict=True))
        return self._start + f"\n{self._start}".join(lines) + "\n"


def _cells(values: Sequence[Any]) -> list[str]:
    try:
        joined = "".join(values)
    except TypeError:
        # Numbers, or something is missing.
        return [
            _NULL if value is None else value.translate(_ESCAPES) if isinstance(value, str) else str(value)
            for value in values
        ]
    # Hardly any text holds such a sign: one look at all together is much quicker than one at each.
    if any(chr(sign) in joined for sign in _ESCAPES):
        return [value.translate(_ESCAPES) for value in values]
    return list(values)
