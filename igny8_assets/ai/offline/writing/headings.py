"""The headings of a draft: about half of them with the keyphrase, no two alike."""

from collections.abc import Sequence

from igny8_assets.ai.offline.choice import ordered
from igny8_assets.ai.offline.patterns import Pattern
from igny8_assets.ai.offline.wording import capitalised, clip, listed
from igny8_assets.ai.offline.writing.bank import bank, fields
from igny8_assets.ai.offline.writing.brief import Brief
from igny8_assets.ai.offline.writing.density import KeyphraseCounter
from igny8_assets.ai.offline.writing.outline import Plan
from igny8_assets.ai.offline.writing.prose import fill

_LONGEST = 120
_LONGEST_LIST = 85
# The middle of the 30 to 75 % that search plugins ask for.
_SHARE = 0.5
# Headings that whoever renders a draft may add; a section must not be taken for them.
_RESERVED = {"conclusion", "frequently asked questions", "faq"}


def write_headings(
    brief: Brief, plans: Sequence[Plan], keyphrase: KeyphraseCounter, *, others: int, held: int
) -> list[str]:
    """Write a heading for each planned section.

    Args:
        brief: What the draft is about.
        plans: The sections in order.
        keyphrase: Tells whether a heading holds the keyphrase.
        others: Number of headings that the draft has besides, such as its questions.
        held: How many of those hold the keyphrase.

    Returns:
        As many headings as plans, plain text.
    """
    options = [_options(brief, plan) for plan in plans]
    free = [place for place, plan in enumerate(plans) if not plan.topics and plan.theme != "umbrella"]
    fixed = sum(keyphrase.within(choices[0]) for place, choices in enumerate(options) if place not in free)
    wanted = min(len(free), max(0, round(_SHARE * (len(plans) + others)) - fixed - held))
    with_keyphrase = {free[place * len(free) // wanted] for place in range(wanted)} if wanted else set()
    taken = set(_RESERVED)
    headings = []
    for place, choices in enumerate(options):
        if place in free:
            holds = place in with_keyphrase
            choices = sorted(choices, key=lambda choice: keyphrase.within(choice) != holds)  # noqa: PLW2901
        heading = next((choice for choice in choices if choice.casefold() not in taken), None) or _numbered(
            choices[0], taken
        )
        taken.add(heading.casefold())
        headings.append(heading)
    return headings


def _options(brief: Brief, plan: Plan) -> list[str]:
    theme = bank(plan.theme)
    several = len(plan.topics) > 1
    frames = theme.groups if several else theme.headings
    slots = plan.topics[0].slots if len(plan.topics) == 1 else brief.topic.slots
    seed = brief.seed + "".join(topic.text for topic in plan.topics)
    if "question" in slots:
        frames = [asked for frame in frames if (asked := _after_a_question(frame))]
    usable = [frame for frame in ordered(frames, seed) if fields(frame) <= slots.keys()]
    named = _named(plan) if several else []
    if several:
        usable += ordered(bank("any").groups, seed)
    choices = named + [clip(capitalised(fill(frame, slots, plain=True)), _LONGEST) for frame in usable]
    return choices or [clip(capitalised(slots["text"]), _LONGEST)]


def _after_a_question(frame: str) -> str:
    """The frame for a keyphrase that is a question: the question mark takes the place of the colon."""
    if frame.startswith("{text}: "):
        return "{question} " + capitalised(frame.removeprefix("{text}: "))
    return f"{frame}?" if frame.endswith(": {text}") else "" if "{text}" in frame else frame


def _named(plan: Plan) -> list[str]:
    """Headings that name the keywords of a group; a question can't stand in a row with other things."""
    names = [topic.text for topic in plan.topics if topic.pattern is not Pattern.QUESTION]
    whole = len(names) == len(plan.topics)
    rows = [listed(names)] if names and whole else []
    if len(names) > 1:
        rows.append(f"{names[0]}, {names[1]} and more")
    if names:
        rows.append(f"{names[0]} and more")
    return [capitalised(row) for row in rows if len(row) <= _LONGEST_LIST]


def _numbered(heading: str, taken: set[str]) -> str:
    number = 2
    while f"{heading} ({number})".casefold() in taken:
        number += 1
    return f"{heading} ({number})"
