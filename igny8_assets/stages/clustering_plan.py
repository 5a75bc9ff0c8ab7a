"""The plan of stage 1: which new keyword goes to which cluster, decided over the whole site and stored."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.orm import Session

from igny8_assets.clustering.embedding import Embed
from igny8_assets.clustering.embedding import embed as embed_here
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import Keyword, KeywordStatus, PlannedMembership

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ORPHAN_GROUP = -1


@dataclass(frozen=True)
class _Known:
    """The keywords to place, those that clusters have, and the number of the next group."""

    unplanned: list[Row[Any]]
    mapped: list[Row[Any]]
    first_group: int


async def make_plan(tools: Tools) -> None:
    """Group the new keywords that no plan has yet, apart by sector and market, and store where each goes.

    What an earlier run planned and did not finish is kept and carried out first.

    Raises:
        StageAborted, BudgetReached: the service that compares the keywords gives no vectors.
    """
    known = await asyncio.to_thread(_read, tools.ticket)
    embed: Embed = embed_here
    if known.unplanned and tools.engine.provider.embedding_model is not None:
        texts = list(dict.fromkeys(row.normalised for row in (*known.unplanned, *known.mapped)))
        embed = _looked_up(texts, await tools.embed(texts))
    rows = await asyncio.to_thread(_group, tools.ticket.site.id, known, embed)
    await asyncio.to_thread(_store, tools.ticket, rows)


def _read(ticket: RunTicket) -> _Known:
    site_id = ticket.site.id
    with ticket.store.read() as session:
        unplanned = _unplanned(session, site_id)
        mapped = _mapped(session, site_id) if unplanned else []
        planned = session.scalar(
            select(func.max(PlannedMembership.group_number)).where(PlannedMembership.site_id == site_id)
        )
    return _Known(unplanned, mapped, max(planned if planned is not None else -1, -1) + 1)


def _looked_up(texts: Sequence[str], vectors: "NDArray[np.float32]") -> Embed:
    places = {text: place for place, text in enumerate(texts)}

    def embed(wanted: Sequence[str]) -> "NDArray[np.float32]":
        found: NDArray[np.float32] = vectors[[places[text] for text in wanted]]
        return found

    return embed


def _store(ticket: RunTicket, rows: list[dict[str, Any]]) -> None:
    site_id = ticket.site.id
    with ticket.store.write() as session:
        ticket.hold_lease(session)
        stale = select(Keyword.id).where(Keyword.site_id == site_id, Keyword.status != KeywordStatus.NEW)
        session.execute(
            delete(PlannedMembership).where(
                PlannedMembership.site_id == site_id, PlannedMembership.keyword_id.in_(stale)
            )
        )
        if rows:
            session.execute(insert(PlannedMembership), rows)


def _unplanned(session: Session, site_id: int) -> list[Row[Any]]:
    return list(
        session.execute(
            select(Keyword.id, Keyword.normalised, Keyword.volume, Keyword.sector_id, Keyword.market)
            .outerjoin(PlannedMembership, PlannedMembership.keyword_id == Keyword.id)
            .where(
                Keyword.site_id == site_id,
                Keyword.status == KeywordStatus.NEW,
                PlannedMembership.keyword_id.is_(None),
            )
        )
    )


def _mapped(session: Session, site_id: int) -> list[Row[Any]]:
    return list(
        session.execute(
            select(Keyword.cluster_id, Keyword.normalised, Keyword.sector_id, Keyword.market)
            .where(Keyword.site_id == site_id, Keyword.status == KeywordStatus.MAPPED)
            .order_by(Keyword.cluster_id, Keyword.normalised)
        )
    )


def _group(site_id: int, known: _Known, embed: Embed) -> list[dict[str, Any]]:
    from igny8_assets.clustering.grouping import ExistingCluster, KeywordToGroup, group_keywords

    keywords: dict[tuple[int, str], list[KeywordToGroup]] = defaultdict(list)
    for row in known.unplanned:
        keywords[row.sector_id, row.market].append(KeywordToGroup(row.id, row.normalised, row.volume or 0))
    texts: dict[tuple[int, str], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in known.mapped:
        texts[row.sector_id, row.market][row.cluster_id].append(row.normalised)
    planned: list[dict[str, Any]] = []
    number = known.first_group
    for area in sorted(keywords):
        clusters = [ExistingCluster(id_, tuple(members)) for id_, members in sorted(texts[area].items())]
        grouping = group_keywords(keywords[area], clusters, embed=embed)
        volumes = {keyword.id: keyword.volume for keyword in keywords[area]}
        joins: dict[int, list[int]] = defaultdict(list)
        for keyword_id, cluster_id in grouping.joins.items():
            joins[cluster_id].append(keyword_id)
        for cluster_id, members in sorted(joins.items()):
            planned += _memberships(site_id, number, members, cluster_id)
            number += 1
        for group in sorted(grouping.groups, key=lambda group: -sum(volumes[member] for member in group)):
            planned += _memberships(site_id, number, group, None)
            number += 1
        planned += _memberships(site_id, ORPHAN_GROUP, grouping.orphans, None)
    return planned


def _memberships(site_id: int, group: int, members: Iterable[int], cluster_id: int | None) -> list[dict[str, Any]]:
    return [
        {
            "site_id": site_id,
            "keyword_id": keyword_id,
            "group_number": group,
            "position": position,
            "cluster_id": cluster_id,
        }
        for position, keyword_id in enumerate(members)
    ]
