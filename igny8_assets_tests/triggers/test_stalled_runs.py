"""The sensor that has runs go on whose process died."""

import time
from collections.abc import Iterator
from datetime import timedelta

import dagster as dg
import pytest
from sqlalchemy import update

from igny8_assets.automation.runs import take_run
from igny8_assets.resources import Installation
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, RunStatus, SiteLease, utc_now
from igny8_assets.triggers import stalled_runs as module
from igny8_assets.triggers.stalled_runs import stalled_runs
from igny8_assets_tests.assets.dagster_runs import open_instance, site_pipeline_job, tags_of
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.pipeline.sites import make_site
from igny8_assets_tests.stages.driving import find

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def instance(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """The instance that belongs to the test's home."""
    with open_instance(monkeypatch) as opened:
        yield opened


@pytest.fixture
def running(store: Store, instance: dg.DagsterInstance) -> tuple[AutomationRun, dg.DagsterRun]:
    """A run that a Dagster run has taken, whose process does nothing more."""
    run = ask_for_run(store, make_site(store))
    dagster_run = instance.create_run_for_job(site_pipeline_job(), tags={**tags_of(run), "dagster/partition": "camp"})
    assert take_run(store, load_settings(), run.id, 1, dagster_run.run_id) is not None
    return run, dagster_run


def tick(instance: dg.DagsterInstance) -> str:
    with dg.build_sensor_context(instance=instance, resources={"installation": Installation()}) as context:
        outcome = stalled_runs(context)
    assert isinstance(outcome, dg.SkipReason)
    return outcome.skip_message or ""


def test_a_run_that_holds_its_lease_is_left(
    store: Store, instance: dg.DagsterInstance, running: tuple[AutomationRun, dg.DagsterRun]
) -> None:
    assert tick(instance) == "1 runs, none of them dead."
    assert find(store, running[0].id).status == RunStatus.RUNNING


def test_a_run_whose_lease_ran_out_is_queued_again_and_its_dagster_run_failed(
    store: Store, instance: dg.DagsterInstance, running: tuple[AutomationRun, dg.DagsterRun]
) -> None:
    run, dagster_run = running
    with store.write() as session:
        session.execute(update(SiteLease).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert run.id in tick(instance)
    again = find(store, run.id)
    assert (again.status, again.launch) == (RunStatus.QUEUED, 2)
    dead = instance.get_run_by_id(dagster_run.run_id)
    assert dead is not None
    assert dead.status == dg.DagsterRunStatus.FAILURE


def test_a_run_whose_dagster_run_is_over_is_queued_again_once_its_end_had_time_to_be_written(
    store: Store,
    instance: dg.DagsterInstance,
    running: tuple[AutomationRun, dg.DagsterRun],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, dagster_run = running
    instance.report_run_failed(dagster_run)
    tick(instance)
    assert find(store, run.id).status == RunStatus.RUNNING
    monkeypatch.setattr(module, "CLOSING_SECONDS", 0.0)
    time.sleep(0.01)
    tick(instance)
    assert find(store, run.id).status == RunStatus.QUEUED
