"""What a keyword is about, apart from the words that searchers put around it."""

from functools import lru_cache

_EDGE_MARKS = "?!.,"
# Words that change how one searches, hardly what for.
_MODIFIERS = frozenset(
    word
    for line in (
        "how what which where when why who can do does are is",
        "a an the this that my your our you i me it",
        "of in on at to for from by with without near and or vs",
        "best top good great new free cheap online",
        "app apps tool tools software website websites site sites review reviews",
    )
    for word in line.split()
)


def core_of(text: str) -> str:
    """A normalised text without its English modifiers and years; the text itself if nothing else is in it.

    "best free ai logo maker" and "ai logo maker app" have one core: one page answers both.
    """
    words = [word for word in text.split() if not _is_modifier(word)]
    return " ".join(words) or text


@lru_cache(maxsize=1 << 16)
def _is_modifier(word: str) -> bool:
    """Kept, since lists have the same words again and again."""
    word = word.strip(_EDGE_MARKS)
    return word in _MODIFIERS or (len(word) == 4 and word.isdecimal() and word.startswith(("19", "20")))
