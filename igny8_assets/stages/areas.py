"""A site's keywords as they are grouped: apart by sector and market."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import case, select

from igny8_assets.clustering.bounds import intent_bits
from igny8_assets.clustering.grouping import KeywordToGroup
from igny8_assets.keywords.layouts import WIDE_PARENTS
from igny8_assets.store.models import Keyword, KeywordFile

Area = tuple[int, str]
"""A sector and a market; keywords of two are never together."""

_OF_WIDE_PARENTS = select(KeywordFile.id).where(KeywordFile.layout.in_(WIDE_PARENTS))
COLUMNS_TO_GROUP: tuple[Any, ...] = (
    Keyword.id,
    Keyword.normalised,
    Keyword.volume,
    Keyword.cluster_id,
    Keyword.intents,
    case((Keyword.file_id.in_(_OF_WIDE_PARENTS), None), else_=Keyword.parent),
    Keyword.url,
    Keyword.ranking_urls,
    Keyword.sector_id,
    Keyword.market,
)
"""What is read of keywords that are to be grouped."""


def keywords_to_group(rows: Iterable[Sequence[Any]]) -> dict[Area, list[KeywordToGroup]]:
    """Rows of `COLUMNS_TO_GROUP`, by area."""
    bits = {"": intent_bits(())}
    areas: dict[Area, list[KeywordToGroup]] = defaultdict(list)
    for id_, text, volume, cluster_id, intents, parent, page, results, sector_id, market in rows:
        if intents not in bits:
            bits[intents] = intent_bits(intents.split(","))
        areas[sector_id, market].append(
            KeywordToGroup(id_, text, volume or 0, cluster_id, bits[intents], parent, page, tuple(results or ()))
        )
    return areas
