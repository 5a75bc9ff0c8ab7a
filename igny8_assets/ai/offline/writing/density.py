"""Counts how often a text holds its keyphrase: all of its telling words in one sentence or heading, in any order."""

import re
from functools import lru_cache

from igny8_assets.ai.offline.word_lists import FUNCTION_WORDS

_WORD = re.compile(r"[^\W_]+(?:['’.+-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?]+[\"”’)]*\s+|\n+")


class KeyphraseCounter:
    """Knows the telling words of one keyphrase; singular and plural are the same word."""

    def __init__(self, keyphrase: str) -> None:
        words = list(dict.fromkeys(_stems(keyphrase)))
        self._words = [word for word in words if word not in FUNCTION_WORDS] or words

    def count(self, text: str) -> int:
        """How often the text holds the keyphrase: per sentence, as often as its rarest word."""
        total = 0
        for sentence in _SENTENCE_END.split(text):
            present = _stems(sentence)
            total += min((present.count(word) for word in self._words), default=0)
        return total

    def within(self, text: str) -> bool:
        """Whether the text holds the keyphrase at all, be it over several sentences."""
        present = set(_stems(text))
        return bool(self._words) and present.issuperset(self._words)


@lru_cache(maxsize=8192)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in _WORD.findall(text.casefold().replace("’", "'")))


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
