"""Working titles that read like a person's, hold the keyphrase and are taken by no other text."""

from collections.abc import Iterable, Iterator

from igny8_assets.ai.offline.choice import ordered
from igny8_assets.ai.offline.patterns import Pattern, read_keyword
from igny8_assets.ai.offline.phrases import phrases
from igny8_assets.ai.offline.wording import capitalised, clean, clip, title_case
from igny8_assets.ai.offline.writing.bank import bank, fields
from igny8_assets.ai.offline.writing.prose import fill
from igny8_assets.vocabulary import ContentStructure

_SHORTEST, _LONGEST = 30, 65
_LONGEST_KEYPHRASE = 110


def title_of(keyphrase: str, structure: ContentStructure, taken: Iterable[str]) -> str:
    """Give a text its title.

    Args:
        keyphrase: What the text is to be found for; it begins the title.
        structure: How the text is built; each has titles of its own.
        taken: Titles that other texts have; the new one differs from all in more than case and spaces.

    Returns:
        A title of 30 to 65 characters where the keyphrase allows it, never over 150.
    """
    used = {_key(title) for title in taken}
    free = [title for title in _candidates(keyphrase, structure) if _key(title) not in used]
    fitting = [title for title in free if _SHORTEST <= len(title) <= _LONGEST]
    if fitting or free:
        return fitting[0] if fitting else min(free, key=len)
    number = 2
    title = f"{_start(keyphrase)}: Part {number}"
    while _key(title) in used:
        number += 1
        title = f"{_start(keyphrase)}: Part {number}"
    return title


def _candidates(keyphrase: str, structure: ContentStructure) -> Iterator[str]:
    start = _start(keyphrase)
    slots = {"text": start}
    reading = read_keyword(keyphrase)
    themes = [f"title-{structure}", "title-any"]
    if reading.pattern is Pattern.NEAR:
        themes.insert(0, "title-local")
    if "question" in phrases(reading, commercial=False):
        slots["question"] = start + "?"
        themes.insert(0, "title-questions" if structure is ContentStructure.FAQ else "title-question")
    for theme in themes:
        for frame in ordered(bank(theme).moves, keyphrase):
            if fields(frame) <= slots.keys():
                yield fill(frame, slots, plain=True)


def _start(keyphrase: str) -> str:
    return clip(capitalised(title_case(read_keyword(keyphrase).text)), _LONGEST_KEYPHRASE)


def _key(title: str) -> str:
    return clean(title).casefold()
