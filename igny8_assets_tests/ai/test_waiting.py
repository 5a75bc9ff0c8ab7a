"""How long an item waits, and for what: for a busy service as long as it is told, for a stop not at all."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from igny8_assets.ai.calls import CallContext
from igny8_assets.ai.engine import Engine
from igny8_assets.ai.provider import Busy, LimitParameter, ProviderError
from igny8_assets.store.database import Store
from igny8_assets.store.models import AIService, AutomationConfig
from igny8_assets_tests.ai.asking import QUESTION, Asking, make_asking
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer


@pytest.fixture
def asking(store: Store, openai_server: OpenAIServer) -> Asking:
    return make_asking(store, openai_server)


def work(asking: Asking, number: int) -> CallContext:
    return replace(asking.context, work_key=f"shop:1:k{number}:1")


def test_a_busy_service_is_asked_less_and_less_often_whatever_it_says(asking: Asking) -> None:
    asking.server.faults = [status(429, headers={"Retry-After": "0"})] * 1000
    with pytest.raises(Busy):
        asking.ask(ai_busy_seconds=1.5, ai_retry_seconds=0.1)
    assert 3 <= len(asking.server.received) <= 8


def test_an_item_does_not_wait_for_a_moment_beyond_its_patience(asking: Asking) -> None:
    asking.server.faults = [status(429, headers={"Retry-After": "3600"})]
    for number in (1, 2):
        began = time.monotonic()
        with pytest.raises(Busy, match="no" if number == 1 else r"takes no more requests until 20\d\d-\d\d-\d\d"):
            asking.ask(work=f"shop:1:k{number}:1", ai_busy_seconds=5)
        assert time.monotonic() - began < 3
    assert len(asking.server.received) == 1


def test_waiting_for_the_turn_does_not_use_up_patience(asking: Asking) -> None:
    asking.server.delay = 0.4

    async def both(engine: Engine) -> None:
        first = asyncio.create_task(engine.ask(work(asking, 1), "auto_cluster", QUESTION))
        await asyncio.sleep(0.1)
        asking.server.faults = [status(429)]
        await engine.ask(work(asking, 2), "auto_cluster", QUESTION)
        await first

    asking.told(both, ai_concurrency=1, ai_busy_seconds=0.3, ai_retry_seconds=0.1)
    assert asking.statuses().count("answered") == 2


def test_a_model_that_is_too_busy_holds_no_other_model_back(asking: Asking) -> None:
    asking.server.faults = [status(429, headers={"Retry-After": "3"})]

    async def both(engine: Engine) -> float:
        busy = [asyncio.create_task(engine.ask(work(asking, number), "auto_cluster", QUESTION)) for number in range(4)]
        await asyncio.sleep(0.5)
        began = time.monotonic()
        await engine.embed(work(asking, 9), ["tent"])
        took = time.monotonic() - began
        engine.stop()
        await asyncio.gather(*busy, return_exceptions=True)
        return took

    assert asking.told(both, ai_concurrency=2, embedding_model="text-embedding-3-small") < 1.5


def test_a_run_that_is_to_stop_waits_for_nothing_and_keeps_what_is_in_flight(asking: Asking) -> None:
    asking.server.delay = 0.5

    async def stopped(engine: Engine) -> list[Any]:
        tasks = [asyncio.create_task(engine.ask(work(asking, number), "auto_cluster", QUESTION)) for number in (1, 2)]
        while not asking.server.counts:
            await asyncio.sleep(0.01)
        engine.stop()
        return await asyncio.gather(*tasks, return_exceptions=True)

    results = asking.told(stopped, ai_concurrency=2, ai_requests_per_minute=1)
    assert sorted(type(result).__name__ for result in results) == ["Answer", "Stopped"]
    assert asking.statuses() == ["answered"]


def test_an_answer_that_has_come_is_stored_though_its_item_is_cancelled(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = asyncio.Event()
    write_soon = Store.write_soon

    async def slowly(store: Store, job: Any, **how: Any) -> Any:
        if asking.server.counts and not waits.is_set():
            waits.set()
            await asyncio.sleep(0.5)
        return await write_soon(store, job, **how)

    async def cancelled(engine: Engine) -> None:
        task = asyncio.create_task(engine.ask(work(asking, 1), "auto_cluster", QUESTION))
        await waits.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    monkeypatch.setattr(Store, "write_soon", slowly)
    asking.told(cancelled)
    assert asking.statuses() == ["answered"]


def test_a_database_that_is_away_for_a_moment_costs_no_answer(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    write_soon = Store.write_soon
    lost: list[str] = []

    async def away(store: Store, job: Any, **how: Any) -> Any:
        if asking.server.counts and not lost:
            lost.append("once")
            raise OperationalError("update", {}, Exception("server closed the connection"))
        return await write_soon(store, job, **how)

    monkeypatch.setattr(Store, "write_soon", away)
    asking.ask()
    assert (asking.statuses(), lost) == (["answered"], ["once"])


def test_what_breaks_while_an_answer_is_kept_leaves_no_request_open(asking: Asking) -> None:
    def full(_data: bytes) -> dict[str, Any]:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        asking.draw(full)
    assert asking.statuses() == ["failed"]


def test_an_error_in_the_place_of_an_answer_is_waited_out(asking: Asking) -> None:
    body = {"error": {"message": "Rate limited upstream", "code": 429}}
    asking.server.faults = [Fault("status", status=200, body=body)]
    asking.ask(ai_attempts=1)
    assert asking.statuses() == ["failed", "answered"]
    # Nothing was made, so nothing was paid.
    assert asking.calls()[0].cost_usd_pico == 0 or asking.calls()[0].reserved_usd_pico == 0


@pytest.fixture
def capped(asking: Asking) -> Asking:
    with asking.store.write() as session:
        session.execute(update(AutomationConfig).values(daily_usd_cap_pico=10**12))
    return asking


PRICED: dict[str, Any] = {"text_model": "gpt-4o-mini"}


def limits(asking: Asking) -> list[str | None]:
    return [
        next((name for name in received.body if name.startswith("max_")), None) for received in asking.server.received
    ]


def test_under_a_cap_the_length_of_answers_is_bounded_by_what_was_set_aside(capped: Asking) -> None:
    capped.ask(**PRICED)
    assert capped.server.received[0].body["max_completion_tokens"] == 4_000
    with capped.store.write() as session:
        session.execute(update(AutomationConfig).values(daily_usd_cap_pico=None))
    capped.ask(work="shop:1:k2:1", **PRICED)
    assert limits(capped) == ["max_completion_tokens", None]


def test_the_parameter_that_a_service_knows_is_found_and_remembered(capped: Asking) -> None:
    unknown = status(400, "Unsupported parameter: 'max_completion_tokens'", param="max_completion_tokens")
    capped.server.faults = [unknown]
    capped.ask(**PRICED)
    capped.ask(work="shop:1:k2:1", **PRICED)
    assert limits(capped) == ["max_completion_tokens", "max_tokens", "max_tokens"]
    with capped.store.read() as session:
        assert [service.limit_parameter for service in session.query(AIService)] == [LimitParameter.MAX_TOKENS]


def test_requests_wait_for_what_is_in_flight_before_a_cap_ends_the_run(capped: Asking) -> None:
    capped.ask(**PRICED)
    one = capped.calls()[0]
    assert one.cost_usd_pico is not None
    # Room for the most that one request may cost at a time, and for what four really cost.
    cap = one.reserved_usd_pico + 5 * one.cost_usd_pico
    with capped.store.write() as session:
        session.execute(update(AutomationConfig).values(daily_usd_cap_pico=cap))
    capped.server.delay = 0.1

    async def four(engine: Engine) -> None:
        await asyncio.gather(*(engine.ask(work(capped, number), "auto_cluster", QUESTION) for number in range(2, 6)))

    capped.told(four, **PRICED)
    assert capped.statuses() == ["answered"] * 5
    assert capped.server.most_at_once == 1


def test_a_service_that_takes_no_bound_is_asked_without(capped: Asking) -> None:
    capped.server.faults = [
        status(400, "Unknown parameter: 'max_completion_tokens'"),
        status(422, "max_tokens: Extra inputs are not permitted"),
    ]
    capped.ask(**PRICED)
    assert limits(capped) == ["max_completion_tokens", "max_tokens", None]
    with pytest.raises(ProviderError):
        capped.server.faults = [status(500)] * 3
        capped.ask(work="shop:1:k2:1", **PRICED)
