"""Stage 2: clusters get ideas for texts; the ideas of a cluster together answer all of its keywords."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.ai.schemas import GenerateIdeasInput, GenerateIdeasOutput, Idea
from igny8_assets.quality.resemblance import Existing
from igny8_assets.stages.cluster_members import count_uncovered, is_covered
from igny8_assets.stages.existing import duplicate_of, site_index
from igny8_assets.stages.keyword_facts import facts_of
from igny8_assets.stages.stage import Counts, Item, ItemFailed, Kind
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import Cluster, ClusterStatus, ContentIdea, IdeaKeyword, IdeaStatus, Keyword
from igny8_assets.store.prices import CLUSTER_TENTHS

MOST_KEYWORDS_ASKED = 200
"""The bound of the function's input; the rest of a wider cluster is asked in a later round."""


@dataclass(frozen=True)
class ClusterFacts:
    """A cluster as it was when it was taken; `titles` are those of its earlier ideas."""

    id: int
    question: GenerateIdeasInput


class PlanIdeas:
    """Stage 2."""

    number = 2
    name = "Clusters → Ideas"
    kind: Kind = "AI"
    batched = False
    entity = "clusters"
    processed = "clusters_processed"
    made: tuple[str, ...] = ("ideas_created",)

    async def prepare(self, tools: Tools) -> None:
        """Nothing to prepare."""

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        """Clusters without ideas, and those with enough keywords that no idea covers."""
        return counters["cluster", "pending"]

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        """The clusters that are searched for most."""
        in_hand = [item.facts.id for item in taken.values()]
        clusters = session.scalars(
            select(Cluster)
            .where(
                Cluster.site_id == ticket.site.id,
                Cluster.ideas_pending,
                Cluster.failure_reason.is_(None),
                Cluster.id.not_in(in_hand),
            )
            .order_by(Cluster.volume.desc(), Cluster.id)
            .limit(limit)
        )
        items = []
        for cluster in clusters:
            item = _as_item(session, ticket, cluster)
            if item is None:
                # All of its keywords were ignored since: there is nothing to plan for.
                cluster.ideas_pending = False
            else:
                items.append(item)
        return items

    async def process(self, item: Item, tools: Tools) -> GenerateIdeasOutput:
        """Ask for ideas."""
        output: GenerateIdeasOutput = (await tools.ask(item, "generate_ideas", item.facts.question)).value
        return output

    def save(self, session: Session, ticket: RunTicket, item: Item, result: GenerateIdeasOutput) -> Counts:
        """Store the ideas; keywords that none of them names go to the first."""
        cluster = session.get(Cluster, item.facts.id)
        if cluster is None:
            raise ItemFailed("it was merged into another cluster while ideas were planned", permanent=False)
        # Keywords that a person took out of the cluster meanwhile are left out.
        here = set(session.scalars(select(Keyword.id).where(Keyword.cluster_id == cluster.id)))
        asked = [keyword.id for keyword in item.facts.question.keywords if keyword.id in here]
        if not asked:
            raise ItemFailed("its keywords were taken out of it while ideas were planned", permanent=False)
        left = set(asked)
        made = 0
        for idea in result.ideas:
            left -= set(idea.keyword_ids)
        texts = {keyword.id: keyword.text for keyword in item.facts.question.keywords}
        volumes = {keyword.id: keyword.volume or 0 for keyword in item.facts.question.keywords}
        for position, idea in enumerate(result.ideas):
            leftover = [keyword_id for keyword_id in asked if keyword_id in left] if position == 0 else []
            targets = [keyword_id for keyword_id in idea.keyword_ids if keyword_id in here] + leftover
            if targets:
                _add_idea(session, ticket, cluster, idea, targets, volumes, texts[targets[0]])
                made += 1
        cluster.status = ClusterStatus.MAPPED
        cluster.idea_rounds += 1
        cluster.uncovered_count = count_uncovered(session, cluster.id)
        cluster.ideas_pending = cluster.uncovered_count >= ticket.config.reopen_after
        return {"ideas_created": made}

    def fail(self, session: Session, item: Item, reason: str) -> None:
        """Leave the cluster without ideas, with the reason; one that was merged away meanwhile has none."""
        cluster = session.get(Cluster, item.facts.id)
        if cluster is not None:
            cluster.failure_reason = reason


def _as_item(session: Session, ticket: RunTicket, cluster: Cluster) -> Item | None:
    keywords = session.scalars(
        select(Keyword)
        .where(Keyword.cluster_id == cluster.id, ~is_covered())
        .order_by(func.coalesce(Keyword.volume, 0).desc(), Keyword.normalised)
        .limit(MOST_KEYWORDS_ASKED)
    ).all()
    if not keywords:
        return None
    titles = session.scalars(
        select(ContentIdea.title).where(ContentIdea.cluster_id == cluster.id).order_by(ContentIdea.id)
    )
    question = GenerateIdeasInput(
        language=ticket.site.language,
        site_name=ticket.site.name,
        brand_voice=ticket.site.brand_voice,
        cluster_name=cluster.name,
        cluster_description=cluster.description,
        keywords=[facts_of(keyword) for keyword in keywords],
        ideas_wanted=ticket.config.ideas_per_cluster,
        existing_titles=list(titles),
    )
    key = f"{cluster.id}" if cluster.idea_rounds == 0 else f"{cluster.id}r{cluster.idea_rounds}"
    return Item(key, cluster.attempt, CLUSTER_TENTHS, ClusterFacts(cluster.id, question), label=cluster.name)


def _add_idea(
    session: Session,
    ticket: RunTicket,
    cluster: Cluster,
    idea: Idea,
    keyword_ids: Sequence[int],
    volumes: Mapping[int, int],
    keyphrase: str,
) -> None:
    row = ContentIdea(
        site_id=ticket.site.id,
        sector_id=cluster.sector_id,
        cluster_id=cluster.id,
        title=idea.title,
        description=idea.description,
        content_type=idea.content_type,
        content_structure=idea.content_structure,
        volume=sum(volumes[keyword_id] for keyword_id in keyword_ids),
        status=IdeaStatus.NEW,
        is_distinct=False,
        run_id=ticket.run_id,
    )
    found = duplicate_of(session, ticket, row, keyphrase, "idea", "text", "page")
    if found is not None:
        row.status, row.held_reason, row.resembles = IdeaStatus.HELD, found.reason, found.resembles
    row.keywords = [
        IdeaKeyword(keyword_id=keyword_id, position=position) for position, keyword_id in enumerate(keyword_ids)
    ]
    session.add(row)
    session.flush()
    if found is None:
        site_index(session, ticket).add(Existing("idea", row.id, row.title, keyphrase, idea_id=row.id))
