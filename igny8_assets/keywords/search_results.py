"""Files of search results: for each keyword the pages that a search engine shows first."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from igny8_assets.errors import UserError
from igny8_assets.keywords.containers import Sheet, open_export
from igny8_assets.keywords.decoding import TextSource
from igny8_assets.keywords.layouts import header_name
from igny8_assets.keywords.normalising import fault, normalise
from igny8_assets.vocabulary import RESULTS

_KEYWORDS = frozenset({"keyword", "keywords", "query", "search term", "search query"})
_POSITIONS = frozenset({"position", "rank", "pos", "absolute position", "rank absolute"})
_RESULT = re.compile(
    r"((result|ranking|landing|serp|organic|top) )?(url|link|page|result|address)s?( ?#?\d+)?|#?\d{1,2}"
)
_HEADER_WITHIN = 50
_SEPARATORS = (",", "\t", ";")
_BETWEEN_URLS = re.compile(r"[\s|]+")


@dataclass(frozen=True)
class SearchResults:
    """By normalised keyword its first URLs, at most `RESULTS`, each once; and the rows that were of no use.

    `first_unused` is the line of the first of those (of a workbook the row), counted from 1, and why.
    """

    urls: dict[str, list[str]]
    unused: int
    first_unused: tuple[int, str] | None

    def left_out(self) -> str | None:
        """A line that tells how many rows were left out, if any were."""
        if self.first_unused is None:
            return None
        line, reason = self.first_unused
        rows = "1 row" if self.unused == 1 else f"{self.unused:,} rows"
        return f"left out {rows} that can't be used; the first is line {line}: {reason}"


def read_search_results(path: Path) -> SearchResults:
    """Read which pages rank for keywords.

    A row holds a keyword and its results, in several columns or in one with spaces or `|` between them; or a result
    each, in which case a column with positions decides their order, or without one the order of the rows.

    Raises:
        UserError: the file can't be read, or has no such columns; says what to give.
    """
    found: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
    unused: list[tuple[int, str]] = []
    for content in open_export(path):
        for rows in _tables(content):
            columns = _header(rows)
            if columns is None:
                continue
            keyword, results, position = columns
            for number, (line, row) in enumerate(rows):
                cells = dict(enumerate(row))
                text = cells.get(keyword, "")
                if not any(cell.strip() for cell in row):
                    continue
                if reason := fault(text):
                    unused.append((line, reason))
                    continue
                place = _number(cells.get(position, "") if position is not None else "")
                urls = [url for column in results for url in _BETWEEN_URLS.split(cells.get(column, "")) if "." in url]
                if not urls:
                    unused.append((line, "it names no page"))
                found[normalise(text)] += [(place, number * 100 + at, url) for at, url in enumerate(urls)]
            break
        if found:
            break
    answer = {
        keyword: list(dict.fromkeys(url for *_, url in sorted(urls)))[:RESULTS]
        for keyword, urls in found.items()
        if urls
    }
    if not answer:
        raise UserError(
            f"{path.name} has no search results; give a table with a column keyword and one named url, "
            "a row for each result, or ten columns url 1 to url 10"
        )
    return SearchResults(answer, len(unused), min(unused, default=None))


def _tables(content: TextSource | Sheet) -> Iterator[Iterator[tuple[int, Sequence[str]]]]:
    """The rows, each with the number of its line."""
    if isinstance(content, Sheet):
        yield enumerate(content.rows(), start=1)
        return
    for separator in _SEPARATORS:
        with closing(content.open()) as text:
            reader = csv.reader(text, delimiter=separator)
            yield ((reader.line_num, row) for row in reader)


def _header(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[int, list[int], int | None] | None:
    """The columns of the keyword, of results and of positions, read up to the header; none if there is no header."""
    for _, row in islice(rows, _HEADER_WITHIN):
        names = [header_name(cell) for cell in row]
        keyword = next((at for at, name in enumerate(names) if name in _KEYWORDS), None)
        results = [at for at, name in enumerate(names) if _RESULT.fullmatch(name)]
        if keyword is not None and results:
            return keyword, results, next((at for at, name in enumerate(names) if name in _POSITIONS), None)
    return None


def _number(cell: str) -> float:
    """A position; what is none comes last."""
    try:
        return float(cell.strip())
    except ValueError:
        return float("inf")
