"""A run whose process died: it goes on by itself, and ends when that is no use."""

from datetime import timedelta

from sqlalchemy import update

from igny8_assets.automation.recovery import MOST_IDLE_LAUNCHES, MOST_UNBEGUN_LAUNCHES, recover, running_runs
from igny8_assets.automation.runs import close_run
from igny8_assets.store.database import Store
from igny8_assets.store.models import Content, Launcher, RunLaunch, RunStatus, Site, SiteLease, StageResult, utc_now
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.pipeline.running import open_run
from igny8_assets_tests.stages.camp import assert_sound, count, make_camp
from igny8_assets_tests.stages.driving import drive, find, take
from igny8_assets_tests.stages.seeds import make_waiting


def expire(store: Store, site: Site) -> None:
    with store.write() as session:
        session.execute(
            update(SiteLease).where(SiteLease.site_id == site.id).values(expires_at=utc_now() - timedelta(seconds=1))
        )


def recovered(store: Store, run_id: str, launch: int) -> RunStatus | None:
    with store.write() as session:
        return recover(session, run_id, launch)


def test_only_a_lease_that_ran_out_makes_a_running_run_look_dead(store: Store) -> None:
    site = make_camp(store)
    ticket = open_run(store, site)
    with store.read() as session:
        assert [(run.run_id, run.lease_expired) for run in running_runs(store, session)] == [(ticket.run_id, False)]
    expire(store, site)
    with store.read() as session:
        assert [run.lease_expired for run in running_runs(store, session)] == [True]
    close_run(ticket, RunStatus.COMPLETED)
    with store.read() as session:
        assert running_runs(store, session) == []


def test_a_process_that_is_gone_is_known_before_its_lease_runs_out(store: Store) -> None:
    ticket = open_run(store, make_camp(store))
    with store.read() as session:
        assert [run.process_gone for run in running_runs(store, session)] == [False]
    with store.write() as session:
        session.execute(update(RunLaunch).values(process_started_ms=0))
    with store.read() as session:
        assert [(run.run_id, run.lease_expired, run.process_gone) for run in running_runs(store, session)] == [
            (ticket.run_id, False, True)
        ]


def test_a_dead_launch_is_queued_for_the_daemon_and_goes_on(store: Store) -> None:
    site = make_waiting(store, 4, 2)
    ticket = open_run(store, site)
    assert recovered(store, ticket.run_id, 1) == RunStatus.QUEUED
    run = find(store, ticket.run_id)
    assert (run.launch, run.launcher) == (2, Launcher.DAEMON)
    drive(take(store, run))
    assert find(store, run.id).status == RunStatus.COMPLETED
    assert count(store, Content) == 2
    assert_sound(store, site)


def test_a_launch_that_has_been_taken_over_or_closed_is_left_alone(store: Store) -> None:
    ticket = open_run(store, make_camp(store, []))
    assert recovered(store, ticket.run_id, 2) is None
    close_run(ticket, RunStatus.PAUSED, "by request")
    assert recovered(store, ticket.run_id, 1) is None
    assert find(store, ticket.run_id).status == RunStatus.PAUSED


def test_a_run_that_gets_no_further_in_three_launches_ends_failed_with_the_reason(store: Store) -> None:
    site = make_waiting(store, 4, 2)
    run_id = open_run(store, site).run_id
    for launch in range(1, MOST_IDLE_LAUNCHES):
        assert recovered(store, run_id, launch) == RunStatus.QUEUED
        take(store, find(store, run_id))
    assert recovered(store, run_id, MOST_IDLE_LAUNCHES) == RunStatus.FAILED
    run = find(store, run_id)
    assert "3 launches in a row" in (run.reason or "")
    assert run.completed_at is not None
    assert_sound(store, site)
    drive(open_run(store, site))
    assert count(store, Content) == 2


def test_launches_that_never_began_are_not_held_against_a_run_until_there_are_ten(store: Store) -> None:
    site = make_waiting(store, 4, 2)
    run_id = ask_for_run(store, site).id
    for launch in range(1, MOST_UNBEGUN_LAUNCHES):
        assert recovered(store, run_id, launch) == RunStatus.QUEUED
    take(store, find(store, run_id))
    assert recovered(store, run_id, MOST_UNBEGUN_LAUNCHES) == RunStatus.QUEUED
    last = 2 * MOST_UNBEGUN_LAUNCHES
    for launch in range(MOST_UNBEGUN_LAUNCHES + 1, last):
        assert recovered(store, run_id, launch) == RunStatus.QUEUED
    assert recovered(store, run_id, last) == RunStatus.FAILED
    assert find(store, run_id).reason == "10 launches in a row ended before they began"
    assert_sound(store, site)


def test_progress_starts_the_count_anew(store: Store) -> None:
    site = make_waiting(store, 4, 2)
    run_id = open_run(store, site).run_id
    for launch in range(1, 3 * MOST_IDLE_LAUNCHES):
        if launch % 2:
            with store.write() as session:
                row = session.get(StageResult, (run_id, 4)) or StageResult(run_id=run_id, stage=4, done=0, result={})
                row.done += 1
                session.add(row)
        assert recovered(store, run_id, launch) == RunStatus.QUEUED
        take(store, find(store, run_id))
