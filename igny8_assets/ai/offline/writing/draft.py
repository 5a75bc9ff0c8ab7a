"""Writes a whole outline draft from its brief."""

from collections import Counter

from igny8_assets.ai.offline.patterns import Pattern
from igny8_assets.ai.offline.wording import clip, markdown
from igny8_assets.ai.offline.writing.bank import bank
from igny8_assets.ai.offline.writing.brief import Brief
from igny8_assets.ai.offline.writing.density import KeyphraseCounter
from igny8_assets.ai.offline.writing.headings import write_headings
from igny8_assets.ai.offline.writing.meta import write_meta_description, write_meta_title
from igny8_assets.ai.offline.writing.outline import plan_sections
from igny8_assets.ai.offline.writing.prose import Prose
from igny8_assets.ai.offline.writing.questions import choose_questions, how_many_questions, write_answers
from igny8_assets.ai.offline.writing.sections import others_named, write_body
from igny8_assets.ai.schemas import ContentBriefInput, Draft, Section

_INTRODUCTION_WORDS = 85
_CONCLUSION_WORDS = 60
_ANSWER_WORDS = 42
_SHORTEST_SECTION = 45
_LONGEST_TITLE = 150
_INTRODUCTIONS = {
    Pattern.HOW_TO: "introduction-how-to",
    Pattern.QUESTION: "introduction-question",
    Pattern.COMPARISON: "introduction-comparison",
    Pattern.BEST: "introduction-best",
    Pattern.NEAR: "introduction-near",
}


def write_draft(asked: ContentBriefInput) -> Draft:
    """Write an outline draft: true, plain guidance for readers, arranged around the brief's own keywords.

    It states no facts, figures or results, because there is nobody here who could know them: it gives questions, steps,
    criteria and mistakes that hold for any topic of its kind, and leaves the facts to the writer. The sentences are
    English whatever the brief's language is. The same brief always gives the same draft.

    Args:
        asked: The brief; its `description` and `brand_voice` are for a writer who can follow them.
    """
    brief = Brief(asked)
    keyphrase = KeyphraseCounter(brief.topic.text)
    prose = Prose(brief.seed, keyphrase)
    asides = _INTRODUCTION_WORDS + _CONCLUSION_WORDS + how_many_questions(brief.words) * _ANSWER_WORDS
    plans = plan_sections(brief, brief.words - asides)
    alone = {plan.topics[0].text for plan in plans if len(plan.topics) == 1}
    questions = choose_questions(brief, keyphrase, alone)
    # The questions, the heading over them and the one over the conclusion count as headings too.
    held = sum(keyphrase.within(question) for question, _ in questions)
    headings = write_headings(brief, plans, keyphrase, others=len(questions) + 2, held=held)
    introduction = _introduction(prose, brief, keyphrase)
    ending = _CONCLUSION_WORDS + len(questions) * _ANSWER_WORDS
    alike = Counter(plan.theme for plan in plans if len(plan.topics) == 1)
    sections = []
    for place, (plan, heading) in enumerate(zip(plans, headings, strict=True)):
        prose.note(heading)
        left = brief.words - ending - prose.words
        words = max(_SHORTEST_SECTION, left // (len(plans) - place)) if plan.theme != "umbrella" else 0
        body = write_body(prose, brief, plan, words, alike=alike[plan.theme] or 1)
        sections.append(Section(heading=heading, level=plan.level, body=body))
    return Draft(
        title=_title(brief),
        meta_title=write_meta_title(brief, keyphrase),
        meta_description=write_meta_description(brief),
        introduction=introduction,
        sections=sections,
        faq=write_answers(prose, questions),
        conclusion=_conclusion(prose, brief),
    )


def _title(brief: Brief) -> str:
    title = clip(brief.title, _LONGEST_TITLE)
    return title if len(title) >= 5 else f"{title or 'A plain'} guide".strip()


def _introduction(prose: Prose, brief: Brief, keyphrase: KeyphraseCounter) -> str:
    slots = brief.topic.slots
    default = "introduction-choosing" if brief.commercial else "introduction-learning"
    first = prose.say(bank(_INTRODUCTIONS.get(brief.topic.pattern, default)).moves, slots)
    if first is None or not keyphrase.within(first):
        mention = f"This page is about “{markdown(brief.topic.text)}”."
        prose.note(mention)
        first = f"{mention} {first}" if first else mention
    named = others_named(brief.supporting)
    second = prose.say(bank("promise" if named else "promise-alone").moves, {**slots, "others": named})
    third = prose.say(bank("method").moves, {})
    return "\n\n".join(part for part in (f"{first} {second}" if second else first, third) if part)


def _conclusion(prose: Prose, brief: Brief) -> str:
    parts = [
        prose.say(bank(theme).moves, brief.topic.slots) for theme in ("conclusion", "next_step", "farewell", "closing")
    ]
    return " ".join(part for part in parts[:3] if part) or parts[3] or "That is all for now."
