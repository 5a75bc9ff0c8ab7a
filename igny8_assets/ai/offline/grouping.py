"""Divides the keywords of a cluster among a few texts, by what their searchers want to do."""

from collections import Counter
from collections.abc import Sequence

from igny8_assets.ai.offline.naming import telling_words
from igny8_assets.ai.offline.patterns import Pattern, read_keyword
from igny8_assets.ai.offline.wording import inline
from igny8_assets.ai.schemas import KeywordFacts
from igny8_assets.vocabulary import Intent

Keywords = tuple[KeywordFacts, ...]

_ONE_TEXT = 5
_KEYWORDS_PER_TEXT = 8
_FEWEST_PER_TEXT = 3
_WISHES = {
    Pattern.HOW_TO: "do",
    Pattern.PROBLEM: "do",
    Pattern.RESOURCE: "do",
    Pattern.COMPARISON: "compare",
    Pattern.ALTERNATIVE: "compare",
    Pattern.BEST: "choose",
    Pattern.REVIEW: "choose",
    Pattern.PRICE: "buy",
    Pattern.BUY: "buy",
    Pattern.NEAR: "buy",
    Pattern.QUESTION: "understand",
    Pattern.DEFINITION: "understand",
    Pattern.LIST: "explore",
    Pattern.NEWS: "explore",
    Pattern.CASE_STUDY: "explore",
}
# With whom a wish shares a text, the nearest first.
_NEIGHBOURS = {
    "do": ("understand", "explore", "compare", "choose", "buy"),
    "compare": ("choose", "understand", "explore", "buy", "do"),
    "choose": ("buy", "compare", "explore", "understand", "do"),
    "buy": ("choose", "compare", "explore", "understand", "do"),
    "understand": ("explore", "do", "compare", "choose", "buy"),
    "explore": ("understand", "do", "choose", "compare", "buy"),
}


def is_choosing(keyword: KeywordFacts) -> bool:
    """Whether its searchers want to choose or buy something."""
    return bool({Intent.COMMERCIAL, Intent.TRANSACTIONAL} & set(keyword.intents))


def strongest_first(keywords: Sequence[KeywordFacts]) -> Keywords:
    """By volume, then the easier, then as given; an unknown volume counts as none, an unknown difficulty as highest."""
    ranked = sorted(
        enumerate(keywords),
        key=lambda pair: (
            -(pair[1].volume or 0),
            100 if pair[1].difficulty is None else pair[1].difficulty,
            pair[0],
        ),
    )
    return tuple(keyword for _, keyword in ranked)


def divide_keywords(keywords: Sequence[KeywordFacts], most: int) -> list[Keywords]:
    """Divide keywords among texts, each keyword to exactly one.

    Args:
        keywords: The keywords of a cluster; a repeated id counts once.
        most: The largest number of texts. There are fewer when the keywords don't carry them: one up to five keywords,
            then about one for every eight.

    Returns:
        The groups, the most searched first, each with its strongest keyword first.
    """
    unique = tuple({keyword.id: keyword for keyword in reversed(keywords)}.values())[::-1]
    count = 1 if len(unique) <= _ONE_TEXT else min(most, max(1, (len(unique) + 4) // _KEYWORDS_PER_TEXT))
    groups: dict[str, Keywords] = {}
    for keyword in unique:
        wish = _wish(keyword)
        groups[wish] = (*groups.get(wish, ()), keyword)
    while len(groups) > 1 and (len(groups) > count or min(len(group) for group in groups.values()) < _FEWEST_PER_TEXT):
        _merge_smallest(groups)
    divided = list(groups.values())
    while len(divided) < count and (parts := _split_largest(divided)):
        divided = parts
    ranked = [strongest_first(group) for group in divided]
    return sorted(ranked, key=lambda group: -sum(keyword.volume or 0 for keyword in group))


def _wish(keyword: KeywordFacts) -> str:
    pattern = read_keyword(keyword.text).pattern
    if pattern is Pattern.THING:
        return "choose" if is_choosing(keyword) else "explore"
    return _WISHES[pattern]


def _merge_smallest(groups: dict[str, Keywords]) -> None:
    smallest = min(groups, key=lambda wish: (len(groups[wish]), sum(k.volume or 0 for k in groups[wish]), wish))
    host = next(wish for wish in _NEIGHBOURS[smallest] if wish in groups)
    groups[host] += groups.pop(smallest)


def _split_largest(groups: list[Keywords]) -> list[Keywords] | None:
    """Split the largest group by the word that comes nearest to halving it; nothing if no word does."""
    place = max(range(len(groups)), key=lambda index: len(groups[index]))
    group = groups[place]
    if len(group) < 2 * _KEYWORDS_PER_TEXT - _FEWEST_PER_TEXT:
        return None
    words = {keyword.id: set(inline(keyword.text).split()) for keyword in group}
    counts = Counter(word for found in words.values() for word in found)
    fitting = [
        word
        for word in telling_words([keyword.text for keyword in group])
        if _FEWEST_PER_TEXT + 1 <= counts[word] <= len(group) - _FEWEST_PER_TEXT - 1
    ]
    if not fitting:
        return None
    dividing = min(fitting, key=lambda word: (abs(2 * counts[word] - len(group)), word))
    having = tuple(keyword for keyword in group if dividing in words[keyword.id])
    rest = tuple(keyword for keyword in group if dividing not in words[keyword.id])
    return [*groups[:place], having, rest, *groups[place + 1 :]]
