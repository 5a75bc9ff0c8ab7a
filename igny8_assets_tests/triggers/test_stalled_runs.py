"""The sensor that has runs go on whose process died."""

from datetime import timedelta

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType
from sqlalchemy import update

from igny8_assets.resources import Installation
from igny8_assets.store.database import Store
from igny8_assets.store.models import RunLaunch, RunStatus, SiteLease, StageResult, utc_now
from igny8_assets.triggers.stalled_runs import stalled_runs
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
