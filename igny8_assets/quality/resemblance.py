"""Whether a site has something already: titles and keyphrases that say the same, whatever their order and number.

Compared are sets of words without those that carry no topic, English plurals as singulars: equal sets are the same
thing; so are titles of four words and more that share at least 85 % of them. One word's difference in a short title is
a difference: "shoes for men" and "shoes for women" are two texts.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice
from math import log

from igny8_assets.quality.words import folded, words_of

_EMPTY = frozenset(
    (  # noqa: SIM905 - a list of words reads better as words
        "a an the of to in on at by for from with and is are be do does your you my our we i it its"
    ).split()
)
_ALIKE = 0.85
_FEWEST_ALIKE = 4
_COMMON = 1000
_SITE_NAME = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]*$")

Words = frozenset[str]


@dataclass(frozen=True)
class Existing:
    """Something that a site has: an idea, a text or a page, with its number; `idea_id` is the idea a text came of."""

    kind: str
    id: int
    title: str
    keyphrase: str = ""
    url: str | None = None
    idea_id: int | None = None

    @property
    def name(self) -> str:
        """What a person is told."""
        return f"{self.kind} {self.id}: {self.url or self.title}"


@dataclass(frozen=True)
class Resemblance:
    """What something resembles, and in what."""

    existing: Existing
    reason: str


@dataclass(frozen=True)
class _Sets:
    title: Words
    all: tuple[Words, ...]


@dataclass
class SiteIndex:
    """All that a site has, found by the words of titles and keyphrases."""

    _entries: dict[tuple[str, int], Existing] = field(default_factory=dict)
    _sets: dict[tuple[str, int], _Sets] = field(default_factory=dict)
    _by_word: defaultdict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, existing: Iterable[Existing]) -> "SiteIndex":
        """An index of these."""
        index = cls()
        for one in existing:
            index.add(one)
        return index

    def add(self, existing: Existing) -> None:
        """Remember something more; what bears the same kind and number is replaced."""
        key = (existing.kind, existing.id)
        for old in self._sets[key].all if key in self._sets else ():
            for word in old:
                self._by_word[word].discard(key)
        title = telling_words(existing.title)
        bare = telling_words(_SITE_NAME.sub("", existing.title))
        sets = [words for words in (title, bare, telling_words(existing.keyphrase)) if words]
        self._entries[key], self._sets[key] = existing, _Sets(bare or title, tuple(dict.fromkeys(sets)))
        for word in frozenset().union(*sets):
            self._by_word[word].add(key)

    def resembling(
        self, title: str, keyphrase: str, *, compare: Callable[[Existing], bool] = lambda _: True
    ) -> Resemblance | None:
        """What of the site has this title or keyphrase already, or a title very near.

        Args:
            compare: says of something whether it counts.
        """
        asked_title, asked_phrase = telling_words(title), telling_words(keyphrase)
        # A title that shares 85 % of the words lacks 15 % of them at most: one of so many and one more it shares. The
        # rarest leave the fewest to compare; equal sets share the rarest of all.
        telling = [*self._rarest(asked_title, int(len(asked_title) * (1 - _ALIKE)) + 1), *self._rarest(asked_phrase, 1)]
        candidates = set[tuple[str, int]]().union(*(self._by_word.get(word, ()) for word in telling))
        # By number, so that the same site gives the same answer.
        for key in sorted(candidates):
            existing = self._entries[key]
            reason = self._reason(key, asked_title, asked_phrase)
            if reason and compare(existing):
                return Resemblance(existing, reason)
        return None

    def nearest(self, text: str, most: int, *, compare: Callable[[Existing], bool]) -> list[Existing]:
        """What of the site is about the nearest topics: by the words shared, rare ones first."""
        scores: defaultdict[tuple[str, int], float] = defaultdict(float)
        words = [word for word in telling_words(text) if word in self._by_word]
        # What nearly everything has in common tells little, and on a large site takes long.
        telling = [word for word in words if len(self._by_word[word]) <= max(_COMMON, len(self._entries) // 10)]
        for word in telling or words:
            keys = self._by_word[word]
            for key in keys:
                scores[key] += log(1 + len(self._entries) / max(1, len(keys)))
        ranked = sorted(scores, key=lambda key: (-scores[key], key))
        return list(islice((self._entries[key] for key in ranked if compare(self._entries[key])), most))

    def _rarest(self, words: Words, most: int) -> list[str]:
        return nsmallest(most, sorted(words), key=lambda word: len(self._by_word.get(word, ())))

    def _reason(self, key: tuple[str, int], title: Words, phrase: Words) -> str | None:
        theirs = self._sets[key]
        kind = self._entries[key].kind
        if title and title in theirs.all:
            return f"{_article(kind)} of this site has the same title"
        if phrase and phrase in theirs.all:
            return f"{_article(kind)} of this site has the same keyphrase"
        together = title | theirs.title
        if min(len(title), len(theirs.title)) >= _FEWEST_ALIKE and len(title & theirs.title) >= _ALIKE * len(together):
            return f"{_article(kind)} of this site has nearly the same title"
        return None


def telling_words(text: str) -> Words:
    """The words of a text that carry its topic; all of them if none does."""
    words = [_singular(word) for word in words_of(folded(text))]
    return frozenset(word for word in words if word not in _EMPTY) or frozenset(words)


def _article(kind: str) -> str:
    return f"an {kind}" if kind == "idea" else f"a {kind}"


def _singular(word: str) -> str:
    word = word.removesuffix("'s")
    if len(word) <= 3 or not word.isascii():
        return word
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
