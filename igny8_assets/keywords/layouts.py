"""The exports that are known, by the headers that only they have, and what each column is for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from igny8_assets.keywords.normalising import normalise
from igny8_assets.vocabulary import Intent

PLAIN_LIST = "Plain list"
ANY_CSV = "CSV with a keyword column"
KEYWORD_PLANNER = "Google Keyword Planner"
STRATEGY_BUILDER = "Semrush Strategy Builder"

_QUERIES = (
    *("top queries", "query", "queries"),
    *("häufigste suchanfragen", "requêtes les plus fréquentes", "consultas principales"),
    *("query principali", "principais consultas", "populairste zoekopdrachten"),
)
_IMPRESSIONS = ("impressions", "impressionen", "impresiones", "impressioni", "impressões", "vertoningen")
_PLANNER_VOLUMES = ("avg. monthly searches", "average monthly searches", "durchschn. suchanfragen pro monat")

# Competition (about ads), Global volume (all markets) and change columns are in no role, on purpose.
_ROLES: dict[str, tuple[str, ...]] = {
    "keyword": ("keyword", "keywords", *_QUERIES, "search term", "search terms", "term", "terms"),
    "volume": ("volume", "search volume", *_PLANNER_VOLUMES, "monthly searches", "monthly volume"),
    "impressions": _IMPRESSIONS,
    "difficulty": ("keyword difficulty", "difficulty", "kd", "kd %", "keyword difficulty index", "seo difficulty"),
    "cpc": ("cpc", "cost per click"),
    "intents": ("intent", "intents", "keyword intents", "keyword intent", "search intent"),
    "market": ("country", "database", "market", "country code"),
    "parent": ("parent keyword", "parent topic", "topic", "seed keyword"),
    "url": ("url", "current url", "landing page"),
    "position": ("position", "current position"),
    **{intent.value: (intent.value,) for intent in Intent},
}


@dataclass(frozen=True)
class Header:
    """The header row of a table: which export it is and where its columns are.

    `columns` maps a role (`keyword`, `volume` …) to the place of its column, counted from 0; `width` is the number of
    columns; `rank` is lower for a more certain layout.
    """

    layout: str
    columns: dict[str, int]
    width: int
    rank: int


WIDE_PARENTS = frozenset({STRATEGY_BUILDER})
"""Layouts whose parents are topics, far wider than what one page answers."""

# Every group must have one of its headers in the file; the first layout that fits is the one.
_LAYOUTS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    (KEYWORD_PLANNER, (("keyword",), _PLANNER_VOLUMES)),
    ("Ahrefs Organic keywords", (("keyword",), ("kd",), ("current position", "current url"))),
    (
        "Ahrefs Keywords Explorer",
        (("keyword",), ("difficulty",), ("volume",), ("parent keyword", "parent topic", "cps", "traffic potential")),
    ),
    ("Semrush API", (("keyword",), ("search volume",), ("keyword difficulty index",))),
    (STRATEGY_BUILDER, (("keyword",), ("seed keyword",), ("topic", "page", "page type"))),
    (
        "Semrush Organic Positions",
        (("keyword",), ("position",), ("search volume",), ("previous position", "keyword intents", "url")),
    ),
    (
        "Semrush Keyword Magic",
        (
            ("keyword",),
            ("volume",),
            ("keyword difficulty",),
            ("competitive density", "number of results", "serp features"),
        ),
    ),
    ("Google Search Console", ((*_QUERIES,), _IMPRESSIONS)),
)


def recognise(cells: Sequence[str], *, first: bool) -> Header | None:
    """Read a row as the header row of an export, or return nothing if it is none.

    Args:
        cells: the row.
        first: whether it is the first row of the file. Further down a row must name at least two columns, so that the
            word "keyword" among keywords is not taken for a header.
    """
    names = [header_name(cell) for cell in cells]
    columns = {
        role: names.index(name)
        for role, wanted in _ROLES.items()
        for name in [next((name for name in wanted if name in names), None)]
        if name is not None
    }
    if "keyword" not in columns:
        return None
    present = set(names)
    for rank, (layout, groups) in enumerate(_LAYOUTS):
        if all(present.intersection(group) for group in groups):
            return Header(layout, columns, len(cells), rank)
    if not first and len(columns) < 2:
        return None
    return Header(ANY_CSV, columns, len(cells), len(_LAYOUTS))


def header_name(cell: str) -> str:
    """Return a header in the form that is compared: `CPC (USD)` is `cpc`, `search_volume` is `search volume`."""
    return re.sub(r"\s*\([^)]*\)$", "", normalise(cell).replace("_", " "))
