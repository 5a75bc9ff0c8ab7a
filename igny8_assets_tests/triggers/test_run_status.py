"""The sensor that ends rows whose Dagster run came to an end that they do not know of."""

import dagster as dg
import pytest

from igny8_assets.automation.runs import close_run, join_run
from igny8_assets.resources import Installation
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, RunStatus, SiteLease, StageResult
from igny8_assets.triggers.run_status import run_status
from igny8_assets_tests.stages.driving import find
from igny8_assets_tests.triggers.conftest import Carried, fail_in_a_step

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("long_ago"),
]
FAILED = "its Dagster run failed; the Dagster UI shows where"


def tick(instance: dg.DagsterInstance) -> str:
    with dg.build_sensor_context(instance=instance, resources={"installation": Installation()}) as context:
        outcome = run_status(context)
    assert isinstance(outcome, dg.SkipReason)
    return outcome.skip_message or ""


def stands(store: Store, carried: Carried) -> tuple[RunStatus, str | None]:
    run = find(store, carried[0].id)
    return run.status, run.reason


def lease_of(store: Store, run: AutomationRun) -> str | None:
    with store.read() as session:
        return session.get_one(SiteLease, run.site_id).run_id


def test_a_run_that_is_under_way_is_left(store: Store, instance: dg.DagsterInstance, running: Carried) -> None:
    assert tick(instance) == "No run has an end that its row does not know of."
    assert stands(store, running) == (RunStatus.RUNNING, None)


def test_a_run_that_was_canceled_by_force_is_canceled_and_its_site_free(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    instance.report_run_canceled(running[1])
    assert "canceled" in tick(instance)
    assert stands(store, running) == (RunStatus.CANCELED, "canceled in the Dagster UI")
    assert lease_of(store, running[0]) is None


def test_a_run_that_failed_in_a_step_is_failed(store: Store, instance: dg.DagsterInstance, running: Carried) -> None:
    fail_in_a_step(instance, running[1])
    tick(instance)
    assert stands(store, running) == (RunStatus.FAILED, FAILED)


def test_a_run_that_died_is_left_to_recovery(store: Store, instance: dg.DagsterInstance, running: Carried) -> None:
    instance.report_run_failed(running[1])
    tick(instance)
    assert stands(store, running) == (RunStatus.RUNNING, None)


def test_a_run_that_has_nothing_left_to_do_is_completed(
    store: Store, instance: dg.DagsterInstance, running: Carried
) -> None:
    with store.write() as session:
        session.add_all(StageResult(run_id=running[0].id, stage=stage, finished=True) for stage in range(1, 8))
    instance.report_run_failed(running[1])
    tick(instance)
    assert stands(store, running) == (RunStatus.COMPLETED, None)


@pytest.mark.parametrize("ended", ["canceled", "failed"])
def test_a_paused_run_is_never_touched(
    store: Store, instance: dg.DagsterInstance, running: Carried, ended: str
) -> None:
    ticket = join_run(store, load_settings(), running[1].run_id)
    assert ticket is not None
    close_run(ticket, RunStatus.PAUSED, "paused by request")
    if ended == "canceled":
        instance.report_run_canceled(running[1])
    else:
        fail_in_a_step(instance, running[1])
    tick(instance)
    assert stands(store, running) == (RunStatus.PAUSED, "paused by request")


def test_a_launch_that_was_terminated_before_it_began_is_canceled(
    store: Store, instance: dg.DagsterInstance, waiting: Carried
) -> None:
    tick(instance)
    assert stands(store, waiting) == (RunStatus.QUEUED, None)
    instance.report_run_canceled(waiting[1])
    tick(instance)
    assert stands(store, waiting) == (RunStatus.CANCELED, "canceled in the Dagster UI")


def test_a_launch_whose_import_failed_is_failed(store: Store, instance: dg.DagsterInstance, waiting: Carried) -> None:
    fail_in_a_step(instance, waiting[1])
    tick(instance)
    assert stands(store, waiting) == (RunStatus.FAILED, FAILED)
