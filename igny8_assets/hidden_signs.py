"""Signs that are not seen and make a text read otherwise than it is stored."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows. Marks that a script itself needs are not among them."""
HIDDEN = TURNING | frozenset("\u200b\ufeff")
"""Besides those the zero-width space and the byte-order mark."""


def without_hidden(text: str) -> str:
    """The text without hidden signs."""
    return text if text.isascii() else "".join(sign for sign in text if sign not in HIDDEN)
