import asyncio
import json

import pytest

from igny8_assets.ai.functions import FUNCTIONS, validate_answer
from igny8_assets.ai.openai_provider import OpenAIProvider
from igny8_assets.ai.provider import BadAnswer, Misconfigured, Rejected
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
    assert answer.tokens_in > 0
    assert answer.tokens_out > 0
    assert openai_server.counts == {function: 1}


def test_instructions_and_data_travel_apart_and_the_data_is_one_json_object(openai_server: OpenAIServer) -> None:
    ask_text(OpenAIProvider(settings_for(openai_server.base_url)), "generate_content")
    body = openai_server.received[0].body
    system, user = body["messages"]
    assert (system["role"], system["content"]) == ("system", request_for("generate_content").system)
    assert user["role"] == "user"
    assert json.loads(user["content"]) == INPUTS["generate_content"].model_dump(mode="json")


def test_the_answers_schema_is_sent_as_binding(openai_server: OpenAIServer) -> None:
    ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    answer_format = openai_server.received[0].body["response_format"]
    assert answer_format["type"] == "json_schema"
    assert answer_format["json_schema"]["name"] == "auto_cluster"
    assert answer_format["json_schema"]["strict"] is True
    assert answer_format["json_schema"]["schema"]["required"] == ["clusters"]


def test_a_service_that_refuses_the_schema_gets_it_in_the_instructions_from_then_on() -> None:
    with OpenAIServer(takes_json_schema=False) as server:
        provider = OpenAIProvider(settings_for(server.base_url))
        first, second = ask_text(provider), ask_text(provider)
        formats = [received.body["response_format"]["type"] for received in server.received]
        system = server.received[1].body["messages"][0]["content"]
    assert first == second
    assert formats == ["json_schema", "json_object", "json_object"]
    assert system.startswith(request_for("auto_cluster").system)
    assert '"additionalProperties": false' in system


def test_a_grammar_that_a_local_server_cannot_build_is_a_refused_schema(openai_server: OpenAIServer) -> None:
    openai_server.faults = [status(400, "Failed to initialize samplers: failed to parse grammar")]
    assert ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    assert openai_server.counts["auto_cluster"] == 2


def test_a_service_that_answers_no_json_at_all_needs_another_model(openai_server: OpenAIServer) -> None:
    openai_server.faults = [status(400, "response_format is not supported")] * 2
    with pytest.raises(Misconfigured, match="IGNY8_TEXT_MODEL"):
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))


def test_a_fence_around_the_json_is_taken_off(openai_server: OpenAIServer) -> None:
    openai_server.faults = [Fault("content", text='```json\n{"clusters": []}\n```\n')]
    assert ask_text(OpenAIProvider(settings_for(openai_server.base_url))) == '{"clusters": []}'


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("refusal", Rejected),
        ("content_filter", Rejected),
        ("length", BadAnswer),
        ("empty_choices", BadAnswer),
        ("no_content", BadAnswer),
        ("invalid_json", BadAnswer),
        ("web_page", Misconfigured),
    ],
)
def test_an_answer_that_is_none_says_what_kind_of_failure_it_is(
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
    assert (provider.name, provider.text_model, provider.image_model) == ("openai", "some-model", "gpt-image-1")
    assert provider.note is None
    assert KEY not in repr(provider)
