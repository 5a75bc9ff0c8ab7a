"""The rows of a table with a `url` column, and the lines of a text that has an address on each."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from igny8_assets.errors import UserError
from igny8_assets.pages.fetching import is_address

SEPARATORS = ",;\t"
_COLUMNS = {
    "url": ("url", "address", "loc", "page", "permalink", "link"),
    "title": ("title", "title 1", "page title", "meta title", "post_title", "name"),
    "keyphrase": ("keyphrase", "focus keyphrase", "keyword", "focus keyword", "target keyword"),
}


@dataclass(frozen=True)
class Row:
    """A row as it stands in its source; `fault` says why it can't be read."""

    place: str
    url: str | None
    title: str = ""
    keyphrase: str = ""
    fault: str | None = None


def read_text(source: str, text: str) -> Iterator[Row]:
    """Read the rows of a text.

    Raises:
        UserError: it has neither a column of addresses nor an address on each line.
    """
    if "\0" in text[: 1 << 16]:
        raise UserError(f"{source} is not a text; save it as a CSV with a column `url`, or name a sitemap")
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    if not first:
        raise UserError(f"{source} is empty; name a sitemap, or a CSV with a column `url`")
    if is_address(first) and not any(sign in first for sign in SEPARATORS):
        return _lines(text)
    return _table(source, text, first)


def _lines(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield Row(f"line {number}", line.strip())


def _table(source: str, text: str, first: str) -> Iterator[Row]:
    separator = max(SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    header = [cell.strip().casefold() for cell in next((row for row in _readable(rows) if row and any(row)), [])]
    columns = {
        field: next((header.index(name) for name in names if name in header), None) for field, names in _COLUMNS.items()
    }
    if columns["url"] is None:
        raise UserError(
            f"{source} is neither a sitemap nor a table with a column `url` (and `title` and `keyphrase`, if known); "
            "its first line names the columns"
        )
    for row in _readable(rows):
        place = f"line {rows.line_num}"
        if row is None:
            yield Row(place, None, fault=f"a cell has more than {csv.field_size_limit():,} characters")
        elif any(cell.strip() for cell in row):
            url, title, keyphrase = (
                row[number].strip() if number is not None and number < len(row) else "" for number in columns.values()
            )
            yield Row(place, url, title, keyphrase)


def _readable(rows: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """The rows, and None for each that can't be read; the reader goes on with the next line."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield None
