"""The plan of stage 1: which new keyword goes to which cluster, decided over the whole site and stored."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from igny8_assets.clustering.embedding import Embed
from igny8_assets.clustering.granularity import Cuts
from igny8_assets.clustering.grouping import Grouping, KeywordToGroup, Rules, group_keywords
from igny8_assets.clustering.reasons import WhyThere
from igny8_assets.clustering.said import Said, group_as_said
from igny8_assets.clustering.uncollected import uncollected
from igny8_assets.stages.areas import COLUMNS_TO_GROUP, Area, keywords_to_group
from igny8_assets.stages.groups_by_model import ask_for_groups
from igny8_assets.stages.keyword_vectors import comparing
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import AutomationConfig, Keyword, KeywordStatus, PlannedMembership

ORPHAN_GROUP = -1
TO_PLACE = (KeywordStatus.NEW, KeywordStatus.ORPHANED)
"""Keywords that may get a cluster: an orphan does when new ones take it along."""


@dataclass(frozen=True)
class _Known:
    """The keywords of the areas that have some to place, by area, and the number of the next group.

    `to_be_orphans` are those that the plan says so of and that still wait to be saved.
    """

    keywords: dict[Area, list[KeywordToGroup]]
    first_group: int
    to_be_orphans: frozenset[int]


async def make_plan(tools: Tools) -> None:
    """Group the new keywords that no plan has yet, apart by sector and market, and store where each goes.

    Orphans that they resemble go with them, those to be as well. Vectors decide, or a language model where the site
    wants it. What else an earlier run planned and did not finish is kept and carried out first.

    Raises:
        StageAborted, BudgetReached: there are no vectors to compare the keywords by, or no answer of the model.
    """
    known = await asyncio.to_thread(_read, tools.ticket)
    rows: list[dict[str, Any]] = []
    if known.keywords:
        texts = sorted({keyword.text for keywords in known.keywords.values() for keyword in keywords})
        cuts, embed = await comparing(tools, texts)
        said = await ask_for_groups(tools, known.keywords, cuts, embed)
        rules = rules_of(tools.ticket.config)
        rows = await asyncio.to_thread(_plan, tools.ticket.site.id, known, said, rules, cuts, embed)
    taken_along = [{"taken": row["keyword_id"]} for row in rows if row["keyword_id"] in known.to_be_orphans]
    await asyncio.to_thread(_store, tools.ticket, rows, taken_along)


def rules_of(config: AutomationConfig) -> Rules:
    """How a site wants its clusters."""
    return Rules(config.granularity, config.separate_intents, config.shared_urls)


@uncollected()
def _read(ticket: RunTicket) -> _Known:
    site_id = ticket.site.id
    with ticket.store.read() as session:
        unplanned = keywords_to_group(session.execute(_to_place(site_id, KeywordStatus.NEW, _UNPLANNED)))
        orphans = _orphans(session, site_id, KeywordStatus.ORPHANED, _UNPLANNED) if unplanned else {}
        to_be = _orphans(session, site_id, KeywordStatus.NEW, _TO_BE_ORPHANS) if unplanned else {}
        mapped = keywords_to_group(session.execute(_mapped(site_id))) if unplanned else {}
        planned = session.scalar(
            select(func.max(PlannedMembership.group_number)).where(PlannedMembership.site_id == site_id)
        )
    areas = {
        area: [*unplanned[area], *orphans.get(area, ()), *to_be.get(area, ()), *mapped.get(area, ())]
        for area in sorted(unplanned)
    }
    waiting = frozenset(keyword.id for keywords in to_be.values() for keyword in keywords)
    return _Known(areas, max(planned if planned is not None else -1, -1) + 1, waiting)


def _store(ticket: RunTicket, rows: list[dict[str, Any]], taken_along: list[dict[str, int]]) -> None:
    site_id = ticket.site.id
    with ticket.store.write() as session:
        ticket.hold_lease(session)
        stale = select(Keyword.id).where(Keyword.site_id == site_id, Keyword.status.not_in(TO_PLACE))
        session.execute(
            delete(PlannedMembership).where(
                PlannedMembership.site_id == site_id, PlannedMembership.keyword_id.in_(stale)
            )
        )
        if taken_along:
            session.connection().execute(_TAKEN_ALONG, taken_along)
        if rows:
            session.execute(insert(PlannedMembership), rows)


_UNPLANNED = PlannedMembership.keyword_id.is_(None)
_TO_BE_ORPHANS = PlannedMembership.group_number < 0
# Of the table, not the class: only so many rows go in one statement that is prepared once.
_TAKEN_ALONG = delete(PlannedMembership.__table__).where(PlannedMembership.keyword_id == bindparam("taken"))  # type: ignore[arg-type]


def _orphans(
    session: Session, site_id: int, status: KeywordStatus, plan: ColumnElement[bool]
) -> dict[Area, list[KeywordToGroup]]:
    """Keywords that resembled nothing, by area."""
    areas = keywords_to_group(session.execute(_to_place(site_id, status, plan)))
    return {area: [replace(one, was_alone=True) for one in keywords] for area, keywords in areas.items()}


def _to_place(site_id: int, status: KeywordStatus, plan: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*COLUMNS_TO_GROUP)
        .outerjoin(PlannedMembership, PlannedMembership.keyword_id == Keyword.id)
        .where(Keyword.site_id == site_id, Keyword.status == status, plan)
    )


def _mapped(site_id: int) -> Select[Any]:
    return select(*COLUMNS_TO_GROUP).where(Keyword.site_id == site_id, Keyword.status == KeywordStatus.MAPPED)


def _plan(
    site_id: int, known: _Known, said: Mapping[Area, Said], rules: Rules, cuts: Cuts, embed: Embed
) -> list[dict[str, Any]]:
    planned: list[dict[str, Any]] = []
    number = known.first_group
    for area, keywords in known.keywords.items():
        if area in said:
            grouping = group_as_said(keywords, said[area], rules, cuts=cuts, embed=embed)
        else:
            grouping = group_keywords(keywords, rules, cuts=cuts, embed=embed)
        for cluster_id, members in _joins(grouping):
            planned += _memberships(site_id, number, members, cluster_id, grouping.reasons)
            number += 1
        for group in grouping.groups:
            planned += _memberships(site_id, number, group, None, grouping.reasons)
            number += 1
        were_alone = {keyword.id for keyword in keywords if keyword.was_alone}
        orphans = [keyword_id for keyword_id in grouping.orphans if keyword_id not in were_alone]
        planned += _memberships(site_id, ORPHAN_GROUP, orphans, None, {})
    return planned


def _joins(grouping: Grouping) -> list[tuple[int, list[int]]]:
    """The existing clusters that get keywords, with those."""
    joins: dict[int, list[int]] = defaultdict(list)
    for keyword_id, cluster_id in grouping.joins.items():
        joins[cluster_id].append(keyword_id)
    return sorted(joins.items())


def _memberships(
    site_id: int, group: int, members: Iterable[int], cluster_id: int | None, reasons: Mapping[int, WhyThere]
) -> list[dict[str, Any]]:
    rows = []
    for position, keyword_id in enumerate(members):
        why = reasons.get(keyword_id)
        rows.append(
            {
                "site_id": site_id,
                "keyword_id": keyword_id,
                "group_number": group,
                "position": position,
                "cluster_id": cluster_id,
                "reason": why and why.reason,
                "reason_keyword_id": why and why.keyword_id,
                "reason_amount": why and why.amount,
            }
        )
    return rows
