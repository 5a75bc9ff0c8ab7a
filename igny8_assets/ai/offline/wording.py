"""How a keyword is put on paper: clean, in the right case, cut to length, harmless in Markdown."""

import re
import unicodedata
from functools import lru_cache

from igny8_assets.ai.offline.word_lists import ACRONYMS, PROPER_WORDS, SMALL_WORDS
from igny8_assets.hidden_signs import HIDDEN

_LOOK_ALIKES = str.maketrans("<>[]{}`", "‹›()()'")
_HIDDEN = {"Cc", "Cs", "Co", "Cn"}
_END_MARKS = re.compile(r"[.!?…。！？؟]+(?=[\s\"'”’)\]]|$)")
_MARKDOWN = re.compile(r"([\\`*_\[\]|#~&{}])")
_LEADING = re.compile(r"^(?:[-+=:]|\d+(?=[.)]))")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Make any text one harmless plain line.

    Control and direction-override characters go, white space is collapsed, and the brackets and ticks of mark-up and
    of templates become look-alikes: no renderer, JSON-LD block or feed can then read a tag, link or gap into a keyword.
    """
    if not text.isascii() or not text.isprintable():
        text = "".join(
            " " if c.isspace() else c
            for c in text
            if c.isspace() or (c not in HIDDEN and unicodedata.category(c) not in _HIDDEN)
        )
    return " ".join(text.translate(_LOOK_ALIKES).split())


@lru_cache(maxsize=4096)
def inline(text: str) -> str:
    """The keyword as it stands inside a sentence: without end marks, with acronyms and proper words in capitals.

    A keyword without a letter or digit has nothing to be read; it becomes `this topic`.
    """
    words = _END_MARKS.sub("", clean(text)).strip(" ,;:-").replace("“", "'").replace("”", "'").split()
    if not any(character.isalnum() for word in words for character in word):
        return "this topic"
    if len(words) > 1 and all(word.isupper() or not word.isalpha() for word in words):
        words = [word.lower() for word in words]
    return " ".join(_cased(word) for word in words)


def _cased(word: str) -> str:
    if word != word.lower():
        return word
    if word in ACRONYMS:
        return word.upper()
    return word[0].upper() + word[1:] if word in PROPER_WORDS else word


def title_case(text: str) -> str:
    """The text as a title: capitals for all but small words; words that already have a capital stay as they are."""
    words = text.split()
    last = len(words) - 1
    return " ".join(_titled(word, inside=0 < place < last) for place, word in enumerate(words))


def _titled(word: str, *, inside: bool) -> str:
    if word != word.lower() or (inside and word in SMALL_WORDS):
        return word
    cased = _cased(word)
    if cased != word:
        return cased
    return "-".join(part if inside and part in SMALL_WORDS else capitalised(part) for part in word.split("-"))


def capitalised(text: str) -> str:
    """The text with a capital at its start."""
    if text[:1] in "“'\"(" and len(text) > 1:
        return text[0] + capitalised(text[1:])
    return text[:1].upper() + text[1:]


def clip(text: str, limit: int) -> str:
    """The text cut between words to at most `limit` characters, without a dangling small word or mark."""
    if len(text) <= limit:
        return text
    cut = text[: limit + 1]
    cut = cut[: cut.rindex(" ")] if " " in cut[1:] else text[:limit]
    words = cut.split()
    while len(words) > 1 and words[-1].lower().strip(",;:-–—|") in SMALL_WORDS | {""}:
        words.pop()
    return " ".join(words).rstrip(" ,;:-–—|")[:limit] or text[:limit].strip()


def markdown(text: str) -> str:
    """Escape what Markdown would read as a mark-up sign, so that the text is shown as it is."""
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return _LEADING.sub(lambda match: match[0] + "\\" if match[0].isdigit() else "\\" + match[0], escaped)


def listed(items: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def words_in(text: str) -> int:
    """How many words a text has, counted between white space; marks alone are no words."""
    return sum(any(map(str.isalnum, word)) for word in text.split())
