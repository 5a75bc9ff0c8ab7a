"""Stage 1: new keywords join clusters or form new ones, and take along orphans that resemble them.

The grouping is decided once over all new keywords of the site and stored as a plan; batches of it are then named,
charged and saved. The batch size never changes who belongs together, and a plan outlives the process that made it.
Clusters that a rebuild made are named first, free of credits.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, delete, or_, select, update
from sqlalchemy.orm import Session

from igny8_assets.ai.schemas import KeywordFacts
from igny8_assets.stages.cluster_members import prevailing_intent
from igny8_assets.stages.cluster_names import (
    ClustersToName,
    Names,
    ask_names,
    give_names_up,
    save_names,
    select_clusters_to_name,
)
from igny8_assets.stages.clustering_plan import TO_PLACE, make_plan
from igny8_assets.stages.distinct_names import distinct_name, with_keywords
from igny8_assets.stages.keyword_facts import facts_of
from igny8_assets.stages.stage import Counts, Item, ItemFailed, Kind
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import Cluster, ClusterStatus, IdeaKeyword, Keyword, KeywordStatus, PlannedMembership
from igny8_assets.store.prices import KEYWORD_TENTHS
from igny8_assets.vocabulary import Reason


@dataclass(frozen=True)
class PlannedKeyword:
    """A keyword of the plan: `cluster_id` if its cluster exists, else its group; a negative group is none.

    An orphan was paid when it was new.
    """

    keyword: KeywordFacts
    was_orphan: bool
    group: int
    cluster_id: int | None
    reason: Reason | None
    reason_keyword_id: int | None
    reason_amount: int | None


class ClusterKeywords:
    """Stage 1."""

    number = 1
    name = "Keywords → Clusters"
    kind: Kind = "AI"
    batched = True
    entity = "keywords"
    processed = "keywords_processed"
    made: tuple[str, ...] = ("clusters_created",)

    async def prepare(self, tools: Tools) -> None:
        """Group the new keywords that no plan has yet."""
        await make_plan(tools)

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        """New keywords whose last try did not fail."""
        return counters["keyword", "pending"]

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        """Clusters to name, then the next whole groups of the plan; one wider than the batch begins with its first.

        Orphans come last, so that what a cap allows or credits pay for is spent on clusters.
        """
        if (to_name := select_clusters_to_name(session, ticket, limit, taken.values())) is not None:
            return [to_name]
        of_plan = [item.facts for item in taken.values() if not isinstance(item.facts, ClustersToName)]
        in_hand = [planned.keyword.id for facts in of_plan for planned in facts]
        planned = _next_of_plan(session, ticket, in_hand, limit)
        chosen: list[PlannedKeyword] = []
        rows: list[Keyword] = []
        for membership, keyword in planned:
            group, cluster_id = membership.group_number, membership.cluster_id
            starts_group = cluster_id is None and group >= 0 and (not chosen or chosen[-1].group != group)
            size = sum(1 for other, _ in planned if other.group_number == group) if starts_group else 1
            splits = cluster_id is not None or group < 0
            if chosen and (starts_group or splits) and len(chosen) + size > limit:
                break
            why = membership.reason, membership.reason_keyword_id, membership.reason_amount
            was_orphan = keyword.status == KeywordStatus.ORPHANED
            chosen.append(PlannedKeyword(facts_of(keyword), was_orphan, group, cluster_id, *why))
            rows.append(keyword)
        if not chosen:
            return []
        attempt = max(keyword.attempt for keyword in rows)
        new = sum(not planned_keyword.was_orphan for planned_keyword in chosen)
        return [
            Item(
                key=_key(rows),
                attempt=attempt,
                tenths=KEYWORD_TENTHS * new,
                facts=chosen,
                size=new,
                label=f"{len(chosen)} keywords from {chosen[0].keyword.text!r}",
            )
        ]

    async def process(self, item: Item, tools: Tools) -> Names:
        """Have the new groups, or clusters, named."""
        if isinstance(item.facts, ClustersToName):
            return await ask_names(item, tools, item.facts.groups)
        groups: dict[int, list[KeywordFacts]] = {}
        for planned in item.facts:
            if planned.cluster_id is None and planned.group >= 0:
                groups.setdefault(planned.group, []).append(planned.keyword)
        return await ask_names(item, tools, groups) if groups else {}

    def save(self, session: Session, ticket: RunTicket, item: Item, result: Names) -> Counts:
        """Create the clusters, map the keywords, and take them off the plan; or name clusters."""
        if isinstance(item.facts, ClustersToName):
            return save_names(session, item, result)
        ids = [planned.keyword.id for planned in item.facts]
        # What a person ignored or moved while its group was named is left out.
        still_to_place = select(Keyword).where(Keyword.id.in_(ids), Keyword.status.in_(TO_PLACE))
        rows = {row.id: row for row in session.scalars(still_to_place)}
        joins = _where_to_now(session, item)
        there = [
            planned
            for planned in item.facts
            if planned.keyword.id in rows and (planned.cluster_id is None or planned.keyword.id in joins)
        ]
        if not there:
            raise ItemFailed("a person decided about the keywords while they were worked on", permanent=False)
        covered = set(session.scalars(select(IdeaKeyword.keyword_id).where(IdeaKeyword.keyword_id.in_(rows))))
        members = {number: [rows[one.keyword.id] for one in there if one.group == number] for number in result}
        clusters = {
            number: _new_cluster(session, ticket, members[number], name, description)
            for number, (name, description) in sorted(result.items())
            if members[number]
        }
        session.flush()
        for planned in there:
            keyword = rows[planned.keyword.id]
            if planned.cluster_id is None and planned.group < 0:
                keyword.status = KeywordStatus.ORPHANED
                continue
            is_new = planned.cluster_id is None
            cluster = clusters[planned.group] if is_new else session.get_one(Cluster, joins[keyword.id])
            _join(keyword, cluster, ticket.config.reopen_after, is_covered=keyword.id in covered)
            keyword.reason, keyword.reason_amount = planned.reason, planned.reason_amount
            keyword.reason_keyword_id = planned.reason_keyword_id
        for number, cluster in clusters.items():
            cluster.intent = prevailing_intent(keyword.intents for keyword in members[number])
            session.execute(
                update(PlannedMembership)
                .where(PlannedMembership.site_id == ticket.site.id, PlannedMembership.group_number == number)
                .values(cluster_id=cluster.id)
            )
        session.execute(delete(PlannedMembership).where(PlannedMembership.keyword_id.in_(ids)))
        return {"clusters_created": len(clusters)}

    def fail(self, session: Session, item: Item, reason: str) -> None:
        """Leave the keywords new, with the reason, until a person retries them; groups without a name as a whole.

        Orphans among them leave the plan, and may be taken along another time. Clusters keep the names that they have.
        """
        if isinstance(item.facts, ClustersToName):
            give_names_up(session, item)
            return
        ids = [planned.keyword.id for planned in item.facts]
        unnamed = {one.group for one in item.facts if one.cluster_id is None and one.group >= 0}
        rest = select(PlannedMembership.keyword_id).where(
            PlannedMembership.group_number.in_(unnamed),
            PlannedMembership.site_id == select(Keyword.site_id).where(Keyword.id == ids[0]).scalar_subquery(),
        )
        failed = or_(Keyword.id.in_(ids), Keyword.id.in_(rest))
        for keyword in session.scalars(select(Keyword).where(failed, Keyword.status == KeywordStatus.NEW)):
            keyword.failure_reason = reason
        orphans = select(Keyword.id).where(failed, Keyword.status == KeywordStatus.ORPHANED)
        session.execute(delete(PlannedMembership).where(PlannedMembership.keyword_id.in_(orphans)))


def _next_of_plan(
    session: Session, ticket: RunTicket, in_hand: Sequence[int], limit: int
) -> Sequence[Row[PlannedMembership, Keyword]]:
    """Where keywords are to go, those of a cluster or a group beside each other; orphans when no others are left."""
    joining = (PlannedMembership.group_number >= 0) & (
        PlannedMembership.cluster_id.is_not(None) | (PlannedMembership.position < limit)
    )
    for part in (joining, PlannedMembership.group_number < 0):
        planned = session.execute(
            select(PlannedMembership, Keyword)
            .join(Keyword, Keyword.id == PlannedMembership.keyword_id)
            .where(
                PlannedMembership.site_id == ticket.site.id,
                Keyword.status.in_(TO_PLACE),
                Keyword.failure_reason.is_(None),
                PlannedMembership.keyword_id.not_in(in_hand),
                part,
            )
            .order_by(PlannedMembership.group_number, PlannedMembership.position)
            .limit(2 * limit)
        ).all()
        if planned:
            return planned
    return []


def _where_to_now(session: Session, item: Item) -> dict[int, int]:
    """By keyword the cluster that it is to join: a person may have merged it into another since, or emptied it."""
    ids = [planned.keyword.id for planned in item.facts if planned.cluster_id is not None]
    planned_now = select(PlannedMembership.keyword_id, PlannedMembership.cluster_id).where(
        PlannedMembership.keyword_id.in_(ids), PlannedMembership.cluster_id.is_not(None)
    )
    return {row.keyword_id: row.cluster_id for row in session.execute(planned_now)}


def _new_cluster(
    session: Session, ticket: RunTicket, members: Sequence[Keyword], name: str, description: str
) -> Cluster:
    head = members[0]
    names = with_keywords(name, (keyword.text for keyword in members))
    cluster = Cluster(
        site_id=ticket.site.id,
        sector_id=head.sector_id,
        market=head.market,
        name=distinct_name(session, ticket.site.id, head.market, names),
        root_keyword=head.normalised,
        description=description,
        volume=0,
        keyword_count=0,
        uncovered_count=0,
        ideas_pending=True,
        run_id=ticket.run_id,
    )
    session.add(cluster)
    return cluster


def _join(keyword: Keyword, cluster: Cluster, reopen_after: int, *, is_covered: bool) -> None:
    keyword.status = KeywordStatus.MAPPED
    keyword.cluster_id = cluster.id
    cluster.volume += keyword.volume or 0
    cluster.keyword_count += 1
    cluster.uncovered_count += not is_covered
    needed = reopen_after if cluster.status == ClusterStatus.MAPPED else 1
    cluster.ideas_pending = cluster.uncovered_count >= needed


def _key(rows: Sequence[Keyword]) -> str:
    """Names a batch by its keywords."""
    ids = ",".join(str(keyword.id) for keyword in rows)
    return "k" + hashlib.sha256(ids.encode()).hexdigest()[:20]
