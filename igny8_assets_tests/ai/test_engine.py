"""Every request is a stored row before it is sent, every answer before it is used, and none is asked for twice."""

import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from igny8_assets.ai.calls import mark_unanswered
from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.provider import BadAnswer, Misconfigured, ProviderError, Rejected, Transient
from igny8_assets.ai.schemas import AutoClusterInput
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, CallStatus
from igny8_assets_tests.ai.asking import ATTEMPTS, QUESTION, Asking, make_asking
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.ai.samples import INPUTS

PASSING = [
    status(500),
    status(429),
    Fault("closed"),
    Fault("half"),
    Fault("invalid_json"),
    Fault("content", text="no JSON"),
    Fault("length"),
    Fault("no_content"),
    Fault("empty_choices"),
    Fault("other_items"),
]
LASTING: list[tuple[Fault, type[ProviderError]]] = [
    (Fault("refusal"), Rejected),
    (Fault("content_filter"), Rejected),
    (status(400, "too odd"), Rejected),
    (status(401, "no such key"), Misconfigured),
    (Fault("web_page"), Misconfigured),
]


@pytest.fixture
def asking(store: Store, openai_server: OpenAIServer) -> Asking:
    return make_asking(store, openai_server)


def test_an_answer_is_kept_with_what_it_used(asking: Asking) -> None:
    answer = asking.ask()
    call = asking.calls()[0]
    assert not answer.replayed
    assert (call.status, call.function, call.work_key, call.try_number) == (
        CallStatus.ANSWERED,
        "auto_cluster",
        "shop:1:k1:1",
        1,
    )
    assert (call.model, call.prompt_version) == (answer.model, answer.prompt_version)
    assert call.tokens_in > 0
    assert call.tokens_out > 0
    assert call.response
    assert call.latency_ms is not None


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_same_question_for_the_same_work_is_answered_from_the_store(asking: Asking, function: str) -> None:
    first, again = (asking.ask(INPUTS[function], function=function) for _ in range(2))
    assert again == replace(first, replayed=True)
    assert asking.server.counts == {function: 1}


def test_another_work_another_input_and_another_model_are_asked_anew(asking: Asking) -> None:
    assert isinstance(QUESTION, AutoClusterInput)
    asking.ask()
    asking.ask(work="shop:1:k1:2")
    asking.ask(QUESTION.model_copy(update={"language": "de"}))
    asking.ask(text_model="another-model")
    assert asking.server.counts == {"auto_cluster": 4}
    assert asking.statuses() == ["answered"] * 4


def test_a_request_is_a_row_before_it_is_sent(asking: Asking) -> None:
    asking.server.delay = 60
    thread = threading.Thread(target=asking.ask)
    thread.start()
    while thread.is_alive() and not asking.server.received:
        time.sleep(0.01)
    assert asking.statuses() == ["sent"]
    asking.server.stopped.set()
    thread.join()
    assert asking.statuses() == ["answered"]


def test_what_may_be_better_next_time_is_asked_again(asking: Asking) -> None:
    for number, fault in enumerate(PASSING):
        work = f"shop:1:k{number}:1"
        asking.server.faults.append(fault)
        assert not asking.ask(work=work).replayed, fault
        calls = [call for call in asking.calls() if call.work_key == work]
        assert [(call.status.value, call.try_number) for call in calls] == [("failed", 1), ("answered", 2)], fault
        assert calls[0].error


def test_after_the_last_attempt_the_last_failure_is_told(asking: Asking) -> None:
    asking.server.faults += [status(503), status(503), Fault("length")]
    with pytest.raises(BadAnswer, match="cut off"):
        asking.ask()
    assert asking.statuses() == ["failed"] * ATTEMPTS
    asking.server.faults += [status(503)] * ATTEMPTS
    with pytest.raises(Transient):
        asking.ask()
    asking.ask()
    assert [call.try_number for call in asking.calls()] == [1, 2, 3, 4, 5, 6, 7]


def test_what_will_never_be_better_is_asked_once(asking: Asking) -> None:
    for number, (fault, error) in enumerate(LASTING):
        asking.server.faults.append(fault)
        with pytest.raises(error):
            asking.ask(work=f"shop:1:k{number}:1")
    assert asking.statuses() == ["failed"] * len(LASTING)
    assert asking.server.counts == {"auto_cluster": len(LASTING)}


def test_an_unusable_answer_whose_fault_was_never_noted_is_asked_again(asking: Asking) -> None:
    asking.ask()
    with asking.store.write() as session:
        # As a process leaves it that is killed right after it stored a cut-off answer.
        session.execute(update(AICall).values(response='{"text": "{", "finish_reason": "length"}'))
    assert not asking.ask().replayed
    assert asking.statuses() == ["failed", "answered"]
    assert asking.ask().replayed


def test_a_request_that_nobody_heard_of_again_is_unknown_and_asked_again(asking: Asking) -> None:
    asking.ask()
    with asking.store.write() as session:
        session.execute(update(AICall).values(status=CallStatus.SENT, response=None))
        assert mark_unanswered(session, asking.context.run_id) == 1
        assert mark_unanswered(session, asking.context.run_id) == 0
    assert not asking.ask().replayed
    assert asking.statuses() == ["unknown", "answered"]


def test_a_message_with_signs_that_no_database_takes_is_stored_without_them(asking: Asking) -> None:
    asking.server.faults.append(status(400, "bad\0thing\ud83d"))
    with pytest.raises(Rejected):
        asking.ask()
    assert str(asking.calls()[0].error).endswith("badthing")


def test_a_picture_is_kept_once_and_drawn_once(asking: Asking) -> None:
    kept: list[bytes] = []

    def keep(data: bytes) -> dict[str, Any]:
        kept.append(data)
        return {"bytes": len(data)}

    first, again = asking.draw(keep), asking.draw(keep)
    assert first.value == again.value == {"bytes": len(kept[0])}
    assert (len(kept), again.replayed) == (1, True)
    assert asking.server.counts == {"generate_images": 1}


def test_a_picture_that_can_not_be_kept_is_drawn_again(asking: Asking) -> None:
    kept: list[bytes] = []

    def keep(data: bytes) -> dict[str, Any]:
        kept.append(data)
        if len(kept) == 1:
            raise BadAnswer("this is no picture")
        return {}

    asking.draw(keep)
    assert asking.statuses() == ["failed", "answered"]
    assert asking.calls()[0].error == "this is no picture"
