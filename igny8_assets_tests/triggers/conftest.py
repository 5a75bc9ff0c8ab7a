"""Rows and the Dagster runs that carry them, as the daemon finds them."""

from collections.abc import Iterator

import dagster as dg
import pytest

from igny8_assets import run_end
from igny8_assets.automation.runs import take_run
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Launcher
from igny8_assets_tests.assets.dagster_runs import open_instance, site_pipeline_job, tags_of
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.pipeline.sites import make_site

Carried = tuple[AutomationRun, dg.DagsterRun]


@pytest.fixture
def instance(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """The instance that belongs to the test's home."""
    with open_instance(monkeypatch) as opened:
        yield opened


@pytest.fixture
def waiting(store: Store, instance: dg.DagsterInstance) -> Carried:
    """A run of the daemon's, and the Dagster run that is to take it."""
    run = ask_for_run(store, make_site(store))
    with store.write() as session:
        session.get_one(AutomationRun, run.id).launcher = Launcher.DAEMON
    tags = {**tags_of(run), "dagster/partition": "camp"}
    return run, instance.create_run_for_job(site_pipeline_job(), tags=tags)


@pytest.fixture
def running(store: Store, waiting: Carried) -> Carried:
    """A run that a Dagster run has taken, whose process does nothing more."""
    run, dagster_run = waiting
    assert take_run(store, load_settings(), run.id, 1, dagster_run.run_id) is not None
    return waiting


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has ended counts as settled at once."""
    monkeypatch.setattr(run_end, "CLOSING_SECONDS", -1.0)


def fail_in_a_step(instance: dg.DagsterInstance, dagster_run: dg.DagsterRun, error: str = "OSError") -> None:
    """End a Dagster run as one whose step met an error."""
    from dagster._core.events import DagsterEvent, DagsterEventType
    from dagster._core.execution.plan.objects import StepFailureData
    from dagster_shared.error import SerializableErrorInfo

    event = DagsterEvent(
        DagsterEventType.STEP_FAILURE.value,
        job_name="site_pipeline",
        step_key="keywords",
        event_specific_data=StepFailureData(SerializableErrorInfo("away", [], error), None),  # type: ignore[no-untyped-call]
    )
    instance.report_dagster_event(event, dagster_run.run_id)
    instance.report_run_failed(dagster_run)
