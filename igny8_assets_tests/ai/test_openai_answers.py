"""Answers in the words of services that differ from OpenAI's: read all the same, and counted as they count."""

from typing import Any

import pytest

from igny8_assets.ai.openai_provider import OpenAIProvider
from igny8_assets.ai.prices import Price, Usage
from igny8_assets.ai.provider import BadAnswer, TextAnswer
from igny8_assets_tests.ai.faults import Fault
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.ai.samples import PICTURE, ask, request_for, settings_for


def answer_to(server: OpenAIServer, message: dict[str, Any], usage: Any = None, **choice: Any) -> TextAnswer:
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}], "usage": usage}
    server.faults = [Fault("status", status=200, body=body)]
    return ask(OpenAIProvider(settings_for(server.base_url)), lambda it: it.text(request_for("auto_cluster")))


def test_a_text_in_parts_is_put_together_without_what_is_no_text(openai_server: OpenAIServer) -> None:
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "{}"}, {"type": "text", "text": " "}]
    assert answer_to(openai_server, {"content": parts}).text == "{} "


@pytest.mark.parametrize("reason", ["eos", "eos_token", "end_turn", "STOP"])
def test_a_whole_answer_is_one_in_the_words_of_any_service(openai_server: OpenAIServer, reason: str) -> None:
    assert answer_to(openai_server, {"content": "{}"}, finish_reason=reason).finish_reason == "stop"


@pytest.mark.parametrize(
    ("counted", "usage"),
    [
        ({"prompt_tokens": 10, "completion_tokens": None}, Usage(10, 0)),
        ({"prompt_tokens": 10, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": None}}, Usage(10, 2)),
        # Thoughts that stand in the total alone.
        ({"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 500}, Usage(10, 490)),
        ({"prompt_tokens": 10, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 4}}, Usage(10, 1, 4)),
        ({"prompt_tokens": 10, "completion_tokens": 1, "prompt_cache_hit_tokens": 4}, Usage(10, 1, 4)),
        ({"prompt_tokens": 10, "completion_tokens": 1, "cached_tokens": 400}, Usage(10, 1, 10)),
        ({"prompt_tokens": "many"}, None),
        ({"prompt_tokens": -1}, None),
        ({}, None),
        (None, None),
    ],
)  # fmt: skip
def test_tokens_are_counted_as_the_service_counts_and_never_cost_the_answer(
    openai_server: OpenAIServer, counted: object, usage: Usage | None
) -> None:
    answer = answer_to(openai_server, {"content": "{}"}, counted)
    assert (answer.text, answer.usage) == ("{}", usage)


def test_what_a_picture_cost_is_not_known_where_its_tokens_were_not_counted(openai_server: OpenAIServer) -> None:
    openai_server.counts_tokens = False
    answer = ask(OpenAIProvider(settings_for(openai_server.base_url)), lambda it: it.image("gpt-image-1", PICTURE))
    assert answer.usage is not None
    assert answer.usage.images == 1
    assert Price(input=5_000_000, output=30_000_000).cost(answer.usage) is None
    assert Price(each={"standard 1x1": 7}).cost(answer.usage, "standard 1x1") == 7


def test_an_answer_without_a_picture_tells_what_it_used(openai_server: OpenAIServer) -> None:
    body = {"data": [], "usage": {"input_tokens": 12, "output_tokens": 0}}
    openai_server.faults = [Fault("status", status=200, body=body)]
    with pytest.raises(BadAnswer, match="holds no picture") as told:
        ask(OpenAIProvider(settings_for(openai_server.base_url)), lambda it: it.image("gpt-image-1", PICTURE))
    assert told.value.usage == Usage(12, 0)
