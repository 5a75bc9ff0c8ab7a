"""When two keywords are the same words in another order or number."""

import re
from functools import lru_cache

# Words that end in s without being a plural of the word before it.
_NOT_PLURAL = frozenset({"news", "lens", "canvas", "atlas", "bias", "series", "species", "always", "gas", "ios", "aws"})
_BETWEEN_WORDS = re.compile(r"(?<=\w)[-_‐‑](?=\w)")
_EDGE_MARKS = ".,;:!?\"'()[]{}…’‘“”"


def word_set(text: str) -> tuple[str, ...]:
    """The words of a normalised text in alphabetical order, each once and in the singular (English rules).

    Two keywords with the same word set are about the same thing: "red shoes" and "shoe red", "wi-fi" and "wi fi".
    """
    if not text.isascii() or "-" in text or "_" in text:
        text = _BETWEEN_WORDS.sub(" ", text)
    return tuple(sorted(set(map(_singular, text.split()))))


@lru_cache(maxsize=1 << 16)
def _singular(word: str) -> str:
    """A word without marks around it, in the singular; kept, since lists have the same words again and again."""
    word = word.strip(_EDGE_MARKS) or word
    for mark in ("'s", "’s"):
        word = word.removesuffix(mark)
    if len(word) <= 3 or not (word.isascii() and word.isalpha()) or word in _NOT_PLURAL:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
