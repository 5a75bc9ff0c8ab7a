"""Taking, joining, stopping, closing and taking over a run."""

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from igny8_assets.automation.runs import (
    close_run,
    find_run,
    is_dead,
    join_run,
    request_stop,
    requeue_dead,
    resume_run,
    take_run,
    was_taken,
)
from igny8_assets.errors import NotFound, Refusal
from igny8_assets.settings import load_settings
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.lease import LeaseLost
from igny8_assets.store.models import (
    AICall,
    AutomationConfig,
    AutomationRun,
    CallStatus,
    Launcher,
    RunLaunch,
    RunStatus,
    SiteLease,
    StopRequest,
    utc_now,
)
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.stages.camp import assert_sound, count, everything, make_camp
from igny8_assets_tests.stages.driving import ask_to_stop, find, resume, take


def queued(store: Store) -> AutomationRun:
    return ask_for_run(store, make_camp(store, []))


def running(store: Store) -> RunTicket:
    return take(store, queued(store))


def paused(store: Store) -> AutomationRun:
    run = queued(store)
    ask_to_stop(store, run.id)
    return find(store, run.id)


def test_a_run_is_given_to_who_takes_it_first(store: Store) -> None:
    run = queued(store)
    first = take_run(store, load_settings(), run.id, 1, "dagster-1")
    before = everything(store)
    assert first is not None
    assert take_run(store, load_settings(), run.id, 1, "dagster-2") is None
    assert everything(store) == before
    assert (find(store, run.id).status, first.launch, first.token) == (RunStatus.RUNNING, 1, 1)


def test_of_many_who_take_in_one_moment_one_gets_the_run(store: Store) -> None:
    run = queued(store)
    together = threading.Barrier(8)
    tickets: list[RunTicket | None] = []

    def take_it() -> None:
        own = Store(store.url)
        together.wait()
        tickets.append(take_run(own, load_settings(), run.id, 1, str(uuid.uuid4())))
        own.close()

    threads = [threading.Thread(target=take_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(ticket is not None for ticket in tickets) == 1
    assert len(tickets) == 8
    assert count(store, RunLaunch) == 1


def test_a_launch_that_is_past_can_not_be_taken(store: Store) -> None:
    run = paused(store)
    with store.write() as session:
        resume_run(session, session.get_one(AutomationRun, run.id), Launcher.DAEMON)
    assert take_run(store, load_settings(), run.id, 1, "dagster-1") is None
    assert take_run(store, load_settings(), run.id, 2, "dagster-2") is not None


def test_a_run_is_not_taken_while_another_holds_the_site_and_stays_queued(store: Store) -> None:
    site = make_camp(store, [])
    ask_to_stop(store, (ended := ask_for_run(store, site)).id, StopRequest.CANCEL)
    with store.write() as session:
        lease = update(SiteLease).values(run_id=ended.id, expires_at=utc_now().replace(year=2999))
        session.execute(lease)
    run = ask_for_run(store, site)
    assert take_run(store, load_settings(), run.id, 1, "dagster-1") is None
    assert find(store, run.id).status == RunStatus.QUEUED


def test_a_run_remembers_who_executes_it_and_the_site_when_it_last_ran(store: Store) -> None:
    run = queued(store)
    take_run(store, load_settings(), run.id, 1, "dagster-1")
    with store.read() as session:
        launch = session.scalars(select(RunLaunch)).one()
        started = session.get_one(AutomationRun, run.id).started_at
        assert launch.dagster_run_id == "dagster-1"
        assert started is not None
        assert session.scalars(select(AutomationConfig.last_run_at)).one() == started
        assert not is_dead(store, session, session.get_one(AutomationRun, run.id))


def test_a_later_asset_joins_the_run_that_its_dagster_run_took(store: Store) -> None:
    run = queued(store)
    first = take_run(store, load_settings(), run.id, 1, "dagster-1")
    joined = join_run(store, load_settings(), "dagster-1")
    assert first is not None
    assert joined is not None
    assert (joined.run_id, joined.token, joined.launch) == (first.run_id, first.token, first.launch)
    assert join_run(store, load_settings(), "dagster-2") is None
    assert was_taken(store, "dagster-1")
    assert not was_taken(store, "dagster-2")


def test_nobody_joins_a_run_that_was_closed_or_taken_over(store: Store) -> None:
    run = queued(store)
    ticket = take_run(store, load_settings(), run.id, 1, "dagster-1")
    assert ticket is not None
    close_run(ticket, RunStatus.PAUSED, "paused by request")
    assert join_run(store, load_settings(), "dagster-1") is None
    resume(store, run.id)
    assert join_run(store, load_settings(), "dagster-1") is None


def test_closing_a_run_gives_back_its_lease_and_what_it_had_reserved(store: Store) -> None:
    ticket = running(store)
    leave_work_open(store, ticket)
    assert close_run(ticket, RunStatus.CANCELED, "interrupted")
    run = find(store, ticket.run_id)
    assert (run.status, run.reason) == (RunStatus.CANCELED, "interrupted")
    assert run.completed_at is not None
    with store.read() as session:
        assert session.scalars(select(SiteLease.run_id)).one() is None
        assert session.scalars(select(AICall.status)).one() == CallStatus.UNKNOWN
    assert_sound(store, ticket.site)


def test_a_run_is_closed_once(store: Store) -> None:
    ticket = running(store)
    assert close_run(ticket, RunStatus.COMPLETED)
    before = everything(store)
    assert not close_run(ticket, RunStatus.FAILED, "too late")
    assert everything(store) == before


def test_a_dead_run_is_queued_again_as_its_next_launch_and_its_zombie_is_locked_out(store: Store) -> None:
    zombie = running(store)
    leave_work_open(store, zombie)
    with store.write() as session:
        dead = requeue_dead(session, session.get_one(AutomationRun, zombie.run_id), "its process was gone")
        assert dead == session.scalars(select(RunLaunch.dagster_run_id)).one()
    run = find(store, zombie.run_id)
    assert (run.status, run.launch, run.reason) == (RunStatus.QUEUED, 2, "its process was gone")
    assert_sound(store, zombie.site)
    with store.read() as session:
        assert session.scalars(select(AICall.status)).one() == CallStatus.UNKNOWN
    with pytest.raises(LeaseLost), store.write() as session:
        zombie.hold_lease(session)
    heir = take(store, run)
    before = everything(store)
    assert not close_run(zombie, RunStatus.COMPLETED)
    with pytest.raises(LeaseLost), store.write() as session:
        zombie.hold_lease(session)
    assert everything(store) == before
    assert heir.token > zombie.token
    assert close_run(heir, RunStatus.COMPLETED)


def test_a_dead_run_is_taken_over_by_one(store: Store) -> None:
    ticket = running(store)
    stale = find(store, ticket.run_id)
    with store.write() as session:
        requeue_dead(session, session.get_one(AutomationRun, ticket.run_id), "its process was gone")
    with pytest.raises(Refusal) as caught, store.write() as session:
        requeue_dead(session, stale, "its process was gone")
    assert caught.value.code == "run_active"
    assert find(store, ticket.run_id).launch == 2


def test_a_run_whose_process_is_gone_is_dead(store: Store) -> None:
    ticket = running(store)
    with store.write() as session:
        session.execute(update(RunLaunch).values(process_started_ms=1))
    with store.read() as session:
        assert is_dead(store, session, session.get_one(AutomationRun, ticket.run_id))


def test_of_a_process_on_another_host_only_its_lease_tells(store: Store) -> None:
    ticket = running(store)
    with store.write() as session:
        session.execute(update(RunLaunch).values(process_started_ms=1, host="elsewhere"))
    with store.read() as session:
        assert not is_dead(store, session, session.get_one(AutomationRun, ticket.run_id))
    with store.write() as session:
        session.execute(update(SiteLease).values(expires_at=utc_now() - timedelta(seconds=1)))
    with store.read() as session:
        assert is_dead(store, session, session.get_one(AutomationRun, ticket.run_id))


def test_a_running_run_is_only_asked_to_stop(store: Store) -> None:
    ticket = running(store)
    for wanted in StopRequest:
        ask_to_stop(store, ticket.run_id, wanted)
        run = find(store, ticket.run_id)
        assert (run.status, run.stop_request, ticket.stop_requested()) == (RunStatus.RUNNING, wanted, wanted)


def test_a_queued_or_paused_run_stops_at_once(store: Store) -> None:
    run = paused(store)
    assert (run.status, run.reason) == (RunStatus.PAUSED, "paused by request")
    ask_to_stop(store, run.id)
    assert find(store, run.id).status == RunStatus.PAUSED
    ask_to_stop(store, run.id, StopRequest.CANCEL)
    run = find(store, run.id)
    assert (run.status, run.reason) == (RunStatus.CANCELED, "canceled by request")
    assert run.completed_at is not None


def test_what_is_over_is_neither_stopped_nor_resumed(store: Store) -> None:
    run = queued(store)
    ask_to_stop(store, run.id, StopRequest.CANCEL)
    with pytest.raises(Refusal, match=f"run {run.id} is over: it is canceled"):
        ask_to_stop(store, run.id)
    with pytest.raises(Refusal, match=f"run {run.id} is not paused: it is canceled"):
        resume(store, run.id)


def test_a_run_is_resumed_once_at_the_stage_where_it_stopped(store: Store) -> None:
    run = paused(store)
    with store.write() as session:
        session.get_one(AutomationRun, run.id).current_stage = 4
    ticket = resume(store, run.id)
    resumed = find(store, run.id)
    assert (resumed.status, resumed.launch, resumed.current_stage) == (RunStatus.RUNNING, 2, 4)
    assert (resumed.reason, ticket.launch) == (None, 2)
    with pytest.raises(Refusal):
        resume(store, run.id)


def test_who_asks_to_stop_a_run_that_is_taken_in_the_same_moment_does_not_overwrite_that(store: Store) -> None:
    run = queued(store)
    with store.read() as session:
        stale = session.get_one(AutomationRun, run.id)
    take(store, run)
    with store.write() as session:
        request_stop(session.merge(stale, load=False), StopRequest.CANCEL)
    now = find(store, run.id)
    assert (now.status, now.stop_request) == (RunStatus.RUNNING, StopRequest.CANCEL)


def test_a_run_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    run = queued(store)
    with store.read() as session:
        assert find_run(session, run.id[:6]).id == run.id
        for wrong in (run.id[:5], "", "%%%%%%%", "______", f"{run.id}x"):
            with pytest.raises(NotFound, match="there is no run"):
                find_run(session, wrong)


def leave_work_open(store: Store, ticket: RunTicket) -> None:
    """A reservation and an unanswered call, as a process leaves them that is killed."""
    site = ticket.site
    with store.write() as session:
        work = ledger.Work(site.account_id, site.id, site.slug, ticket.run_id, ticket.launch, 4, "1", 1)
        ledger.reserve(session, work, 50)
        session.add(
            AICall(
                site_id=site.id,
                run_id=ticket.run_id,
                launch=ticket.launch,
                stage=4,
                work_key=work.key,
                function="generate_content",
                provider="offline",
                model="offline",
                prompt_version=1,
                input_hash="0",
                try_number=1,
            )
        )
