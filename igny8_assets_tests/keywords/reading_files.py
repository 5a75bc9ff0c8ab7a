"""Files made for a test, and what was read from them in a form that is easy to compare."""

from pathlib import Path
from typing import Any

import pandas as pd

from igny8_assets.keywords.reading import Export, read_export


def read_bytes(folder: Path, content: bytes, name: str = "export.csv") -> Export:
    """Write `content` to a file and read it; the figures must add up."""
    path = folder / name
    path.write_bytes(content)
    export = read_export(path)
    assert export.rows == len(export.keywords) + export.merged + len(export.rejects)
    return export


def read_text(folder: Path, content: str, name: str = "export.csv") -> Export:
    """Write `content` as UTF-8 and read it."""
    return read_bytes(folder, content.encode(), name)


def row(export: Export, text: str) -> dict[str, Any]:
    """Return the keyword with this text as a dict, None for everything that is unknown."""
    found = export.keywords[export.keywords["text"] == text]
    assert len(found) == 1, export.keywords
    return {str(name): None if value is None or value is pd.NA else value for name, value in found.iloc[0].items()}


def values(export: Export, column: str) -> list[Any]:
    """Return a column as a list, None for everything that is unknown."""
    return [None if value is None or value is pd.NA else value for value in export.keywords[column].tolist()]


def rejected(export: Export) -> list[tuple[int, str]]:
    """Return line and reason of every reject."""
    return list(export.rejects[["line", "reason"]].itertuples(index=False, name=None))
