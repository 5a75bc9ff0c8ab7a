"""What is made of the text of an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.ai.provider import BadAnswer, Rejected, TextAnswer
from igny8_assets.ai.reading import Unfit, only_object, read_text, stored_text
from igny8_assets_tests.ai.samples import INPUTS
from igny8_assets_tests.ai.valid_answers import valid_answer

GOOD = valid_answer(INPUTS["auto_cluster"]).model_dump_json()


def read(text: str, reason: str = "stop", refusal: str | None = None) -> object:
    return read_text("auto_cluster", INPUTS["auto_cluster"], stored_text(TextAnswer(text, reason, None, refusal)))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```\n",
        f"Here you are:\n\n{GOOD}\n\nI hope that helps.",
        f"{GOOD} Braces like {{these}} say nothing.",
        f"Braces like {{these}} say nothing: {GOOD}",
        f'<think>An object like {{"a": 1}}?</think>\n{GOOD}',
    ],
)
def test_the_object_is_found_whatever_stands_around_it(text: str) -> None:
    assert read(text) == valid_answer(INPUTS["auto_cluster"])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD[:-5], "not JSON"),
        ("no JSON at all", "no JSON object"),
        (f"{GOOD} or {GOOD}", "several"),
        ('{"clusters": []}', "breaks the schema at clusters"),
        ('{"clusters": [{"id": "x", "name": "y", "description": ""}]}', "clusters.0.id"),
        (GOOD.replace('"id":1', '"id":99'), "not asked about: 99"),
        (GOOD.replace('"name":"', '"name":"\\u0000', 1), "can't be stored"),
        ("[" * 100_000, "no JSON object"),
        ('{"a":' * 100_000, "not JSON"),
    ],
)
def test_what_does_not_hold_can_be_shown_to_the_model(text: str, complaint: str) -> None:
    with pytest.raises(Unfit, match=complaint):
        read(text)


@pytest.mark.parametrize(("reason", "complaint"), [("length", "cut off"), ("unknown", "cut off"), ("stop", "no text")])
def test_a_cut_off_or_empty_answer_is_not_mended(reason: str, complaint: str) -> None:
    with pytest.raises(BadAnswer, match=complaint) as told:
        read("" if reason == "stop" else GOOD, reason)
    assert not isinstance(told.value, Unfit)


def test_a_refusal_is_final() -> None:
    with pytest.raises(Rejected, match="the model refused: no"):
        read("", refusal="no")
    with pytest.raises(Rejected, match="content filter"):
        read(GOOD, "content_filter")


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5)))
def test_any_object_between_plain_words_is_read_as_it_was_written(value: dict[str, object]) -> None:
    assert only_object(f"Sure! {json.dumps(value)} Done.") == value
