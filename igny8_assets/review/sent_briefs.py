"""A brief as a person sends it: read, and checked for what a model's answer is not asked for.

A text that was in the brief before is not checked anew: nobody has to mend what a model wrote.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn
from unicodedata import category

from pydantic import ValidationError

from igny8_assets.ai.schemas import ContentBrief
from igny8_assets.complaints import first_complaint, place_of
from igny8_assets.errors import UserError
from igny8_assets.hidden_signs import TURNING
from igny8_assets.review.access import LONGEST_REASON

LONGEST = 200_000
"""Characters of a whole brief."""
LONGEST_DESCRIPTION, LONGEST_VOICE = 1000, 2000
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--|<!doctype", re.IGNORECASE)
_ENDS_OF_LINES = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class _Text:
    place: str
    value: str
    longest: int | None = None
    one_line: bool = True


def read_sent(text: str, before: ContentBrief) -> ContentBrief:
    """Read a brief that is to replace another.

    Args:
        text: JSON.
        before: the brief as it was.

    Raises:
        UserError: it is no JSON, breaks the form of a brief, or holds texts that none may hold; says where.
    """
    brief = _in_form(text)
    known = {one.value for one in _texts(before)}
    for one in _texts(brief):
        if one.value not in known:
            _check(one)
    headings = [entry.heading.casefold() for entry in brief.outline]
    if len(set(headings)) < len(headings):
        raise UserError("two sections of the outline have the same heading")
    if brief.outline[0].level != 2:
        raise UserError("the first heading of the outline has level 2")
    return brief


def _in_form(text: str) -> ContentBrief:
    if len(text) > LONGEST:
        raise UserError(f"a brief has at most {LONGEST:,} characters")
    try:
        facts: Any = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise UserError(f"the brief is not JSON at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise UserError("the brief is nested too deeply; write it as `igny8 tasks brief --json` shows it") from None
    except ValueError:
        # Python reads no whole number of more than 4,300 digits.
        raise UserError("the brief holds a number that is too large") from None
    try:
        return ContentBrief.model_validate(facts)
    except ValidationError as error:
        location, complaint = first_complaint(error)
        place = f"{place_of(location)} of the brief" if location else "the brief"
        raise UserError(f"{place} {complaint}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise UserError(f"the brief holds {name}, which is no number in JSON")


def _texts(brief: ContentBrief) -> Iterator[_Text]:
    yield _Text("`title`", brief.title)
    yield _Text("`description`", brief.description, LONGEST_DESCRIPTION, one_line=False)
    yield _Text("`brand_voice`", brief.brand_voice, LONGEST_VOICE, one_line=False)
    yield _Text("`audience`", brief.audience, one_line=False)
    yield _Text("`rejection_reason`", brief.rejection_reason or "", LONGEST_REASON, one_line=False)
    for number, entry in enumerate(brief.outline):
        yield _Text(place_of(("outline", number, "heading")), entry.heading)
        for place, point in enumerate(entry.points):
            yield _Text(place_of(("outline", number, "points", place)), point)
    for number, question in enumerate(brief.questions):
        yield _Text(place_of(("questions", number)), question)


def _check(text: _Text) -> None:
    value = text.value
    if text.longest is not None and len(value) > text.longest:
        raise UserError(f"{text.place} of the brief may have at most {text.longest:,} characters, not {len(value):,}")
    if text.one_line and _ENDS_OF_LINES.search(value):
        raise UserError(f"{text.place} of the brief has to stand on one line")
    if any(sign in TURNING or (category(sign) == "Cc" and sign not in "\n\r\t") for sign in value):
        raise UserError(f"{text.place} of the brief holds control characters; write it again without them")
    if text.one_line and _TAG.search(value):
        raise UserError(f"{text.place} of the brief holds an HTML tag; write it as plain text")
