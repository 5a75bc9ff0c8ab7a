"""Who lost the site to another run writes nothing more; who is only slow keeps it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from igny8_assets.automation.runs import close_run, requeue_dead
from igny8_assets.settings import load_settings
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.runner import run_stage
from igny8_assets.stages.stage import Item
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store import lease
from igny8_assets.store.database import Store
from igny8_assets.store.lease import LeaseLost
from igny8_assets.store.models import AutomationRun, Cluster, Content, RunStatus, SiteLease
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.pipeline.running import open_run
from igny8_assets_tests.stages.camp import assert_sound, charged_tenths, count, everything
from igny8_assets_tests.stages.driving import Watched, drive, find, take
from igny8_assets_tests.stages.seeds import MODELS, PRICES, make_waiting

CALLS = "ai_call"
"""An answer that was paid for is kept even by who lost the lease: it is replayed instead of asked again."""


def test_a_zombie_changes_no_row_in_any_stage(store: Store) -> None:
    for stage in MODELS:
        site = make_waiting(store, stage, 2, slug=f"camp-{stage}")
        ticket = open_run(store, site, stage, stage)
        after: list[dict[str, list[tuple[object, ...]]]] = []
        with pytest.raises(LeaseLost):
            run_stage(Watched(STAGES[stage], processing=partial(take_away, ticket, after)), ticket)
        assert after == [everything(store, without=[CALLS])], stage
        assert charged_tenths(store, site) == 0


def take_away(ticket: RunTicket, after: list[dict[str, list[tuple[object, ...]]]], _item: Item) -> None:
    """Revoke the lease over another connection, and note what the store has then."""
    other = Store(ticket.store.url)
    with other.write() as session:
        lease.revoke(session, ticket.site.id, ticket.run_id)
    other.close()
    after.append(everything(ticket.store, without=[CALLS]))


def test_a_zombie_closes_nothing(store: Store) -> None:
    site = make_waiting(store, 5, 1)
    ticket = open_run(store, site, 5, 5)
    with store.write() as session:
        requeue_dead(session, session.get_one(AutomationRun, ticket.run_id), "taken over")
    before = everything(store)
    drive(ticket)
    assert not close_run(ticket, RunStatus.COMPLETED)
    assert everything(store) == before


def test_a_run_that_is_taken_over_in_the_middle_of_an_item_is_finished_once(store: Store) -> None:
    site = make_waiting(store, 4, 2)
    zombie = open_run(store, site, 4)

    def take_over(_item: Item) -> None:
        with store.write() as session:
            run = session.get_one(AutomationRun, zombie.run_id)
            requeue_dead(session, run, "its process was gone; taken over")
        drive(take(store, run))

    drive(zombie, Watched(STAGES[4], processing=take_over))
    run = find(store, zombie.run_id)
    assert (run.status, run.launch) == (RunStatus.COMPLETED, 2)
    assert count(store, Content) == 2
    assert charged_tenths(store, site) == run.total_credits_tenths == 2 * (PRICES[4] + PRICES[5] + PRICES[6])
    assert_sound(store, site)


def test_a_long_item_keeps_its_lease(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer(delay=1.5) as server:
        monkeypatch.setenv("IGNY8_PROVIDER", "openai")
        monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("IGNY8_LEASE_SECONDS", "0.5")
        site = make_waiting(store, 2, 1)
        ticket = open_run(store, site, 2, 2)
        assert load_settings().lease_seconds < server.delay
        drive(ticket)
    assert find(store, ticket.run_id).status == RunStatus.COMPLETED
    assert count(store, Cluster, Cluster.idea_rounds == 1) == 1


def test_a_beat_that_the_database_misses_is_made_up_for_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_soon, beats = Store.write_soon, []

    async def flaky(self: Store, work: Callable[[Session], Any], **how: Any) -> Any:
        # Only the heartbeat hands this over as it is; a database that is away for it alone can't be caused.
        if getattr(work, "__name__", "") == "hold_lease":
            beats.append(work)
            if len(beats) == 1:
                raise OperationalError("update", {}, Exception("the connection is gone"))
        return await write_soon(self, work, **how)

    monkeypatch.setattr(Store, "write_soon", flaky)
    with OpenAIServer(delay=1.5) as server:
        monkeypatch.setenv("IGNY8_PROVIDER", "openai")
        monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("IGNY8_LEASE_SECONDS", "0.6")
        ticket = open_run(store, make_waiting(store, 2, 1), 2, 2)
        drive(ticket)
    assert len(beats) > 1
    assert find(store, ticket.run_id).status == RunStatus.COMPLETED


def test_a_long_item_of_a_run_that_lost_its_lease_ends_without_waiting_for_its_answer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer(delay=60) as server:
        monkeypatch.setenv("IGNY8_PROVIDER", "openai")
        monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("IGNY8_LEASE_SECONDS", "0.5")
        site = make_waiting(store, 2, 1)
        ticket = open_run(store, site, 2, 2)
        with pytest.raises(LeaseLost):
            run_stage(Watched(STAGES[2], processing=partial(take_away, ticket, [])), ticket)


def test_the_lease_is_free_after_a_run_has_ended(store: Store) -> None:
    drive(open_run(store, make_waiting(store, 3)))
    with store.read() as session:
        assert session.scalars(select(SiteLease.run_id)).one() is None
