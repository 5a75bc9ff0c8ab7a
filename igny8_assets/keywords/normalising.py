"""Keyword text as people see it, and the form on which identity is decided."""

import re
from unicodedata import category, normalize

LONGEST_KEYWORD = 200
LONGEST_SHOWN = 200
UNREADABLE = "\ufffd"

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_MARKET = re.compile(r"(?:mobile-)?([a-z]{2})(?:-ext)?")


def tidy(text: str) -> str:
    """Return `text` as it is shown: NFC, trimmed, every stretch of white space one space, no invisible filler."""
    # Taking a filler out may bring characters together that compose, so composing comes last.
    return normalize("NFC", " ".join(_INVISIBLE.sub("", text).split()))


def normalise(text: str) -> str:
    """Return the form on which two keywords are the same: `tidy`, with letter case folded (and composed again)."""
    return normalize("NFC", tidy(text).casefold())


def fault(raw: str) -> str | None:
    """Say why a keyword cell cannot be a keyword, or nothing if it can."""
    if any(category(sign) == "Cc" and sign not in "\t\r\n" for sign in raw):
        return "control characters in the keyword"
    if UNREADABLE in raw:
        return "characters that could not be decoded in the keyword"
    text = tidy(raw)
    if not text:
        return "the keyword is empty"
    if len(text) > LONGEST_KEYWORD:
        return f"the keyword is {len(text):,} characters long, {LONGEST_KEYWORD} are allowed"
    return None


def market_code(text: str) -> str | None:
    """Return the lower-case ISO 3166 code of a country or database cell: `US` and `mobile-us` are `us`, `uk` is `gb`.

    Anything else (a country's name, an empty cell) is unknown.
    """
    match = _MARKET.fullmatch(text.strip().lower())
    if match is None:
        return None
    return "gb" if match[1] == "uk" else match[1]


def shown(text: str) -> str:
    """Return `text` fit for a message or a rejects file: one line, no control characters, at most 200 characters."""
    # Cut first: the text may be a whole broken file.
    line = " ".join(text[: 2 * LONGEST_SHOWN].split())
    if not line.isprintable():
        line = "".join(UNREADABLE if category(sign) in {"Cc", "Cs"} else sign for sign in line)
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
