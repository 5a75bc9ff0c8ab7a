"""A little English grammar for noun phrases: which word is the head, is it counted, which article, which plural."""

import re
from dataclasses import dataclass
from functools import lru_cache

from igny8_assets.ai.offline.word_lists import (
    COUNTED_ING_NOUNS,
    COUNTED_NOUNS,
    DETERMINERS,
    NO_COUNTED_NOUNS,
    PHRASAL_VERBS,
    PREPOSITIONS,
    TRAILING_WORDS,
    UNCOUNTED_NOUNS,
)

_MASS_ENDINGS = ("ness", "ism", "ship", "graphy", "ology", "ware", "ance", "ics")
_IRREGULAR = {
    "child": "children", "foot": "feet", "knife": "knives", "leaf": "leaves", "life": "lives", "loaf": "loaves",
    "man": "men", "mouse": "mice", "person": "people", "shelf": "shelves", "tooth": "teeth", "wife": "wives",
    "woman": "women", "half": "halves",
}  # fmt: skip
_PLURALS = frozenset(_IRREGULAR.values()) | {"cattle", "police", "pants", "series"}
_SINGULAR_S = ("ss", "us", "is", "ics", "ws")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
# Written with a vowel but spoken with a consonant, and the other way round.
_SPOKEN_CONSONANT = re.compile(r"(?:uni|use|usu|uti|euro|ewe|one\b|once|ubi|ura|u[A-Z]|U[A-Z])")
_SPOKEN_VOWEL = re.compile(r"(?:hour|honest|heir|honou?r|[FHLMNRSX](?:[A-Z0-9]+)\b|8|11\b|18\b)")


@dataclass(frozen=True)
class NounPhrase:
    """A noun phrase in the forms that a sentence may need.

    `bare` is as given, `one` a single example ("an espresso machine", "cold brew", "coffee beans"), `many` the kind as
    a whole ("espresso machines"), `plural` says whether `bare` takes a plural verb, `takes_determiner` whether "your"
    or "any" may stand before it.
    """

    bare: str
    one: str
    many: str
    plural: bool = False
    takes_determiner: bool = True


@lru_cache(maxsize=4096)
def noun_phrase(text: str) -> NounPhrase:
    """Read a noun phrase such as "coffee grinder for espresso".

    What is not plainly English keeps its form everywhere: a wrong article is worse than none.
    """
    words = text.split()
    if words[0].lower() in DETERMINERS:
        return NounPhrase(text, text, text, takes_determiner=False)
    place = _head(words)
    head = words[place].lower()
    if not all(word.isascii() for word in words) or not _WORD.fullmatch(head) or "and" in words[:place]:
        return NounPhrase(text, text, text, takes_determiner=False)
    if _is_plural(head):
        return NounPhrase(text, text, text, plural=True)
    if _is_mass(head):
        return NounPhrase(text, text, text)
    one = f"{article(text)} {text}"
    if place + 1 < len(words) and words[place + 1][0].isdigit():
        return NounPhrase(text, one, one)
    plural = _IRREGULAR.get(head) or _pluralised(words[place])
    return NounPhrase(text, one, " ".join([*words[:place], plural, *words[place + 1 :]]))


def article(text: str) -> str:
    """`a` or `an`, by how the text is spoken."""
    if _SPOKEN_VOWEL.match(text) or (text[:1].lower() in "aeiou" and not _SPOKEN_CONSONANT.match(text)):
        return "an"
    return "a"


def with_article(action: str) -> str:
    """Give the object of an action its article: "clean moka pot" becomes "clean a moka pot".

    Only where the object plainly is one counted thing; otherwise the action comes back as it is.
    """
    verb, _, rest = action.partition(" ")
    words = rest.split()
    if not words or not all(word.isascii() for word in words) or words[0].lower() in DETERMINERS | PREPOSITIONS:
        return action
    end = next((place for place, word in enumerate(words) if word.lower() in PREPOSITIONS | TRAILING_WORDS), len(words))
    head = words[end - 1].lower() if end else ""
    group = words[:end]
    if not _WORD.fullmatch(head) or "and" in group or _is_plural(head) or not _surely_counted(head):
        return action
    return f"{verb} {article(rest)} {rest}"


def _head(words: list[str]) -> int:
    end = next((place for place in range(1, len(words)) if _splits(words, place)), len(words)) - 1
    while end > 0 and (words[end].lower() in TRAILING_WORDS or words[end][0].isdigit()):
        end -= 1
    return end


def _splits(words: list[str], place: int) -> bool:
    """Whether a preposition ends the noun group, rather than being a part of it as in "pour over" or "built in"."""
    word = words[place].lower()
    if word in {"over", "through", "on", "in", "up", "off", "out", "down"}:
        return place + 1 < len(words) and word in {"on", "in"} and words[place - 1].lower() not in PHRASAL_VERBS
    return word in PREPOSITIONS


def _is_plural(word: str) -> bool:
    return word in _PLURALS or (len(word) > 3 and word.endswith("s") and not word.endswith(_SINGULAR_S))


def _is_mass(word: str) -> bool:
    if word in UNCOUNTED_NOUNS or word.endswith(_MASS_ENDINGS):
        return True
    return word.endswith("ing") and len(word) > 5 and word not in COUNTED_ING_NOUNS


def _surely_counted(word: str) -> bool:
    """Words after a verb are less plainly nouns, so only common endings and things count as nouns here."""
    if word in UNCOUNTED_NOUNS or word in NO_COUNTED_NOUNS:
        return False
    return (len(word) > 4 and word.endswith(("er", "or", "ine", "ttle", "phone", "top"))) or word in COUNTED_NOUNS


def _pluralised(word: str) -> str:
    lower = word.lower()
    if lower.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if lower.endswith("y") and len(lower) > 1 and lower[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"
