"""How a text comes to be: its brief, its sections at the same time, what joins them, and mending what checks block."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from igny8_assets.ai.engine import Answer, all_of
from igny8_assets.ai.schemas import (
    ContentBrief,
    ContentBriefInput,
    ContentBriefOutput,
    ContentJoinInput,
    ContentJoinOutput,
    ContentMendInput,
    ContentSectionInput,
    Draft,
    DraftFinding,
    Section,
)
from igny8_assets.quality.report import QualityReport
from igny8_assets.stages.rendering import RenderedDraft, render
from igny8_assets.stages.stage import Item
from igny8_assets.stages.tools import Tools

MOST_MENDED = 2
"""How often a draft that the checks block is sent back with what they found."""

Check = Callable[[RenderedDraft, ContentBrief], Awaitable[QualityReport]]


@dataclass(frozen=True)
class CheckedDraft:
    """A draft with the report on it, and how it was made."""

    rendered: RenderedDraft
    report: QualityReport
    provenance: dict[str, Any]


async def plan(item: Item, tools: Tools, question: ContentBriefInput) -> ContentBrief:
    """Have the brief of a text made."""
    planned: ContentBriefOutput = (await tools.ask(item, "generate_content_brief", question)).value
    offered = {candidate.id: candidate for candidate in question.link_candidates}
    shared = {name: getattr(question, name) for name in ContentBrief.model_fields if hasattr(question, name)}
    return ContentBrief(
        **shared,
        audience=planned.audience,
        outline=planned.outline,
        questions=planned.questions,
        links=[offered[link] for link in planned.link_ids],
    )


async def write(item: Item, tools: Tools, brief: ContentBrief, check: Check) -> CheckedDraft:
    """Write a text from its brief, and mend what the checks block, twice at most.

    Returns:
        The last draft; its report says whether it is blocked still.
    """
    written = await all_of(
        tools.ask(item, "generate_content_section", ContentSectionInput(brief=brief, section=place))
        for place in range(len(brief.outline))
    )
    sections = [
        Section(heading=entry.heading, level=entry.level, body=answer.value.body)
        for entry, answer in zip(brief.outline, written, strict=True)
    ]
    joining = await tools.ask(item, "generate_content_join", ContentJoinInput(brief=brief, sections=sections))
    last, draft = joining, _joined(sections, joining.value)
    mended = 0
    while True:
        rendered = await asyncio.to_thread(render, draft, brief, tools.ticket.site.domain)
        report = await check(rendered, brief)
        if not report.blocks or mended == MOST_MENDED:
            return CheckedDraft(rendered, report, _provenance(tools, last, mended))
        findings = [DraftFinding(check=found.check, evidence=found.evidence) for found in report.blocks]
        last = await tools.ask(
            item, "generate_content_mend", ContentMendInput(brief=brief, draft=draft, findings=findings)
        )
        draft, mended = last.value, mended + 1


def _joined(sections: list[Section], joining: ContentJoinOutput) -> Draft:
    leads = {lead.section: lead.sentence for lead in joining.leads}
    return Draft(
        title=joining.title,
        meta_title=joining.meta_title,
        meta_description=joining.meta_description,
        introduction=joining.introduction,
        sections=[
            section.model_copy(update={"body": f"{leads[place]}\n\n{section.body}"}) if place in leads else section
            for place, section in enumerate(sections)
        ],
        faq_heading=joining.faq_heading,
        faq=joining.faq,
        conclusion_heading=joining.conclusion_heading,
        conclusion=joining.conclusion,
    )


def _provenance(tools: Tools, last: Answer, mended: int) -> dict[str, Any]:
    provider = tools.engine.provider
    return {
        "provider": provider.name,
        "model": last.model,
        "prompt_version": last.prompt_version,
        "note": provider.note,
        "mended": mended,
    }
