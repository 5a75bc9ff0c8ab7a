"""The sensor that has runs go on whose process died."""

import os
import subprocess
import sys
from datetime import timedelta

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType, EngineEventData
from sqlalchemy import update

from igny8_assets.automation.runs import requeue_dead
from igny8_assets.resources import Installation
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, RunLaunch, RunStatus, SiteLease, StageResult, utc_now
from igny8_assets.triggers.stalled_runs import stalled_runs
from igny8_assets_tests.assets.dagster_runs import site_pipeline_job
from igny8_assets_tests.stages.driving import find
from igny8_assets_tests.triggers.conftest import Carried, fail_in_a_step

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def tick(instance: dg.DagsterInstance) -> str:
    with dg.build_sensor_context(instance=instance, resources={"installation": Installation()}) as context:
        outcome = stalled_runs(context)
    assert isinstance(outcome, dg.SkipReason)
    return outcome.skip_message or ""


def stands(store: Store, carried: Carried) -> tuple[RunStatus, int]:
    run = find(store, carried[0].id)
    return run.status, run.launch


def expire(store: Store) -> None:
    with store.write() as session:
        session.execute(update(SiteLease).values(expires_at=utc_now() - timedelta(seconds=1)))


def lose_process(store: Store) -> None:
    with store.write() as session:
        session.execute(update(RunLaunch).values(process_started_ms=0))


def finished_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def tell_process(instance: dg.DagsterInstance, dagster_run: dg.DagsterRun, process_id: int) -> None:
    """What Dagster's launcher tells of a process that it has started, and that it executes the run."""
    told = EngineEventData.in_process(process_id)
    instance.report_engine_event(f"Started process for run (pid: {process_id}).", dagster_run, told)
    instance.report_dagster_event(started(), dagster_run.run_id)


def is_failed(instance: dg.DagsterInstance, dagster_run: dg.DagsterRun) -> bool:
    found = instance.get_run_by_id(dagster_run.run_id)
    assert found is not None
    return found.status == dg.DagsterRunStatus.FAILURE


def started() -> DagsterEvent:
    return DagsterEvent(DagsterEventType.RUN_START.value, job_name="site_pipeline")


def test_a_run_that_holds_its_lease_is_left(store: Store, instance: dg.DagsterInstance, running: Carried) -> None:
    assert tick(instance) == "1 running, 0 queued, none of them dead."
    assert stands(store, running) == (RunStatus.RUNNING, 1)


def test_a_run_whose_lease_ran_out_is_queued_again_and_its_dagster_run_failed(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    expire(store)
    assert running[0].id in tick(instance)
    assert stands(store, running) == (RunStatus.QUEUED, 2)
    dead = instance.get_run_by_id(running[1].run_id)
    assert dead is not None
    assert dead.status == dg.DagsterRunStatus.FAILURE


def test_a_run_whose_process_is_gone_is_queued_again_before_its_lease_runs_out(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    lose_process(store)
    instance.report_dagster_event(started(), running[1].run_id)
    assert running[0].id in tick(instance)
    assert stands(store, running) == (RunStatus.QUEUED, 2)


def test_a_run_that_is_being_canceled_is_not_brought_back_for_its_process(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    lose_process(store)
    instance.report_run_canceling(running[1])
    tick(instance)
    assert stands(store, running) == (RunStatus.RUNNING, 1)


def test_a_dagster_run_that_has_only_just_ended_may_still_close_its_row(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    instance.report_run_failed(running[1])
    tick(instance)
    assert stands(store, running) == (RunStatus.RUNNING, 1)


@pytest.mark.usefixtures("long_ago")
def test_a_run_whose_dagster_run_died_is_queued_again(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    instance.report_run_failed(running[1])
    tick(instance)
    assert stands(store, running) == (RunStatus.QUEUED, 2)


@pytest.mark.usefixtures("long_ago")
def test_a_run_whose_dagster_run_was_interrupted_is_queued_again(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    fail_in_a_step(instance, running[1], "DagsterExecutionInterruptedError")
    tick(instance)
    assert stands(store, running) == (RunStatus.QUEUED, 2)


@pytest.mark.usefixtures("long_ago")
def test_a_launch_that_died_before_it_took_its_row_is_launched_again(
    store: Store, instance: dg.DagsterInstance, waiting: Carried
) -> None:
    tick(instance)
    assert stands(store, waiting) == (RunStatus.QUEUED, 1)
    instance.report_run_failed(waiting[1])
    assert "launch 1 never began; the run is queued" in tick(instance)
    assert stands(store, waiting) == (RunStatus.QUEUED, 2)
    # Until Dagster has a run for the new launch, there is nothing to recover.
    tick(instance)
    assert stands(store, waiting) == (RunStatus.QUEUED, 2)


@pytest.mark.usefixtures("long_ago")
def test_a_run_that_was_canceled_by_force_does_not_come_back(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    instance.report_run_canceled(running[1])
    expire(store)
    tick(instance)
    assert stands(store, running) == (RunStatus.RUNNING, 1)


@pytest.mark.usefixtures("long_ago")
def test_a_run_that_failed_in_a_step_is_not_tried_again(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    fail_in_a_step(instance, running[1])
    tick(instance)
    assert stands(store, running) == (RunStatus.RUNNING, 1)


@pytest.mark.usefixtures("long_ago")
def test_a_run_that_died_with_nothing_left_to_do_is_not_launched_again(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    with store.write() as session:
        session.add_all(StageResult(run_id=running[0].id, stage=stage, finished=True) for stage in range(1, 8))
    instance.report_run_failed(running[1])
    tick(instance)
    assert stands(store, running) == (RunStatus.RUNNING, 1)


@pytest.mark.usefixtures("long_ago")
def test_a_launch_whose_process_was_killed_before_it_took_its_row_is_launched_again(
    store: Store, instance: dg.DagsterInstance, waiting: Carried
) -> None:
    tell_process(instance, waiting[1], finished_process())
    assert "nothing executes it any more" in tick(instance)
    assert is_failed(instance, waiting[1])
    assert stands(store, waiting) == (RunStatus.QUEUED, 2)


def test_a_launch_whose_process_lives_may_still_take_its_row(
    store: Store, instance: dg.DagsterInstance, waiting: Carried
) -> None:
    tell_process(instance, waiting[1], os.getpid())
    tick(instance)
    assert not is_failed(instance, waiting[1])
    assert stands(store, waiting) == (RunStatus.QUEUED, 1)


def test_a_dagster_run_stays_no_longer_than_its_process_when_the_recovery_of_its_row_was_cut_off(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    tell_process(instance, running[1], os.getpid())
    with store.write() as session:
        requeue_dead(session, session.get_one(AutomationRun, running[0].id), "its process was gone; taken over")
    tick(instance)
    assert is_failed(instance, running[1])
    assert stands(store, running) == (RunStatus.QUEUED, 2)


def test_a_dagster_run_whose_process_was_killed_after_it_had_closed_its_row_is_ended(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    instance.report_dagster_event(started(), running[1].run_id)
    with store.write() as session:
        session.execute(update(AutomationRun).values(status=RunStatus.COMPLETED))
    tick(instance)
    assert not is_failed(instance, running[1])
    lose_process(store)
    tick(instance)
    assert is_failed(instance, running[1])
    assert stands(store, running) == (RunStatus.COMPLETED, 1)


def test_an_import_whose_process_was_killed_does_not_keep_its_site_from_running(
    store: Store, instance: dg.DagsterInstance
) -> None:
    carries_no_row = instance.create_run_for_job(site_pipeline_job(), tags={"dagster/partition": "camp"})
    tell_process(instance, carries_no_row, finished_process())
    tick(instance)
    assert is_failed(instance, carries_no_row)
