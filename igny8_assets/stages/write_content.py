"""Stage 4: tasks become drafts that pass the blocking checks."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from igny8_assets.ai.schemas import GenerateContentInput, GenerateContentOutput
from igny8_assets.quality.checking import check_draft
from igny8_assets.quality.draft import DraftToCheck, OtherText
from igny8_assets.quality.hashing import content_hash
from igny8_assets.quality.report import QualityReport
from igny8_assets.quality.similarity import SiteTexts
from igny8_assets.quality.words import count_words
from igny8_assets.stages.cluster_keywords import facts_of
from igny8_assets.stages.rendering import RenderedDraft, render
from igny8_assets.stages.stage import Counts, Item, ItemFailed, Kind
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


@dataclass(frozen=True)
class TaskFacts:
    """A task as it was when it was taken."""

    id: int
    question: GenerateContentInput


@dataclass(frozen=True)
class WrittenDraft:
    """A draft that passed, ready to be saved."""

    rendered: RenderedDraft
    report: QualityReport
    provenance: dict[str, Any]


class WriteContent:
    """Stage 4."""

    number = 4
    name = "Tasks → Content"
    kind: Kind = "AI"
    entity = "tasks"
    processed = "tasks_processed"
    made: tuple[str, ...] = ("content_created", "word_count")

    def prepare(self, ticket: RunTicket) -> None:
        """Nothing to prepare."""

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        """Pending tasks."""
        return counters["task", "pending"]

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        """By priority, then the most searched, then the least difficult."""
        in_hand = [item.facts.id for item in taken.values()]
        keyphrase = (
            select(Keyword.difficulty)
            .join(IdeaKeyword, IdeaKeyword.keyword_id == Keyword.id)
            .where(IdeaKeyword.idea_id == Task.idea_id, IdeaKeyword.position == 0)
            .scalar_subquery()
        )
        tasks = session.scalars(
            select(Task)
            .where(Task.site_id == ticket.site.id, Task.status == TaskStatus.PENDING, Task.id.not_in(in_hand))
            .order_by(Task.priority.desc(), Task.volume.desc(), func.coalesce(keyphrase, 100), Task.id)
            .limit(limit)
            .options(selectinload(Task.idea).selectinload(ContentIdea.keywords).selectinload(IdeaKeyword.keyword))
        )
        return [_as_item(ticket, task) for task in tasks]

    async def process(self, item: Item, tools: Tools) -> WrittenDraft:
        """Have the draft written, render it, and check it against all texts of the site."""
        question: GenerateContentInput = item.facts.question
        answer = await tools.ask(item, "generate_content", question)
        output: GenerateContentOutput = answer.value
        rendered = await asyncio.to_thread(render, output, question, tools.ticket.site.domain)
        async with tools.texts_lock:
            report = await asyncio.to_thread(_check, tools, item.facts.id, rendered, question, answer.finish_reason)
        if report.blocks:
            raise ItemFailed("the draft is blocked: " + "; ".join(finding.evidence for finding in report.blocks))
        provider = tools.engine.provider
        provenance = {
            "provider": provider.name,
            "model": answer.model,
            "prompt_version": answer.prompt_version,
            "note": provider.note,
        }
        return WrittenDraft(rendered, report, provenance)

    def save(self, session: Session, ticket: RunTicket, item: Item, result: WrittenDraft) -> Counts:
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
        task.status, task.failure_reason = TaskStatus.COMPLETED, None
        task.idea.status = IdeaStatus.COMPLETED
        return {"content_created": 1, "word_count": words}

    def fail(self, session: Session, item: Item, reason: str) -> None:
        """Mark the task failed."""
        task = session.get_one(Task, item.facts.id)
        if task.status == TaskStatus.PENDING:
            task.status, task.failure_reason = TaskStatus.FAILED, reason


def _as_item(ticket: RunTicket, task: Task) -> Item:
    keyphrase, *supporting = [facts_of(link.keyword) for link in task.idea.keywords]
    intents = sorted({intent for keyword in (keyphrase, *supporting) for intent in keyword.intents})
    question = GenerateContentInput(
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
    )
    return Item(
        str(task.id), task.attempt, content_tenths(task.word_target), TaskFacts(task.id, question), label=task.title
    )


def _check(
    tools: Tools, task_id: int, rendered: RenderedDraft, question: GenerateContentInput, finish_reason: str
) -> QualityReport:
    if tools.texts is None:
        tools.texts = _site_texts(tools.ticket)
    draft = DraftToCheck(
        title=rendered.title,
        slug=rendered.slug,
        meta_title=rendered.meta_title,
        meta_description=rendered.meta_description,
        html=rendered.html,
        json_ld=rendered.json_ld,
        keyphrase=question.keyphrase,
        language=question.language,
        word_target=question.word_target,
        outline_headings=rendered.outline,
        finish_reason=finish_reason,
        images=None,
        source_text=question.model_dump_json(),
        fixed_sections=rendered.fixed_sections,
    )
    report = check_draft(draft, tools.texts)
    if not report.blocks:
        # Later drafts of this run are compared with this one before it is saved.
        tools.texts.add(OtherText(-task_id, rendered.title, question.keyphrase, rendered.html))
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
