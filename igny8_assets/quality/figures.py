"""Checks the figures in a text against the brief: a number that no source gives may be invented."""

import re

from igny8_assets.quality.blocks import Body
from igny8_assets.quality.draft import DraftToCheck
from igny8_assets.quality.report import Finding, Verdict, judged, quoted

_FIGURE = re.compile(
    r"(?<![\w.,])(?P<currency>[$€£¥]\s?)?(?P<number>\d+(?:[.,\u00a0\u202f]\d+)*)"
    r"(?P<unit>\s?(?:%|percent\b|per cent\b|€))?"
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?")
# "Three steps", "10 minutes": small counts are the text's own, not statistics.
_SMALL_COUNT = 12


def check_figures(draft: DraftToCheck, body: Body) -> Finding:
    """Warn about figures (percentages, money, decimals, numbers over 12) that neither brief nor keyphrase holds."""
    supported = {value for value, _, _ in _figures(f"{draft.keyphrase}\n{draft.source_text}")}
    stated: dict[str, str] = {}
    for block in body.blocks:
        for value, written, telling in _figures(block.prose):
            if telling:
                stated.setdefault(value, written)
    unsupported = [written for value, written in stated.items() if value not in supported]
    evidence = f"{len(unsupported)} of {len(stated)} figures are not in the brief"
    if unsupported:
        evidence += ": " + ", ".join(quoted(written) for written in unsupported[:8])
    return judged("figures_supported", not unsupported, Verdict.WARN, evidence)


def _figures(text: str) -> list[tuple[str, str, bool]]:
    """Each number as a comparable value, as it is written, and whether it is telling enough to need a source."""
    found = []
    for match in _FIGURE.finditer(text.casefold()):
        value = _value(match["number"])
        telling = bool(match["currency"] or match["unit"]) or not _is_small_count(value)
        found.append((value, match.group().strip(), telling))
    return found


def _is_small_count(value: str) -> bool:
    return "." not in value and len(value) <= len(str(_SMALL_COUNT)) and int(value) <= _SMALL_COUNT


def _value(number: str) -> str:
    """One spelling for one value: 1,200 and 1.200 and 1200.0 are "1200"."""
    if _GROUPED.fullmatch(number):
        head, mark, tail = number, "", ""
        if len(re.split(r"[.,\u00a0\u202f]", number)[-1]) != 3:
            head, mark, tail = re.split(r"([.,])(?=\d+$)", number, maxsplit=1)
        number = re.sub(r"\D", "", head) + ("." if mark else "") + tail
    whole, _, fraction = re.sub(r"[,\u00a0\u202f]", ".", number).partition(".")
    fraction = fraction.rstrip("0.")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
