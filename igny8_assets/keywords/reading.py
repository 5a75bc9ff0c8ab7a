"""The one entry to keyword exports: a file becomes keywords, rejects, and figures that add up."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from igny8_assets.errors import UserError
from igny8_assets.keywords.columns import typed_rows
from igny8_assets.keywords.containers import Sheet, open_export
from igny8_assets.keywords.decoding import TextSource
from igny8_assets.keywords.gathering import Gathering, Reject
from igny8_assets.keywords.intents import LABELS
from igny8_assets.keywords.layouts import PLAIN_LIST
from igny8_assets.keywords.merging import KINDS, merge
from igny8_assets.keywords.rows import gather_sheet, gather_text
from igny8_assets.keywords.tables import Table, table_in_sheet, table_in_text

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Export:
    """A keyword export that was read; `rows == len(keywords) + merged + len(rejects)`.

    Attributes:
        layout: which export it is, e.g. "Semrush Keyword Magic".
        rows: rows with data, blank ones not counted.
        keywords: one row per keyword, in the order of the file. Missing texts are None, missing numbers pandas.NA:
            text (as shown, at most 200 characters), normalised (decides what is the same keyword),
            volume (monthly searches; in Search Console's export impressions),
            volume_kind ("exact", "estimate", "impressions", or None without a volume),
            difficulty (0-100), cpc_millis (thousandths of the export's currency),
            intents (sorted labels joined by commas, "" if none), market (lower-case country code or None),
            parent (the topic or parent keyword), url (the page that ranks),
            line (counted from 1; of a workbook the row).
        rejects: rows that cannot be read: line, text (shortened), reason.
        merged: rows that were the same keyword as another one of the file.
    """

    layout: str
    rows: int
    keywords: "pd.DataFrame"
    rejects: "pd.DataFrame"
    merged: int


def read_export(path: Path, market: str | None = None) -> Export:
    """Read a keyword export of any known tool, or a plain list, whatever its encoding, separator or file name.

    A number that cannot be read is unknown and its keyword stays; a row without a usable keyword is a reject.

    Args:
        path: the export.
        market: what rows have that don't name a market; the same keyword there and here is one keyword.

    Raises:
        UserError: the file as a whole cannot be read (missing, binary, empty, no keyword column, no rows).
    """
    contents = open_export(path)
    gathering, table = _gather(path.name, contents)
    if not gathering.texts and not gathering.rejects:
        raise UserError(f"{path.name} has a header ({table.header.layout}) but no rows; export it again with keywords")
    if not gathering.texts and table.header.layout == PLAIN_LIST:
        first = gathering.rejects[0]
        raise UserError(
            f"{path.name} has no line that is a keyword (line {first.line}: {first.reason}); "
            "give a list with one keyword a line or a CSV with a keyword column"
        )
    rows = len(gathering.texts) + len(gathering.rejects)
    keywords, merged = merge(typed_rows(gathering, table, market or ""))
    return Export(table.header.layout, rows, _presented(keywords), _reject_table(gathering.rejects), merged)


def _gather(name: str, contents: list[TextSource] | list[Sheet]) -> tuple[Gathering, Table]:
    """Read the content with the most certain header; the first one if several are equally certain."""
    tables: list[tuple[Table, TextSource | Sheet]] = []
    problem: UserError | None = None
    for content in contents:
        try:
            table = table_in_sheet(name, content) if isinstance(content, Sheet) else table_in_text(content)
        except UserError as error:
            problem = problem or error
        else:
            tables.append((table, content))
    if not tables:
        raise problem or UserError(f"{name} holds no table; export the keywords again")
    table, content = min(tables, key=lambda each: each[0].header.rank)
    return gather_sheet(content, table) if isinstance(content, Sheet) else gather_text(content, table), table


def _presented(rows: "pd.DataFrame") -> "pd.DataFrame":
    import numpy as np
    import pandas as pd

    kinds = np.array([*KINDS, None], dtype=object)[rows["kind"].fillna(len(KINDS)).to_numpy(dtype=int)]
    intents = np.array(LABELS, dtype=object)[rows["bits"].to_numpy(dtype=int)]
    presented = {
        "text": rows["text"],
        "normalised": rows["normalised"],
        "volume": rows["volume"],
        "volume_kind": pd.Series(kinds, dtype=object),
        "difficulty": rows["difficulty"],
        "cpc_millis": rows["cpc_millis"],
        "intents": pd.Series(intents, dtype=object),
        "market": _none_where(rows["market"], rows["market"] == ""),
        "parent": _none_where(rows["parent"], rows["parent"].isna()),
        "url": _none_where(rows["url"], rows["url"].isna()),
        "line": rows["line"],
    }
    return pd.DataFrame(presented, copy=False)


def _none_where(column: "pd.Series[Any]", missing: "pd.Series[bool]") -> "pd.Series[Any]":
    """Return the column as objects with None where it is missing; merging may have left other marks."""
    import pandas as pd

    cells = column.to_numpy(dtype=object, copy=True)
    cells[missing.to_numpy()] = None
    return pd.Series(cells, dtype=object)


def _reject_table(rejects: list[Reject]) -> "pd.DataFrame":
    import pandas as pd

    table = pd.DataFrame(sorted(rejects), columns=list(Reject._fields), dtype=object)
    return table.astype({"line": "int64"})
