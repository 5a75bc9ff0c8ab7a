"""What clusters are called: new groups, and clusters that a rebuild made without asking anybody."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.ai.offline.naming import name_after
from igny8_assets.ai.schemas import AutoClusterInput, AutoClusterOutput, GroupToName, KeywordFacts
from igny8_assets.hidden_signs import without_hidden
from igny8_assets.stages.distinct_names import distinct_name, with_keywords
from igny8_assets.stages.keyword_facts import facts_of
from igny8_assets.stages.stage import Counts, Item
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import Cluster, Keyword

MOST_KEYWORDS_SHOWN = 20
"""A group is named by its head keyword and its most searched."""

NAMED = "clusters_named"
"""The count in a stage's result, where there were any."""
Names = dict[int, tuple[str, str]]
"""By number of the group, or of the cluster, its name and its description."""


@dataclass(frozen=True)
class ClustersToName:
    """Clusters that exist and wait for a name, by id, with their head keywords and their most searched."""

    groups: Mapping[int, Sequence[KeywordFacts]]


async def ask_names(item: Item, tools: Tools, groups: Mapping[int, Sequence[KeywordFacts]]) -> Names:
    """Have groups of keywords named and described.

    Raises:
        ItemFailed, StageAborted: no usable answer; says why.
        BudgetReached: a cap of the day leaves no room for it.
    """
    question = AutoClusterInput(
        language=tools.ticket.site.language,
        groups=[
            GroupToName(id=number, keywords=list(keywords[:MOST_KEYWORDS_SHOWN])) for number, keywords in groups.items()
        ],
    )
    answer = await tools.ask(item, "auto_cluster", question)
    output: AutoClusterOutput = answer.value
    named = ((cluster.id, without_hidden(cluster.name).strip(), cluster.description) for cluster in output.clusters)
    return {number: (name or name_after(groups[number][0].text), description) for number, name, description in named}


def select_clusters_to_name(session: Session, ticket: RunTicket, limit: int, taken: Iterable[Item]) -> Item | None:
    """The next clusters that wait for a name, of at most `limit` keywords (one cluster at least), as an item.

    It costs no credits: its keywords were paid for when they were new.
    """
    in_hand = [one for item in taken if isinstance(item.facts, ClustersToName) for one in item.facts.groups]
    wanted = (
        select(Cluster.id, Cluster.name, Cluster.keyword_count)
        .where(
            Cluster.site_id == ticket.site.id,
            Cluster.head_keyword_id.is_not(None),
            Cluster.keyword_count > 0,
            Cluster.id.not_in(in_hand),
        )
        .order_by(Cluster.id)
        .limit(limit)
    )
    names: dict[int, str] = {}
    keywords = 0
    for cluster_id, name, count in session.execute(wanted):
        keywords += count
        if names and keywords > limit:
            break
        names[cluster_id] = name
    if not names:
        return None
    first = next(iter(names.values()))
    return Item(
        key="n" + hashlib.sha256(",".join(map(str, names)).encode()).hexdigest()[:20],
        attempt=1,
        tenths=0,
        facts=ClustersToName({cluster_id: _to_show(session, cluster_id) for cluster_id in names}),
        size=0,
        label=f"names of {len(names)} clusters from {first!r}",
    )


def save_names(session: Session, item: Item, names: Names) -> Counts:
    """Name and describe the clusters that still are; a name that a person gave stays."""
    waiting = _still_waiting(session, item)
    for cluster in waiting:
        name, cluster.description = names[cluster.id]
        if not cluster.named_by_person:
            others = with_keywords(name, (one.text for one in item.facts.groups[cluster.id]))
            cluster.name = distinct_name(session, cluster.site_id, cluster.market, others, but=cluster.id)
        cluster.head_keyword_id = None
    return {NAMED: len(waiting)}


def give_names_up(session: Session, item: Item) -> None:
    """Leave clusters with the names that they have; a person can give them others."""
    for cluster in _still_waiting(session, item):
        cluster.head_keyword_id = None


def _to_show(session: Session, cluster_id: int) -> list[KeywordFacts]:
    """The keywords that a cluster is named by, in the order that the groups of a plan have."""
    rows = session.scalars(
        select(Keyword)
        .join(Cluster, Cluster.id == Keyword.cluster_id)
        .where(Cluster.id == cluster_id)
        .order_by(Keyword.id != Cluster.head_keyword_id, func.coalesce(Keyword.volume, -1).desc(), Keyword.id)
        .limit(MOST_KEYWORDS_SHOWN)
    )
    return [facts_of(row) for row in rows]


def _still_waiting(session: Session, item: Item) -> Sequence[Cluster]:
    ids = list(item.facts.groups)
    waiting = select(Cluster).where(Cluster.id.in_(ids), Cluster.head_keyword_id.is_not(None))
    return session.scalars(waiting.order_by(Cluster.id)).all()
