import asyncio
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from igny8_assets.ai.functions import FUNCTIONS, validate_answer
from igny8_assets.ai.openai_provider import OpenAIProvider
from igny8_assets.ai.provider import (
    BadAnswer,
    LimitParameter,
    Misconfigured,
    Repair,
    SchemaDialect,
    SchemaRefused,
    UnreadableAnswer,
)
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.ai.samples import INPUTS, KEY, ask, ask_text, request_for, settings_for


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_answered_with_what_was_asked_and_its_tokens(openai_server: OpenAIServer, function: str) -> None:
    provider = OpenAIProvider(settings_for(openai_server.base_url))
    answer = ask(provider, lambda it: it.text(request_for(function)))
    read = FUNCTIONS[function].output.model_validate_json(answer.text)
    validate_answer(function, INPUTS[function], read)
    assert answer.finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.tokens_in > 0
    assert answer.usage.tokens_out > 0
    assert openai_server.counts == {function: 1}


def test_instructions_and_data_travel_apart_and_the_data_is_one_json_object(openai_server: OpenAIServer) -> None:
    ask_text(OpenAIProvider(settings_for(openai_server.base_url)), "generate_content_brief")
    body = openai_server.received[0].body
    system, user = body["messages"]
    assert (system["role"], system["content"]) == ("system", request_for("generate_content_brief").system)
    assert user["role"] == "user"
    assert json.loads(user["content"]) == INPUTS["generate_content_brief"].model_dump(mode="json")


def test_the_answers_schema_is_sent_as_binding(openai_server: OpenAIServer) -> None:
    ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    answer_format = openai_server.received[0].body["response_format"]
    assert answer_format["type"] == "json_schema"
    assert answer_format["json_schema"]["name"] == "auto_cluster"
    assert answer_format["json_schema"]["strict"] is True
    assert answer_format["json_schema"]["schema"]["required"] == ["clusters"]


@pytest.mark.parametrize(
    "said",
    ["'response_format' of type 'json_schema' is not supported", "failed to parse grammar", "maxLength: json_schema"],
)
def test_a_schema_that_a_service_does_not_take_is_told_as_that(openai_server: OpenAIServer, said: str) -> None:
    openai_server.faults = [status(400, said)]
    with pytest.raises(SchemaRefused, match="IGNY8_TEXT_MODEL"):
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))


def test_the_strict_subset_tells_bounds_in_words(openai_server: OpenAIServer) -> None:
    sent = body_of(openai_server, dialect=SchemaDialect.STRICT)
    text = json.dumps(sent["response_format"]["json_schema"]["schema"])
    assert not re.search(r'"(min|max)(Length|Items|imum)"|"pattern"', text)
    assert "At most 120 characters." in text


@pytest.mark.parametrize("dialect", [SchemaDialect.JSON_OBJECT, SchemaDialect.NONE])
def test_below_that_the_schema_stands_in_the_instructions(openai_server: OpenAIServer, dialect: SchemaDialect) -> None:
    sent = body_of(openai_server, dialect=dialect)
    assert sent.get("response_format") == ({"type": "json_object"} if dialect == SchemaDialect.JSON_OBJECT else None)
    system = sent["messages"][0]["content"]
    assert system.startswith(request_for("auto_cluster").system)
    assert '"additionalProperties": false' in system


def test_a_repair_shows_the_answer_and_what_is_wrong_with_it(openai_server: OpenAIServer) -> None:
    sent = body_of(openai_server, repair=Repair("{}", "clusters are missing"))
    roles = [message["role"] for message in sent["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert sent["messages"][2]["content"] == "{}"
    assert json.loads(sent["messages"][3]["content"])["error"] == "clusters are missing"


def test_temperature_and_models_are_those_that_are_set(openai_server: OpenAIServer) -> None:
    assert "temperature" not in body_of(openai_server)
    settings = settings_for(openai_server.base_url).model_copy(
        update={"text_temperature": 0.2, "text_models": {"auto_cluster": "other"}}
    )
    provider = OpenAIProvider(settings)
    ask_text(provider)
    assert openai_server.received[-1].body["temperature"] == 0.2
    assert (provider.text_model("auto_cluster"), provider.text_model("generate_ideas")) == ("other", "some-model")


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (LimitParameter.MAX_COMPLETION_TOKENS, {"max_completion_tokens": 900}),
        (LimitParameter.MAX_TOKENS, {"max_tokens": 900}),
        (LimitParameter.NONE, {}),
    ],
)
def test_the_longest_answer_is_told_by_the_parameter_that_the_service_knows(
    openai_server: OpenAIServer, limit: LimitParameter, told: dict[str, int]
) -> None:
    sent = body_of(openai_server, most_tokens=900, limit=limit)
    assert {name: value for name, value in sent.items() if name.startswith("max_")} == told


@pytest.mark.parametrize(
    ("kind", "reason", "refusal"),
    [
        ("refusal", "stop", "I can't help with that."),
        ("content_filter", "content_filter", None),
        ("length", "length", None),
        ("empty_choices", "no choices", None),
        ("no_content", "stop", None),
    ],
)
def test_an_answer_without_use_comes_with_its_reason_and_what_it_used(
    openai_server: OpenAIServer, kind: str, reason: str, refusal: str | None
) -> None:
    openai_server.faults = [Fault(kind)]
    answer = ask(OpenAIProvider(settings_for(openai_server.base_url)), lambda it: it.text(request_for("auto_cluster")))
    assert (answer.finish_reason, answer.refusal) == (reason, refusal)
    assert answer.usage is not None
    assert answer.usage.tokens_in > 0


@pytest.mark.parametrize(("kind", "failure"), [("invalid_json", UnreadableAnswer), ("web_page", Misconfigured)])
def test_what_is_no_answer_says_what_kind_of_failure_it_is(
    openai_server: OpenAIServer, kind: str, failure: type[Exception]
) -> None:
    openai_server.faults = [Fault(kind)]
    with pytest.raises(failure) as told:
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    assert "\n" not in str(told.value)
    assert openai_server.counts["auto_cluster"] == 1


def test_an_answer_that_breaks_the_schema_is_handed_on_and_refused_by_the_model(openai_server: OpenAIServer) -> None:
    openai_server.faults = [Fault("content", text='{"clusters": [{"id": "one"}]}')]
    text = ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    with pytest.raises(ValueError, match="validation error"):
        FUNCTIONS["auto_cluster"].output.model_validate_json(text)


@pytest.mark.parametrize("function", ["auto_cluster", "generate_ideas", "generate_image_prompts"])
def test_an_answer_about_other_items_is_refused(openai_server: OpenAIServer, function: str) -> None:
    openai_server.faults = [Fault("other_items")]
    text = ask_text(OpenAIProvider(settings_for(openai_server.base_url)), function)
    read = FUNCTIONS[function].output.model_validate_json(text)
    with pytest.raises(BadAnswer):
        validate_answer(function, INPUTS[function], read)


def test_many_requests_at_once_and_several_event_loops_share_one_provider(openai_server: OpenAIServer) -> None:
    provider = OpenAIProvider(settings_for(openai_server.base_url))

    async def several() -> int:
        answers = await asyncio.gather(*(provider.text(request_for("auto_cluster")) for _ in range(8)))
        return len(answers)

    # The second loop begins with the first one's connections still open.
    assert asyncio.run(several()) == 8
    assert asyncio.run(several()) == 8
    assert openai_server.counts["auto_cluster"] == 16


def test_the_key_is_sent_and_a_local_server_without_one_is_asked_all_the_same() -> None:
    with OpenAIServer(key=KEY) as server:
        ask_text(OpenAIProvider(settings_for(server.base_url, key=f" {KEY}\n")))
        assert server.received[0].authorization == f"Bearer {KEY}"
    with OpenAIServer() as server:
        assert ask_text(OpenAIProvider(settings_for(server.base_url, key=None)))


def test_a_provider_tells_its_name_and_models_but_no_key() -> None:
    provider = OpenAIProvider(settings_for("http://127.0.0.1:9/v1"))
    assert (provider.name, provider.host, provider.image_model) == ("openai", "127.0.0.1:9", "gpt-image-1")
    assert provider.note is None
    assert KEY not in repr(provider)


def body_of(server: OpenAIServer, **fields: Any) -> dict[str, Any]:
    """What is sent for a request with these fields."""
    request = replace(request_for("auto_cluster"), **fields)
    ask(OpenAIProvider(settings_for(server.base_url)), lambda it: it.text(request))
    return server.received[-1].body
