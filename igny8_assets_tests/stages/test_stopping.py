"""A run that is paused, canceled or interrupted stops between items and loses nothing."""

import os
import signal
from functools import partial

import pytest
from sqlalchemy import select

from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.run_log import read_log
from igny8_assets.stages.runner import run_stage
from igny8_assets.stages.stage import Item
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store.database import Store
from igny8_assets.store.models import Content, RunStatus, Site, SiteLease, StopRequest
from igny8_assets_tests.pipeline.running import open_run
from igny8_assets_tests.pipeline.sites import end_state
from igny8_assets_tests.stages.camp import STOVES, TENTS, assert_sound, charged_tenths, count, make_camp
from igny8_assets_tests.stages.driving import Watched, ask_to_stop, drive, find, resume
from igny8_assets_tests.stages.seeds import PRICES, make_waiting


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_AI_CONCURRENCY", "1")


def left_by(store: Store, site: Site) -> dict[str, list[object]]:
    state = end_state(store, site)
    # The sites share an account; what each was charged is compared instead.
    del state["balance"]
    return state


def pause(store: Store, run_id: str, _item: Item) -> None:
    ask_to_stop(store, run_id)


def test_a_run_that_is_paused_in_every_stage_ends_like_an_undisturbed_one(store: Store, one_at_a_time: None) -> None:
    keywords = [*TENTS[:2], *STOVES[:2]]
    calm = make_camp(store, keywords, slug="calm", stage_1_batch_size=1, stage_3_batch_size=1)
    drive(open_run(store, calm))
    site = make_camp(store, keywords, stage_1_batch_size=1, stage_3_batch_size=1)
    ticket = open_run(store, site)
    for stage in range(1, 7):
        reports = drive(ticket, Watched(STAGES[stage], processing=partial(pause, store, ticket.run_id)))
        run = find(store, ticket.run_id)
        assert (run.status, run.current_stage, run.reason) == (RunStatus.PAUSED, stage, "paused by request")
        assert run.completed_at is None
        assert reports[stage].done == 1
        assert not run.stages[-1].finished
        assert_sound(store, site)
        ticket = resume(store, ticket.run_id)
    drive(ticket)
    run = find(store, ticket.run_id)
    assert (run.status, run.launch, len(run.launches)) == (RunStatus.COMPLETED, 7, 7)
    assert left_by(store, site) == left_by(store, calm)


def test_what_is_in_flight_is_finished_and_saved_and_nothing_new_begun(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_AI_CONCURRENCY", "2")
    site = make_waiting(store, 5, 4)
    ticket = open_run(store, site, 5, 5)
    watched = Watched(STAGES[5], processing=partial(pause, store, ticket.run_id), on=2)
    drive(ticket, watched)
    assert len(watched.begun) == watched.saves == 2
    assert charged_tenths(store, site) == 2 * PRICES[5]
    assert_sound(store, site)


def test_a_canceled_run_is_over_and_keeps_what_it_saved(store: Store, one_at_a_time: None) -> None:
    site = make_waiting(store, 4, 3)
    ticket = open_run(store, site, 4)
    drive(ticket, Watched(STAGES[4], processing=lambda _: ask_to_stop(store, ticket.run_id, StopRequest.CANCEL)))
    run = find(store, ticket.run_id)
    assert (run.status, run.reason, run.stop_request) == (RunStatus.CANCELED, "canceled by request", None)
    assert run.completed_at is not None
    assert count(store, Content) == 1
    assert charged_tenths(store, site) == run.total_credits_tenths == PRICES[4]
    assert_sound(store, site)


def test_a_stopped_run_gives_its_site_back_at_once(store: Store) -> None:
    site = make_waiting(store, 3)
    ticket = open_run(store, site)
    ask_to_stop(store, ticket.run_id, StopRequest.CANCEL)
    drive(ticket)
    with store.read() as session:
        assert session.scalars(select(SiteLease.run_id)).one() is None
    assert find(store, open_run(store, site).run_id).status == RunStatus.RUNNING


def test_a_pause_between_two_stages_takes_effect_before_the_next_item(store: Store) -> None:
    site = make_waiting(store, 3)
    ticket = open_run(store, site)
    ask_to_stop(store, ticket.run_id)
    watched = Watched(STAGES[1])
    drive(ticket, watched)
    assert (watched.begun, find(store, ticket.run_id).status) == ([], RunStatus.PAUSED)


def test_an_interrupted_run_finishes_what_is_in_flight_and_says_why_it_stopped(
    store: Store, one_at_a_time: None
) -> None:
    site = make_waiting(store, 5, 3)
    ticket = open_run(store, site, 5, 5)
    reports = drive(ticket, Watched(STAGES[5], processing=lambda _: ticket.interrupted.set()))
    assert (reports[5].stopped, reports[5].stop_reason, reports[5].done) == ("cancel", "interrupted", 1)
    assert find(store, ticket.run_id).reason == "interrupted"
    assert charged_tenths(store, site) == PRICES[5]
    assert_sound(store, site)


def test_an_interrupt_of_the_process_tears_no_transaction(store: Store, one_at_a_time: None) -> None:
    site = make_waiting(store, 5, 3)
    ticket = open_run(store, site, 5, 5)

    def press_ctrl_c(_item: Item) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert ticket.interrupted.wait(10)

    with pytest.raises(KeyboardInterrupt):
        run_stage(Watched(STAGES[5], processing=press_ctrl_c), ticket)
    result = find(store, ticket.run_id).stages[0]
    assert (result.done, result.finished) == (1, False)
    assert charged_tenths(store, site) == PRICES[5]
    assert_sound(store, site)


def test_the_log_says_that_and_why_a_run_stopped(store: Store) -> None:
    ticket = open_run(store, make_waiting(store, 3))
    ask_to_stop(store, ticket.run_id)
    drive(ticket)
    assert logged(ticket)[-1] == "paused by request"


def logged(ticket: RunTicket) -> list[str]:
    return [line["message"] for line in read_log(ticket.settings, ticket.run_id)]
