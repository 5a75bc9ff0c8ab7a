"""How fast a service is asked: at once, a minute, and less when it says that it is busy; by all processes together."""

import asyncio
import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from igny8_assets.ai.calls import CallContext
from igny8_assets.ai.engine import Engine
from igny8_assets.ai.provider import Busy
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, AIService, CallStatus
from igny8_assets_tests.ai.asking import QUESTION, Asking, make_asking
from igny8_assets_tests.ai.faults import status
from igny8_assets_tests.ai.openai_server import OpenAIServer


@pytest.fixture
def asking(store: Store, openai_server: OpenAIServer) -> Asking:
    return make_asking(store, openai_server)


def ask_many(asking: Asking, works: range, **settings: object) -> None:
    """One engine asks many questions at once, as a stage does."""

    async def gathered(engine: Engine) -> None:
        await asyncio.gather(*(engine.ask(_for(asking, work), "auto_cluster", QUESTION) for work in works))

    asking.told(gathered, **settings)


def _for(asking: Asking, work: int) -> CallContext:
    return replace(asking.context, work_key=f"shop:1:k{work}:1")


def service_of(store: Store) -> AIService:
    with store.read() as session:
        return session.scalars(select(AIService)).one()


def test_no_more_are_in_flight_than_are_allowed(asking: Asking) -> None:
    asking.server.delay = 0.3
    ask_many(asking, range(12), ai_concurrency=3)
    assert asking.server.most_at_once == 3


def test_the_bound_holds_for_all_processes_together(asking: Asking) -> None:
    asking.server.delay = 0.3
    # An engine and a connection each, as processes have them: nothing but the database is shared.
    others = [Asking(Store(asking.store.url), asking.server, asking.context) for _ in range(3)]
    threads = [
        threading.Thread(target=ask_many, args=(other, range(10 * place, 10 * place + 8)), kwargs={"ai_concurrency": 4})
        for place, other in enumerate(others)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asking.server.most_at_once == 4
    assert asking.statuses() == ["answered"] * 24
    for other in others:
        other.store.close()


def test_a_place_that_a_dead_process_held_is_free_after_its_deadline(asking: Asking) -> None:
    asking.ask()
    with asking.store.write() as session:
        in_a_second = asking.store.now(session) + timedelta(seconds=1)
        session.execute(update(AICall).values(status=CallStatus.SENT, deadline=in_a_second))
    began = time.monotonic()
    asking.ask(work="shop:1:k2:1", ai_concurrency=1)
    assert time.monotonic() - began > 0.8


@pytest.mark.parametrize("limit", [{"ai_requests_per_minute": 5}, {"ai_tokens_per_minute": 5 * 260}])
def test_no_more_are_sent_in_a_minute_than_are_allowed(asking: Asking, limit: dict[str, Any]) -> None:
    used = dict.fromkeys(("tokens_in", "tokens_out"), 130)
    ask_many(asking, range(5))
    with asking.store.write() as session:
        session.execute(update(AICall).values(expected_tokens=260, **used))
        now = asking.store.now(session)
        # Sent 59 seconds ago, so that the sixth has to wait for one second and not for a minute.
        session.execute(update(AICall).values(created_at=now - timedelta(seconds=59)))
    began = time.monotonic()
    asking.ask(work="shop:1:k9:1", **limit)
    assert time.monotonic() - began > 0.5
    assert asking.statuses() == ["answered"] * 6


def test_a_busy_service_is_not_asked_before_the_moment_that_it_named(asking: Asking) -> None:
    asking.server.faults = [status(429, headers={"Retry-After": "1"})]
    ask_many(asking, range(3), ai_attempts=1)
    first, *rest = sorted(asking.server.arrivals)
    later = [moment - first for moment in rest if moment - first > 0.5]
    assert len(later) >= 1
    assert min(later) > 0.95
    assert asking.statuses().count("answered") == 3


def test_a_busy_service_is_asked_less_at_once_and_more_again(asking: Asking) -> None:
    asking.server.at_once, asking.server.delay = 3, 0.1
    # Ready connections: the first wave comes all at once.
    ask_many(asking, range(60), ai_concurrency=16)
    assert asking.server.turned_away > 0
    assert asking.statuses().count("answered") == 60
    assert asking.server.most_at_once == 3
    narrow = service_of(asking.store).width_thousandths
    assert narrow is not None
    asking.server.at_once = None
    turned_away = asking.server.turned_away
    for again in range(2, 30):
        ask_many(asking, range(100 * again, 100 * again + 40), ai_concurrency=16)
        if service_of(asking.store).width_thousandths is None:
            break
    assert service_of(asking.store).width_thousandths is None
    assert asking.server.turned_away == turned_away


def test_waiting_for_a_busy_service_costs_no_attempt_and_ends_one_day(asking: Asking) -> None:
    asking.server.faults = [status(429)] * 5
    asking.ask(ai_attempts=1, ai_retry_seconds=0.01)
    asking.server.faults = [status(429)] * 1000
    with pytest.raises(Busy):
        asking.ask(work="shop:1:k2:1", ai_busy_seconds=0.2, ai_retry_seconds=0.05)
