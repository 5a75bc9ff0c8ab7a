"""What search engines show of a draft: its title of 50 to 60 and its description of 121 to 156 characters."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import permutations

from igny8_assets.ai.offline.choice import ordered
from igny8_assets.ai.offline.wording import capitalised, clean, clip, title_case
from igny8_assets.ai.offline.writing.bank import bank
from igny8_assets.ai.offline.writing.brief import Brief
from igny8_assets.ai.offline.writing.density import KeyphraseCounter
from igny8_assets.ai.offline.writing.prose import fill
from igny8_assets.vocabulary import ContentStructure

_TITLE = (50, 60)
_DESCRIPTION = (121, 156)
_LONGEST_KEYPHRASE = 95
_TAILS = {
    ContentStructure.HOW_TO: "tail-doing",
    ContentStructure.TUTORIAL: "tail-doing",
    ContentStructure.COMPARISON: "tail-comparing",
}


def write_meta_title(brief: Brief, keyphrase: KeyphraseCounter) -> str:
    """The title for search engines, with the keyphrase; the draft's own if it has the right length."""
    return _within(_titles(brief, keyphrase), _TITLE)


def write_meta_description(brief: Brief) -> str:
    """The description for search engines: the keyphrase, then what the text offers."""
    return _within(_descriptions(brief), _DESCRIPTION)


def _titles(brief: Brief, keyphrase: KeyphraseCounter) -> Iterator[str]:
    site = clean(brief.asked.site_name)
    if keyphrase.within(brief.title):
        yield brief.title
        if site:
            yield f"{brief.title} | {site}"
    start = clip(capitalised(title_case(brief.topic.text)), _TITLE[1])
    theme = _TAILS.get(brief.structure, "tail-choosing" if brief.commercial else "tail-learning")
    tails = ordered(bank(theme).moves, brief.seed)
    for tail in tails:
        yield start + tail
    for tail in ["", *tails] if site else ():
        yield f"{start}{tail} | {site}"
    yield start


def _descriptions(brief: Brief) -> Iterator[str]:
    slots = {"text": clip(brief.topic.text, _LONGEST_KEYPHRASE)}
    leads = [fill(frame, slots, plain=True) for frame in ordered(bank("lead").moves, brief.seed)]
    follow = ordered(bank("follow").moves, brief.seed)
    fillers = ordered(bank("fill").moves, brief.seed)
    for lead in leads:
        for count in (2, 1, 3):
            for chosen in permutations(follow, count):
                yield " ".join((lead, *chosen))
        for first in follow:
            for last in fillers:
                yield f"{lead} {first} {last}"
    for lead in leads:
        yield from (f"{lead} {last}" for last in fillers)
    yield from leads


def _within(candidates: Iterable[str], limits: tuple[int, int]) -> str:
    """The first candidate of the right length; else the longest that is not too long; else the shortest, cut."""
    low, high = limits
    best, best_width = "", 0
    shortest = ""
    for candidate in candidates:
        width = _width(candidate)
        if low <= width <= high:
            return candidate
        if best_width < width < low:
            best, best_width = candidate, width
        if not shortest or width < _width(shortest):
            shortest = candidate
    return best or clip(shortest, high)


def _width(text: str) -> int:
    """Characters as search results count them: a wide East Asian one is two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
