"""Intent cells of every tool, as a set of labels held in four bits."""

import re

from igny8_assets.vocabulary import Intent

INTENTS = tuple(sorted(Intent))

_BIT = {intent: 1 << position for position, intent in enumerate(INTENTS)}
_SEPARATORS = re.compile(r"[\s,;|/]+")
_MEANINGS = {
    # Numbers are those of Semrush's API.
    Intent.COMMERCIAL: ("commercial", "c", "0"),
    Intent.INFORMATIONAL: ("informational", "i", "1"),
    Intent.NAVIGATIONAL: ("navigational", "n", "2"),
    Intent.TRANSACTIONAL: ("transactional", "t", "3"),
}
_BIT_OF = {word: _BIT[intent] for intent, words in _MEANINGS.items() for word in words}
_TRUE = {"true", "1", "yes", "y", "✓"}

LABELS = tuple(",".join(intent for intent in INTENTS if bits & _BIT[intent]) for bits in range(1 << len(INTENTS)))
"""For every set of bits, its labels, sorted and joined by commas."""


def intent_bits(cell: str) -> int:
    """Read a cell such as `Informational, Commercial`, `I/C`, `1,3` or `Informational,Non-branded`.

    Words that are no intent count for nothing.
    """
    text = cell.strip().lower()
    # As letters it would read "navigational".
    if text == "n/a":
        return 0
    bits = 0
    for word in _SEPARATORS.split(text):
        bits |= _BIT_OF.get(word, 0)
    return bits


def flag_bits(intent: Intent, cell: str) -> int:
    """Read a true/false cell of the column named after `intent`."""
    return _BIT[intent] if cell.strip().lower() in _TRUE else 0
