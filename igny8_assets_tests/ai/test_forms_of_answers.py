"""A service is asked in the most binding form that it takes; what it answers without one may be mended once."""

import json

import pytest

from igny8_assets.ai.provider import BadAnswer, Misconfigured, SchemaRefused
from igny8_assets.store.database import Store
from igny8_assets_tests.ai.asking import QUESTION, Asking, make_asking
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.ai.valid_answers import valid_answer


@pytest.fixture
def asking(store: Store, openai_server: OpenAIServer) -> Asking:
    return make_asking(store, openai_server)


def forms(server: OpenAIServer) -> list[str]:
    """The form of each request."""
    found = []
    for received in server.received:
        told = received.body.get("response_format", {"type": "none"})
        bounded = "maxLength" in json.dumps(told)
        found.append("full" if bounded else "strict" if told["type"] == "json_schema" else told["type"])
    return found


@pytest.mark.parametrize(
    ("refused", "steps"),
    [
        ((), ["full"]),
        (("maxLength",), ["full", "strict"]),
        (("json_schema",), ["full", "strict", "json_object"]),
        (("type",), ["full", "strict", "json_object", "none"]),
    ],
)
def test_a_refused_form_is_stepped_down_from_and_that_is_remembered(
    asking: Asking, refused: tuple[str, ...], steps: list[str]
) -> None:
    asking.server.refused = refused
    asking.ask(ai_attempts=1)
    assert forms(asking.server) == steps
    assert asking.statuses() == ["failed"] * (len(steps) - 1) + ["answered"]
    # Another process, with an engine of its own.
    asking.ask(work="shop:1:k2:1")
    assert forms(asking.server) == [*steps, steps[-1]]


def test_a_bound_that_was_not_sent_is_no_reason_to_step_down_further(asking: Asking) -> None:
    about_bound = status(400, "Invalid schema for response_format: 'maxLength' is not permitted.")
    asking.server.faults = [about_bound, about_bound]
    asking.ask()
    assert forms(asking.server) == ["full", "strict", "strict"]
    asking.server.faults = [about_bound] * 3
    with pytest.raises(SchemaRefused):
        asking.ask(work="shop:1:k2:1")
    asking.ask(work="shop:1:k3:1")
    assert forms(asking.server)[-1] == "strict"


def test_a_form_that_is_set_is_kept(asking: Asking) -> None:
    asking.ask(schema_dialect="json_object")
    assert forms(asking.server) == ["json_object"]
    asking.server.refused = ("json_object",)
    with pytest.raises(Misconfigured, match="IGNY8_SCHEMA_DIALECT"):
        asking.ask(schema_dialect="json_object", work="shop:1:k2:1")


def test_a_service_that_takes_no_form_at_all_needs_another_model(asking: Asking) -> None:
    asking.server.refused = ("type",)
    fault = Fault("status", status=400, body={"error": {"message": "response_format is unknown"}})
    asking.server.faults = [fault] * 4
    with pytest.raises(Misconfigured, match="IGNY8_TEXT_MODEL"):
        asking.ask()
    assert asking.statuses() == ["failed"] * 4


def test_an_answer_that_does_not_hold_is_shown_to_the_model_once(asking: Asking) -> None:
    bad = Fault("content", text='{"clusters": []}')
    asking.server.faults = [bad, bad]
    asking.ask()
    assert [len(received.body["messages"]) for received in asking.server.received] == [2, 4, 2]
    shown = asking.server.received[1].body["messages"]
    assert shown[2]["content"] == bad.text
    assert "at least 1 item" in json.loads(shown[3]["content"])["error"]
    assert asking.statuses() == ["failed", "failed", "answered"]
    assert asking.ask().replayed


def test_once_an_answer_did_not_hold_only_what_was_asked_about_can_be_named(asking: Asking) -> None:
    asking.server.faults = [Fault("other_items"), Fault("other_items")]
    asking.ask()
    schemas = [received.body["response_format"]["json_schema"]["schema"] for received in asking.server.received]
    ids = [schema["properties"]["clusters"]["items"]["properties"]["id"].get("enum") for schema in schemas]
    asked = [group["id"] for group in QUESTION.model_dump()["groups"]]
    assert ids == [None, asked, asked]


def test_a_mended_answer_is_replayed_for_the_question_that_it_answers(asking: Asking) -> None:
    asking.server.faults = [Fault("content", text="Sorry, no.")]
    asking.ask()
    assert asking.ask().replayed
    assert len(asking.server.received) == 2


def test_words_around_the_answer_do_no_harm(asking: Asking) -> None:
    text = f"Sure!\n{valid_answer(QUESTION).model_dump_json()}\nAnything else?"
    asking.server.faults = [Fault("content", text=text)]
    asking.ask(schema_dialect="none")
    assert asking.statuses() == ["answered"]


def test_after_all_attempts_the_item_fails_with_what_is_wrong(asking: Asking) -> None:
    asking.server.faults = [Fault("other_items")] * 3
    with pytest.raises(BadAnswer, match="not asked about"):
        asking.ask()
