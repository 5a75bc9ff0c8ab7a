"""Stage 4: tasks become drafts that pass the blocking checks."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from igny8_assets.ai.schemas import ContentBrief, ContentBriefInput
from igny8_assets.quality.checking import check_draft
from igny8_assets.quality.draft import DraftToCheck, OtherText
from igny8_assets.quality.hashing import content_hash
from igny8_assets.quality.report import QualityReport
from igny8_assets.quality.similarity import SiteTexts
from igny8_assets.quality.words import count_words
from igny8_assets.stages.existing import duplicate_of, link_candidates
from igny8_assets.stages.keyword_facts import facts_of
from igny8_assets.stages.rendering import RenderedDraft
from igny8_assets.stages.stage import Counts, Item, ItemFailed, ItemSetAside, Kind
from igny8_assets.stages.text_writing import MOST_MENDED, CheckedDraft, plan, write
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import (
    Content,
    ContentIdea,
    ContentStatus,
    IdeaKeyword,
    IdeaStatus,
    Illustration,
    Keyword,
    Task,
    TaskStatus,
)
from igny8_assets.store.prices import content_tenths

WAITING_BRIEF = "its brief waits for a person; `igny8 tasks brief` shows it, `igny8 tasks release` lets it be written"


@dataclass(frozen=True)
class TaskFacts:
    """A task as it was when it was taken."""

    id: int
    question: ContentBriefInput
    brief: ContentBrief | None


class WriteContent:
    """Stage 4."""

    number = 4
    name = "Tasks → Content"
    kind: Kind = "AI"
    batched = False
    entity = "tasks"
    processed = "tasks_processed"
    made: tuple[str, ...] = ("content_created", "word_count")

    async def prepare(self, tools: Tools) -> None:
        """Nothing to prepare."""

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        """Pending tasks."""
        return counters["task", "pending"]

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        """By priority, then the most searched, then the least difficult."""
        in_hand = [item.facts.id for item in taken.values()]
        difficulty = (
            select(Keyword.difficulty)
            .join(IdeaKeyword, IdeaKeyword.keyword_id == Keyword.id)
            .where(IdeaKeyword.idea_id == Task.idea_id, IdeaKeyword.position == 0)
            .scalar_subquery()
        )
        wanted = (
            select(Task)
            .where(Task.site_id == ticket.site.id, Task.status == TaskStatus.PENDING, Task.id.not_in(in_hand))
            .order_by(Task.priority.desc(), Task.volume.desc(), func.coalesce(difficulty, 100), Task.id)
            .limit(limit)
            .options(selectinload(Task.idea).selectinload(ContentIdea.keywords).selectinload(IdeaKeyword.keyword))
        )
        # With all of a batch held, the next one is looked at.
        while tasks := session.scalars(wanted).all():
            if items := [_as_item(session, ticket, task) for task in tasks if not _is_held(session, ticket, task)]:
                return items
            session.flush()
        return []

    async def process(self, item: Item, tools: Tools) -> CheckedDraft:
        """Have the brief made, unless it is there, and the draft written from it; one that stays blocked is refused."""
        facts: TaskFacts = item.facts
        brief = facts.brief
        if brief is None:
            brief = await plan(item, tools, facts.question)
            is_reviewed = tools.ticket.config.review_briefs
            await tools.write(lambda session: _keep_brief(session, item, brief, is_reviewed=is_reviewed))
            if is_reviewed:
                raise ItemSetAside(WAITING_BRIEF)

        async def check(rendered: RenderedDraft, brief: ContentBrief) -> QualityReport:
            async with tools.texts_lock:
                return await asyncio.to_thread(_check, tools, facts.id, rendered, brief)

        made = await write(item, tools, brief, check)
        if made.report.blocks:
            await tools.write(lambda session: _keep_report(session, item, made.report))
            found = "; ".join(finding.evidence for finding in made.report.blocks)
            raise ItemFailed(f"the draft is blocked after it was mended {MOST_MENDED} times: {found}")
        return made

    def save(self, session: Session, ticket: RunTicket, item: Item, result: CheckedDraft) -> Counts:
        """Store the draft, complete its task and its idea."""
        task = session.get_one(Task, item.facts.id)
        rendered = result.rendered
        if task.status != TaskStatus.PENDING:
            raise ItemFailed(f"the task was {task.status.value} while its text was written", permanent=False)
        slug = _free_slug(session, rendered.slug, task)
        words = count_words(rendered.html)
        session.add(
            Content(
                site_id=task.site_id,
                task_id=task.id,
                task_attempt=task.attempt,
                title=rendered.title,
                slug=slug,
                keyphrase=item.facts.question.keyphrase,
                meta_title=rendered.meta_title,
                meta_description=rendered.meta_description,
                html=rendered.html,
                json_ld=rendered.json_ld,
                outline=list(rendered.outline),
                word_count=words,
                quality=result.report.to_json(),
                provenance=result.provenance,
                content_hash=content_hash(
                    rendered.title,
                    slug,
                    rendered.meta_title,
                    rendered.meta_description,
                    rendered.html,
                    rendered.json_ld,
                ),
                illustration=Illustration.NEEDS_PROMPTS,
                status=ContentStatus.DRAFT,
                run_id=ticket.run_id,
            )
        )
        task.status, task.failure_reason, task.report = TaskStatus.COMPLETED, None, None
        task.idea.status = IdeaStatus.COMPLETED
        return {"content_created": 1, "word_count": words}

    def fail(self, session: Session, item: Item, reason: str) -> None:
        """Mark the task failed."""
        task = session.get_one(Task, item.facts.id)
        if task.status == TaskStatus.PENDING:
            task.status, task.failure_reason = TaskStatus.FAILED, reason


def _is_held(session: Session, ticket: RunTicket, task: Task) -> bool:
    """Hold a task whose text the site has already, before anything is paid for it."""
    if task.is_distinct:
        return False
    found = duplicate_of(session, ticket, task.idea, task.idea.keywords[0].keyword.text, "text", "page")
    if found is not None:
        task.status, task.held_reason, task.resembles = TaskStatus.HELD, found.reason, found.resembles
    return found is not None


def _as_item(session: Session, ticket: RunTicket, task: Task) -> Item:
    keyphrase, *supporting = [facts_of(link.keyword) for link in task.idea.keywords]
    intents = sorted({intent for keyword in (keyphrase, *supporting) for intent in keyword.intents})
    question = ContentBriefInput(
        title=task.title,
        description=task.description,
        content_type=task.content_type,
        content_structure=task.content_structure,
        keyphrase=keyphrase.text,
        supporting_keywords=supporting,
        intents=tuple(intents),
        language=ticket.site.language,
        site_name=ticket.site.name,
        brand_voice=ticket.site.brand_voice,
        word_target=task.word_target,
        rejection_reason=task.rejection_reason,
        link_candidates=link_candidates(session, ticket, task, keyphrase.text),
    )
    facts = TaskFacts(task.id, question, ContentBrief.model_validate(task.brief) if task.brief else None)
    return Item(str(task.id), task.attempt, content_tenths(task.word_target), facts, label=task.title)


def _keep_brief(session: Session, item: Item, brief: ContentBrief, *, is_reviewed: bool) -> None:
    """Keep the brief with its task; where briefs are reviewed, the task waits for a person."""
    task = session.get_one(Task, item.facts.id)
    if task.status != TaskStatus.PENDING or task.attempt != item.attempt:
        raise ItemSetAside("a person took the task back while its brief was made")
    task.brief = brief.model_dump(mode="json")
    if is_reviewed:
        task.status, task.held_reason, task.resembles = TaskStatus.HELD, WAITING_BRIEF, None


def _keep_report(session: Session, item: Item, report: QualityReport) -> None:
    session.get_one(Task, item.facts.id).report = report.to_json()


def _check(tools: Tools, task_id: int, rendered: RenderedDraft, brief: ContentBrief) -> QualityReport:
    if tools.texts is None:
        tools.texts = _site_texts(tools.ticket)
    draft = DraftToCheck(
        title=rendered.title,
        slug=rendered.slug,
        meta_title=rendered.meta_title,
        meta_description=rendered.meta_description,
        html=rendered.html,
        json_ld=rendered.json_ld,
        keyphrase=brief.keyphrase,
        language=brief.language,
        word_target=brief.word_target,
        outline_headings=rendered.outline,
        finish_reason="stop",
        images=None,
        source_text=brief.model_dump_json(),
        fixed_sections=rendered.fixed_sections,
    )
    report = check_draft(draft, tools.texts)
    if not report.blocks:
        # Later drafts of this run are compared with this one before it is saved.
        tools.texts.add(OtherText(-task_id, rendered.title, brief.keyphrase, rendered.html))
    return report


def _site_texts(ticket: RunTicket) -> SiteTexts:
    texts = SiteTexts()
    with ticket.store.read() as session:
        rows = session.execute(
            select(Content.id, Content.title, Content.keyphrase, Content.html)
            .where(Content.site_id == ticket.site.id, Content.status != ContentStatus.REJECTED)
            .order_by(Content.id)
        )
        for row in rows:
            texts.add(OtherText(row.id, row.title, row.keyphrase, row.html))
    return texts


def _free_slug(session: Session, slug: str, task: Task) -> str:
    """The slug, or one with the task (and its attempt, if it is written again) behind it."""
    used = select(Content.id).where(Content.site_id == task.site_id, Content.slug == slug)
    if not session.scalar(used):
        return slug
    return f"{slug}-{task.id}" if task.attempt == 1 else f"{slug}-{task.id}-{task.attempt}"
