"""Numbers as exports write them: volumes and their buckets, prices, difficulties, in any usual notation."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LARGEST_VOLUME = 10**12
LARGEST_CPC_MILLIS = 2**31 - 1

_NUMBER = re.compile(
    r"[a-z]{0,3}[^\w\s.,+\-<>~]?"  # a currency before
    r"(?P<digits>[0-9][0-9.,]*|[.,][0-9]+)"
    r"(?:(?P<scale>[kmb])|[a-z]{2,3}|[^\w.,+])?"  # a scale, or a currency or % behind
)
_GROUPING_SIGNS = re.compile(r"[\s'’]")
_DASH = re.compile(r"[-–—]")
_RANGE = re.compile(r"(?P<low>[^-–—]+)[-–—](?P<high>[^-–—]+)")
_WHOLE_PART = re.compile(r"[0-9]*|[0-9]{1,3}(?:[.,][0-9]{2,3})+")
_SCALES = {None: 1, "k": 10**3, "m": 10**6, "b": 10**9}
_ONE_MARK_THEN_THREE = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_BUCKET = re.compile(r"0|50+")


@dataclass(frozen=True)
class Notation:
    """How a file writes decimals: the mark in its volumes if they show one, and the mark elsewhere."""

    volume_mark: str | None = None
    mark: str = "."


def find_notation(volumes: Iterable[str], others: Iterable[str], *, default: str = ".") -> Notation:
    """Decide from all values of a file which of `.` and `,` is its decimal mark.

    Args:
        volumes: distinct cells of the volume column, in which `12.100` can only mean thousands.
        others: distinct cells of prices and difficulties, in which `12.100` proves nothing.
        default: the mark if nothing shows it.
    """
    certain_volumes: Counter[str] = Counter()
    certain_others: Counter[str] = Counter()
    thousands: Counter[str] = Counter()
    for cells, certain in ((volumes, certain_volumes), (others, certain_others)):
        for part in (part for cell in cells if "." in cell or "," in cell for part in _DASH.split(cell)):
            match = _match(part)
            if match is None:
                continue
            digits = match["digits"]
            if _ONE_MARK_THEN_THREE.fullmatch(digits) and match["scale"] is None:
                if cells is volumes:
                    thousands["," if "." in digits else "."] += 1
            elif (mark := _certain_mark(digits)) is not None:
                certain[mark] += 1
    volume_mark = _winner(certain_volumes)
    mark = _winner(certain_others) or volume_mark or _winner(thousands) or default
    return Notation(volume_mark, mark)


def read_volume(cell: str, notation: Notation) -> tuple[int | None, bool]:
    """Read monthly searches: the number, and whether it is only an estimate.

    A range is worth what Google's own files write for it, half its upper end (`1K – 10K` is 5000, as in their
    0/50/500/5000), but not less than its lower end, and 0 if it begins at 0 (`<10`). `100K+` is 100000. `1.5K` is
    rounded, so an estimate as well. What cannot be read is unknown.
    """
    if len(cell) <= 12 and cell.isascii() and cell.isdigit():
        # The usual cell, by the quick way.
        return int(cell), False
    text = cell.strip()
    if text[:1] in {"<", "≤"}:
        return (None if _number(text[1:], notation.volume_mark, whole=True) is None else 0), True
    if text[:1] in {">", "≥", "~", "≈"} or text[-1:] == "+":
        return _volume(_number(text.strip(">≥~≈+"), notation.volume_mark, whole=True)), True
    if bounds := _RANGE.fullmatch(text):
        low = _number(bounds["low"], notation.volume_mark, whole=True)
        high = _number(bounds["high"], notation.volume_mark, whole=True)
        if low is None or high is None or low > high:
            return None, True
        return _volume(max(low, high / 2) if low else low), True
    # A scale means that the number was rounded.
    return _volume(_number(text, notation.volume_mark, whole=True)), text[-1:] in {"K", "M", "B", "k", "m", "b"}


def is_bucket(volume: int) -> bool:
    """Say whether a volume is one that Keyword Planner writes for a range: 0, 50, 500, 5000 and so on."""
    return _BUCKET.fullmatch(str(volume)) is not None


def read_cpc_millis(cell: str, notation: Notation) -> int | None:
    """Read a price per click in thousandths of its currency, half a thousandth rounded up; unknown if unreadable."""
    value = _number(cell, notation.mark, whole=False)
    if value is None or value * 1000 > LARGEST_CPC_MILLIS:
        return None
    return int((value * 1000).to_integral_value(ROUND_HALF_UP))


def read_difficulty(cell: str) -> int | None:
    """Read a difficulty of 0–100, rounded to a whole number; empty, unreadable or beyond the scale is unknown."""
    # Thousands cannot occur, so either mark is a decimal mark.
    value = _number(cell, "," if "," in cell else ".", whole=False)
    if value is None or value > 100:
        return None
    return int(value.to_integral_value(ROUND_HALF_UP))


def read_position(cell: str, notation: Notation) -> float | None:
    """Read a rank in search results, 1 being the best."""
    value = _number(cell, notation.mark, whole=False)
    return None if value is None else float(value)


def _match(cell: str) -> re.Match[str] | None:
    return _NUMBER.fullmatch(_GROUPING_SIGNS.sub("", cell).lower())


def _certain_mark(digits: str) -> str | None:
    """Return the decimal mark if the digits prove it."""
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        return max(".,", key=digits.rfind)
    if dots + commas == 0:
        return None
    used, other = (".", ",") if dots else (",", ".")
    return used if dots + commas == 1 else other


def _winner(votes: Counter[str]) -> str | None:
    if votes["."] == votes[","]:
        return None
    return "." if votes["."] > votes[","] else ","


def _number(cell: str, mark: str | None, *, whole: bool) -> Decimal | None:
    match = _match(cell)
    if match is None:
        return None
    digits, scale = match["digits"], match["scale"]
    if _ONE_MARK_THEN_THREE.fullmatch(digits) and scale is None:
        decimal = mark or ("" if whole else ".")
    else:
        decimal = _certain_mark(digits) or mark or "."
    before, _, behind = digits.partition(decimal) if decimal else (digits, "", "")
    if not _WHOLE_PART.fullmatch(before) or not (behind.isdigit() or not behind):
        return None
    return Decimal(f"{before.replace(',', '').replace('.', '') or 0}.{behind or 0}") * _SCALES[scale]


def _volume(value: Decimal | None) -> int | None:
    if value is None or value > LARGEST_VOLUME:
        return None
    return int(value.to_integral_value(ROUND_HALF_UP))
