"""The steps in which a text is written, answered from one whole draft: brief, sections, what joins them, mending."""

from functools import lru_cache

from igny8_assets.ai.offline.wording import markdown
from igny8_assets.ai.offline.writing.bank import bank
from igny8_assets.ai.offline.writing.brief import Brief
from igny8_assets.ai.offline.writing.density import KeyphraseCounter
from igny8_assets.ai.offline.writing.draft import write_draft
from igny8_assets.ai.offline.writing.outline import Plan
from igny8_assets.ai.offline.writing.prose import Prose
from igny8_assets.ai.offline.writing.sections import LONGEST_BODY, write_body
from igny8_assets.ai.schemas import (
    ContentBrief,
    ContentBriefInput,
    ContentBriefOutput,
    ContentJoinInput,
    ContentJoinOutput,
    ContentMendInput,
    ContentSectionInput,
    ContentSectionOutput,
    Draft,
    FaqEntry,
    LinkTarget,
    OutlineEntry,
)

_MOST_LINKS = 3
_DRAFTS_KEPT = 64
_SHORTEST, _LONGEST = 30, 2000
FAQ_HEADING, CONCLUSION_HEADING = "Frequently asked questions", "Conclusion"


def plan_brief(asked: ContentBriefInput) -> ContentBriefOutput:
    """Plan a text: the sections, questions and links that its draft would have."""
    draft = _whole(asked.model_copy(update={"link_candidates": []}).model_dump_json())
    brief = Brief(asked)
    purpose = "want to choose and compare" if brief.commercial else "want to understand it, or to do it themselves"
    return ContentBriefOutput(
        audience=f"People who search for “{asked.keyphrase}” and {purpose}; they need no knowledge beforehand.",
        outline=[
            OutlineEntry(
                heading=section.heading,
                level=section.level,
                points=[],
                words=min(_LONGEST, max(_SHORTEST, len(section.body.split()))),
            )
            for section in draft.sections
        ],
        questions=[entry.question for entry in draft.faq],
        link_ids=[candidate.id for candidate in asked.link_candidates[:_MOST_LINKS]],
    )


def write_section(asked: ContentSectionInput) -> ContentSectionOutput:
    """Write a section: that of the whole draft, or a general one under a heading that a person thought of."""
    brief = asked.brief
    entry = brief.outline[asked.section]
    known = {section.heading: section.body for section in _draft_of(brief).sections}
    body = known.get(entry.heading) or _general(brief, entry)
    return ContentSectionOutput(body=_linked(body, brief, asked.section))


def join_sections(asked: ContentJoinInput) -> ContentJoinOutput:
    """Give the sections their beginning and end."""
    draft = _draft_of(asked.brief)
    known = {entry.question: entry.answer for entry in draft.faq}
    return ContentJoinOutput(
        title=draft.title,
        meta_title=draft.meta_title,
        meta_description=draft.meta_description,
        introduction=draft.introduction,
        leads=[],
        faq_heading=FAQ_HEADING,
        faq=[
            FaqEntry(question=question, answer=known.get(question) or _general_answer(place))
            for place, question in enumerate(asked.brief.questions)
        ],
        conclusion_heading=CONCLUSION_HEADING,
        conclusion=draft.conclusion,
    )


def mend_draft(asked: ContentMendInput) -> Draft:
    """Write the text anew, in other words: what was found against it is part of what the choice of words goes by."""
    found = "; ".join(f"{finding.check}: {finding.evidence}" for finding in asked.findings)
    reasons = [reason for reason in (asked.brief.rejection_reason, found) if reason]
    brief = asked.brief.model_copy(update={"rejection_reason": "; ".join(reasons)})
    draft = _draft_of(brief)
    sections = [
        section.model_copy(update={"body": _linked(section.body, brief, place)})
        for place, section in enumerate(draft.sections)
    ]
    return draft.model_copy(update={"sections": sections})


def _draft_of(brief: ContentBrief) -> Draft:
    shared = {name: getattr(brief, name) for name in ContentBriefInput.model_fields if name != "link_candidates"}
    return _whole(ContentBriefInput(**shared).model_dump_json())


@lru_cache(maxsize=_DRAFTS_KEPT)
def _whole(asked: str) -> Draft:
    """The draft from which all steps of one text take their part: no sentence of it occurs twice."""
    return write_draft(ContentBriefInput.model_validate_json(asked))


def _general(brief: ContentBrief, entry: OutlineEntry) -> str:
    topic_of = ContentBriefInput(
        **{name: getattr(brief, name) for name in ContentBriefInput.model_fields if name != "link_candidates"}
    ).model_copy(update={"keyphrase": entry.heading, "title": entry.heading})
    asked = Brief(topic_of)
    prose = Prose(asked.seed, KeyphraseCounter(brief.keyphrase))
    body = write_body(prose, asked, Plan(asked.topic.theme, (asked.topic,)), min(entry.words, LONGEST_BODY))
    points = "\n".join(f"- {markdown(point)}" for point in entry.points)
    return f"{body}\n\nKeep these points in mind:\n\n{points}\n\nTake them in this order." if points else body


def _general_answer(place: int) -> str:
    """An answer to a question that a person thought of, of which nothing is known here."""
    plain = [move for move in bank("closing").moves if "{" not in move]
    return plain[place % len(plain)]


def _linked(body: str, brief: ContentBrief, section: int) -> str:
    """A body with a link at its end, in every other section while there are links."""
    place, odd = divmod(section, 2)
    if odd or place >= len(brief.links):
        return body
    target: LinkTarget = brief.links[place]
    return f"{body}\n\nMore on this site: [{markdown(target.title)}]({target.id})."
