"""Stage 3: ideas become tasks, with a length that suits their structure."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from igny8_assets.stages.existing import duplicate_of
from igny8_assets.stages.stage import Counts, Item, Kind
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import ContentIdea, IdeaKeyword, IdeaStatus, Task
from igny8_assets.vocabulary import ContentStructure

WORD_TARGETS: Mapping[ContentStructure, int] = {
    ContentStructure.HOW_TO: 1200,
    ContentStructure.LISTICLE: 1200,
    ContentStructure.COMPARISON: 1200,
    ContentStructure.REVIEW: 1200,
    ContentStructure.TUTORIAL: 1200,
    ContentStructure.PILLAR_PAGE: 2500,
    ContentStructure.CASE_STUDY: 1000,
    ContentStructure.ROUND_UP: 1200,
    ContentStructure.BUYERS_GUIDE: 1500,
    ContentStructure.EXPLAINER: 1000,
    ContentStructure.NEWS_ANALYSIS: 800,
    ContentStructure.FAQ: 800,
}
"""Words to aim at; a person may change a task's before it is written."""


class CreateTasks:
    """Stage 3."""

    number = 3
    name = "Ideas → Tasks"
    kind: Kind = "Local"
    batched = True
    entity = "ideas"
    processed = "ideas_processed"
    made: tuple[str, ...] = ("tasks_created",)

    async def prepare(self, tools: Tools) -> None:
        """Nothing to prepare."""

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        """New ideas."""
        return counters["idea", "pending"]

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        """A batch of new ideas as one item, the most wanted first."""
        in_hand = [idea_id for item in taken.values() for idea_id in item.facts]
        ideas = session.scalars(
            select(ContentIdea.id)
            .where(
                ContentIdea.site_id == ticket.site.id,
                ContentIdea.status == IdeaStatus.NEW,
                ContentIdea.id.not_in(in_hand),
            )
            .order_by(ContentIdea.priority.desc(), ContentIdea.volume.desc(), ContentIdea.id)
            .limit(limit)
        ).all()
        if not ideas:
            return []
        return [Item(f"i{ideas[0]}+{len(ideas)}", 1, 0, ideas, len(ideas), f"{len(ideas)} ideas")]

    async def process(self, item: Item, tools: Tools) -> None:
        """Nothing has to be asked."""

    def save(self, session: Session, ticket: RunTicket, item: Item, result: None) -> Counts:
        """Make a task of every idea that is still new."""
        ideas = session.scalars(
            select(ContentIdea)
            .where(ContentIdea.id.in_(item.facts), ContentIdea.status == IdeaStatus.NEW)
            .order_by(ContentIdea.id)
            .options(selectinload(ContentIdea.keywords).selectinload(IdeaKeyword.keyword))
        ).all()
        made = 0
        for idea in ideas:
            keyphrase = idea.keywords[0].keyword.text if idea.keywords else ""
            found = duplicate_of(session, ticket, idea, keyphrase, "idea", "text", "page")
            if found is not None:
                idea.status, idea.held_reason, idea.resembles = IdeaStatus.HELD, found.reason, found.resembles
                continue
            made += 1
            idea.status = IdeaStatus.IN_PROGRESS
            session.add(
                Task(
                    site_id=idea.site_id,
                    sector_id=idea.sector_id,
                    cluster_id=idea.cluster_id,
                    idea_id=idea.id,
                    title=idea.title,
                    description=idea.description,
                    content_type=idea.content_type,
                    content_structure=idea.content_structure,
                    word_target=WORD_TARGETS[idea.content_structure],
                    priority=idea.priority,
                    volume=idea.volume,
                    is_distinct=idea.is_distinct,
                    run_id=ticket.run_id,
                )
            )
        return {"tasks_created": made}

    def fail(self, session: Session, item: Item, reason: str) -> None:
        """Hold the ideas, with the reason, until a person releases them."""
        waiting = select(ContentIdea).where(ContentIdea.id.in_(item.facts), ContentIdea.status == IdeaStatus.NEW)
        for idea in session.scalars(waiting):
            idea.status, idea.held_reason = IdeaStatus.HELD, reason
