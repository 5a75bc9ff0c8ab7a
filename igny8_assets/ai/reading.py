"""From the text of an answer to a value that holds: whole, JSON, of its schema, and about what was asked."""

import json
import re
from typing import Any

from pydantic import BaseModel, ValidationError

from igny8_assets.ai.functions import FUNCTIONS, validate_answer
from igny8_assets.ai.provider import BadAnswer, Rejected, TextAnswer


class Unfit(BadAnswer):
    """An answer is whole, and does not hold: shown what is wrong with it, a model may mend it."""


def stored_text(answer: TextAnswer, *, mended: bool = False) -> str:
    """An answer as it is kept; `mended`: the model was shown before what was wrong with another."""
    kept: dict[str, Any] = {"text": answer.text, "finish_reason": answer.finish_reason}
    if mended:
        kept["mended"] = True
    if answer.refusal:
        kept["refusal"] = answer.refusal
    return json.dumps(kept, ensure_ascii=False)


def text_of(stored: str) -> str:
    """The text of an answer that was kept."""
    return str(json.loads(stored)["text"])


def read_text(function: str, question: BaseModel, stored: str) -> BaseModel:
    """The value of an answer that was kept.

    Raises:
        Rejected: the model, or a filter, refused.
        BadAnswer: there is no text, or it was cut off.
        Unfit: it is no JSON, breaks the schema, or is about other items.
    """
    answer = json.loads(stored)
    reason = answer["finish_reason"]
    if answer.get("refusal"):
        raise Rejected(f"the model refused: {answer['refusal']}")
    if reason == "content_filter":
        raise Rejected("the service's content filter stopped the answer")
    if reason == "length":
        raise BadAnswer("the answer was cut off at the longest that the model may give; IGNY8_TEXT_MAX_TOKENS sets it")
    if not answer["text"]:
        raise BadAnswer(f"the answer holds no text ({reason})")
    if reason != "stop":
        raise BadAnswer(f"the answer was cut off ({reason})")
    try:
        value = FUNCTIONS[function].output.model_validate(only_object(answer["text"]))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise Unfit(f"the answer breaks the schema at {place}: {first['msg']}") from None
    if "\\u0000" in value.model_dump_json():
        raise Unfit("the answer holds characters that can't be stored")
    try:
        validate_answer(function, question, value, mended=answer.get("mended", False))
    except BadAnswer as error:
        raise Unfit(str(error)) from None
    return value


OPENS_OBJECT = re.compile(r'\{\s*"')
THOUGHT = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
"""What some models think before they answer, in the same text."""


def only_object(text: str) -> dict[str, Any]:
    """The JSON object in a text, which may stand in a code fence, between words or behind what the model thought.

    Raises:
        Unfit: there is none, it is not whole, or there are several.
    """
    thought = THOUGHT.match(text)
    text = text[thought.end() :] if thought else text
    decoder = json.JSONDecoder()
    found: list[dict[str, Any]] = []
    broken: Exception | None = None
    place = text.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            broken = broken or error
            if found or OPENS_OBJECT.match(text, place):
                break
            # A brace among words.
            place = text.find("{", place + 1)
            continue
        found.append(value)
        place = text.find("{", end)
    if not found and broken is not None:
        raise Unfit(f"the answer is not JSON: {str(broken)[:100]}")
    if len(found) != 1:
        raise Unfit("the answer holds no JSON object" if not found else "the answer holds several JSON objects")
    return found[0]
