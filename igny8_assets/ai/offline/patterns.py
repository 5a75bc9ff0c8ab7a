"""What kind of search a keyword is: how-to, comparison, review, price, near me, question or simply a thing."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from igny8_assets.ai.offline.wording import inline


class Pattern(StrEnum):
    """The kinds of keyword that need sentences of their own."""

    HOW_TO = "how-to"
    QUESTION = "question"
    COMPARISON = "comparison"
    ALTERNATIVE = "alternative"
    REVIEW = "review"
    PRICE = "price"
    BUY = "buy"
    NEAR = "near me"
    BEST = "best"
    PROBLEM = "problem"
    RESOURCE = "resource"
    LIST = "list"
    DEFINITION = "definition"
    CASE_STUDY = "case study"
    NEWS = "news"
    THING = "thing"


@dataclass(frozen=True)
class Reading:
    """A keyword as it was understood; parts that its pattern does not have are empty.

    `core` is the thing it is about, `purpose` what follows "for", `action` what a how-to or purchase does, `sides` what
    a comparison compares.
    """

    text: str
    pattern: Pattern
    core: str = ""
    purpose: str = ""
    action: str = ""
    sides: tuple[str, ...] = ()


_YEAR = re.compile(r"\s*\b(?:in )?(?:19|20)\d\d\b\s*")
_HOW = re.compile(
    r"^how (?:to|do i|do you|do we|can i|can you|should i|should you|would i) (?P<action>.+)$", re.IGNORECASE
)
_VERBS = (
    "make|build|choose|create|write|get|find|install|remove|improve|reduce|calculate|convert|learn|fix|compare|clean|"
    "descale|cancel|replace|repair|unclog|sharpen|connect|reset|prevent|avoid|increase|lower|renew|delete|unblock"
)
_ACTION = re.compile(rf"^(?P<action>(?:{_VERBS}) .+)$", re.IGNORECASE)
_VERSUS = re.compile(r"\s+(?:vs\.?|versus|v\.)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"^(?:the )?differences? between (?P<a>.+?) and (?P<b>.+)$", re.IGNORECASE)
_WHETHER = re.compile(r"^(?P<a>[^?]+?) or (?P<b>[^?]+)$", re.IGNORECASE)
_QUESTION = re.compile(
    r"^(?:what|what's|whats|why|when|where|which|who|whose|how|can|could|is|are|was|were|does|do|did|should|will|would|"
    r"has|have|am)\b .+",
    re.IGNORECASE,
)
_WHERE_TO_BUY = re.compile(
    r"^where (?:to|can i|can you|do i|do you) (?P<action>(?:buy|get|order|find) .+)$", re.IGNORECASE
)
_BUY_FIRST = re.compile(r"^(?P<action>(?:buy|order|shop for|purchase|rent|hire) .+)$", re.IGNORECASE)
_BUY_LAST = re.compile(r"\b(?:for sale|to buy|online shop|online store|buy online|online|delivery)$", re.IGNORECASE)
_NEAR = re.compile(r"\b(?:near me|near you|nearby|near by|in my area|close to me|around me|open now)\b", re.IGNORECASE)
_REVIEW = re.compile(r"\b(?:reviews?|ratings?|reviewed|worth it)\b", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\b(?:alternatives?(?: to)?|substitutes?(?: for)?|instead of|similar to)\b", re.IGNORECASE)
_PRICE = re.compile(
    r"\b(?:prices?|pricing|costs?|cheap|cheapest|affordable|budget|inexpensive|discounts?|deals?|coupons?|offers?|"
    r"sale|fees?|under \W?\d[\d,.]*)\b",
    re.IGNORECASE,
)
_BEST = re.compile(r"\b(?:best|top[- ]rated|recommended)\b(?: \d+\b)?|^top\b(?![- ]load)(?: \d+\b)?", re.IGNORECASE)
_PROBLEM = re.compile(
    r"\b(?:not|won't|wont|doesn't|can't|isn't|leaking|leaks|broken|stuck|keeps|clogged|blocked|error|problems?|issues?|"
    r"troubleshooting|fail(?:s|ing|ed|ure)?|tastes|smells)\b",
    re.IGNORECASE,
)
_RESOURCE = re.compile(
    r"\b(?:templates?|checklists?|guides?|pdf|worksheets?|cheat sheets?|charts?|calculators?|tutorials?|courses?|"
    r"instructions|step by step)\b|\bmanuals?$",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\b(?:ideas|tips|types|kinds|recipes|list|methods|ways|examples|brands|hacks|techniques)\b", re.IGNORECASE
)
_DEFINITION = re.compile(r"\b(?:meaning|definition|defined|explained|basics|101|what it is)\b", re.IGNORECASE)
_CASE_STUDY = re.compile(r"\bcase stud(?:y|ies)\b|\bsuccess stor(?:y|ies)\b", re.IGNORECASE)
_NEWS = re.compile(r"\b(?:news|trends?|updates?|forecasts?|outlook|latest|statistics)\b", re.IGNORECASE)
_PURPOSE = re.compile(r"^(?P<core>.+?) for (?P<purpose>.+)$", re.IGNORECASE)

_ACTIONS = (
    (Pattern.HOW_TO, _HOW),
    (Pattern.BUY, _WHERE_TO_BUY),
    (Pattern.BUY, _BUY_FIRST),
    (Pattern.HOW_TO, _ACTION),
)
# The first that matches decides; the order puts the wish that shapes a text most before mere qualities.
_CORED = (
    (Pattern.CASE_STUDY, _CASE_STUDY),
    (Pattern.NEAR, _NEAR),
    (Pattern.ALTERNATIVE, _ALTERNATIVE),
    (Pattern.REVIEW, _REVIEW),
    (Pattern.BEST, _BEST),
    (Pattern.PRICE, _PRICE),
    (Pattern.BUY, _BUY_LAST),
    (Pattern.PROBLEM, _PROBLEM),
    (Pattern.NEWS, _NEWS),
    (Pattern.RESOURCE, _RESOURCE),
    (Pattern.DEFINITION, _DEFINITION),
    (Pattern.LIST, _LIST),
)
_LONGEST_ALTERNATIVE = 4


@lru_cache(maxsize=4096)
def read_keyword(keyword: str) -> Reading:
    """Understand one keyword of any content; what fits no pattern is a thing."""
    text = inline(keyword)
    if sides := _sides(text):
        return Reading(text, Pattern.COMPARISON, sides=sides)
    for pattern, expression in _ACTIONS:
        if match := expression.match(text):
            return Reading(text, pattern, action=match["action"])
    if _QUESTION.match(text):
        return _question(text)
    for pattern, expression in _CORED:
        if expression.search(text):
            return _cored(text, pattern, expression)
    core, purpose = _split_purpose(_YEAR.sub(" ", text).strip() or text)
    return Reading(text, Pattern.THING, core=f"{core} for {purpose}" if purpose else core, purpose=purpose)


def _sides(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in _VERSUS.split(text) if part.strip())
    if len(parts) > 1:
        return parts
    if match := _BETWEEN.match(text):
        return match["a"], match["b"]
    match = _WHETHER.match(text)
    if match and not _QUESTION.match(text) and max(len(match[side].split()) for side in "ab") <= _LONGEST_ALTERNATIVE:
        return match["a"], match["b"]
    return ()


def _question(text: str) -> Reading:
    match = re.match(r"^(?:what is|what are|what's|whats) (?:(?:a|an|the) )?(?P<core>[^?]+)$", text, re.IGNORECASE)
    plain = match and len(match["core"].split()) <= _LONGEST_ALTERNATIVE and not _BEST.search(match["core"])
    return Reading(text, Pattern.QUESTION, core=match["core"] if match and plain else "")


def _cored(text: str, pattern: Pattern, expression: re.Pattern[str]) -> Reading:
    rest = " ".join(_YEAR.sub(" ", expression.sub(" ", text)).split()).strip(" -:,")
    core, purpose = _split_purpose(rest)
    words = core.split()
    while words and words[-1].lower() in {"of", "to", "for", "the", "a", "on", "and", "in", "with"}:
        words.pop()
    while words and words[0].lower() in {"of", "to", "for", "on", "and", "in", "with"}:
        words.pop(0)
    if not words or words[0].lower() in {"it", "is", "me", "you"}:
        return Reading(text, pattern)
    return Reading(text, pattern, core=" ".join(words), purpose=purpose)


def _split_purpose(text: str) -> tuple[str, str]:
    match = _PURPOSE.match(text)
    if match and match["purpose"].lower() not in {"me", "you", "sale", "free"}:
        return match["core"], match["purpose"]
    return text, ""
