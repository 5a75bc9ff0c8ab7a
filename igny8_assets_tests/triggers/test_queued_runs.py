"""The sensor that hands queued rows to Dagster."""

from datetime import timedelta

import dagster as dg
import pytest

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.jobs import LAUNCH_TAG, RUN_TAG
from igny8_assets.resources import Installation
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Launcher, Site, Trigger, utc_now
from igny8_assets.triggers.planning import MOST_PER_TICK, plan_queued_runs
from igny8_assets.triggers.queued_runs import queued_runs
from igny8_assets_tests.assets.dagster_runs import site_pipeline_job, tags_of
from igny8_assets_tests.pipeline.sites import make_site


def queue(
    store: Store,
    site: Site,
    launcher: Launcher = Launcher.DAEMON,
    first: int = 1,
    trigger: Trigger = Trigger.MANUAL,
) -> AutomationRun:
    with store.write() as session:
        request = RunRequest(trigger, launcher, first)
        return request_run(session, session.get_one(Site, site.id), load_settings(), request)


def tick(instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    """What the sensor asks Dagster to run."""
    outcome = evaluate(instance)
    return list(outcome.run_requests or ()) if isinstance(outcome, dg.SensorResult) else []


def evaluate(instance: dg.DagsterInstance) -> object:
    """What the sensor says."""
    with dg.build_sensor_context(instance=instance, resources={"installation": Installation()}) as context:
        return queued_runs(context)


def leave_behind(instance: dg.DagsterInstance, run: AutomationRun, slug: str) -> dg.DagsterRun:
    """A Dagster run for a launch, which its queue has not begun."""
    return instance.create_run_for_job(site_pipeline_job(), tags={**tags_of(run), "dagster/partition": slug})


def test_the_rows_of_the_daemon_are_planned_oldest_first_and_no_others(store: Store) -> None:
    older, newer, other = (make_site(store, slug) for slug in ("older", "newer", "other"))
    runs = [queue(store, older), queue(store, newer, first=4)]
    queue(store, other, Launcher.PROCESS)
    with store.read() as session:
        planned = plan_queued_runs(session, utc_now())
    assert [(one.run_id, one.site, one.first_stage, one.last_stage) for one in planned] == [
        (runs[0].id, "older", 1, 7),
        (runs[1].id, "newer", 4, 7),
    ]


def test_a_tick_plans_no_more_than_it_has_time_for(store: Store) -> None:
    for number in range(MOST_PER_TICK + 1):
        queue(store, make_site(store, f"site-{number}"))
    with store.read() as session:
        assert len(plan_queued_runs(session, utc_now())) == MOST_PER_TICK


def test_a_scheduled_row_is_left_to_its_tick_for_a_minute(store: Store) -> None:
    run = queue(store, make_site(store), trigger=Trigger.SCHEDULED)
    with store.read() as session:
        assert plan_queued_runs(session, run.requested_at + timedelta(seconds=59)) == []
        assert len(plan_queued_runs(session, run.requested_at + timedelta(seconds=61))) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_queued_row_becomes_one_run_of_the_stages_that_are_left(store: Store, instance: dg.DagsterInstance) -> None:
    run = queue(store, make_site(store), first=4)
    requests = tick(instance)
    assert len(requests) == 1
    assert requests[0].run_key == f"{run.id}:1"
    assert requests[0].partition_key == "camp"
    assert requests[0].tags[RUN_TAG] == run.id
    assert requests[0].tags[LAUNCH_TAG] == "1"
    assert [key.to_user_string() for key in requests[0].asset_selection or ()] == [
        "content",
        "image_prompts",
        "images",
        "review_queue",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_site_that_dagster_does_not_know_is_made_known(store: Store, instance: dg.DagsterInstance) -> None:
    queue(store, make_site(store))
    outcome = evaluate(instance)
    assert isinstance(outcome, dg.SensorResult)
    assert [list(request.partition_keys) for request in outcome.dynamic_partitions_requests or ()] == [["camp"]]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_launch_that_waits_in_dagsters_own_queue_is_not_asked_for_again(
    store: Store, instance: dg.DagsterInstance
) -> None:
    run = queue(store, make_site(store))
    leave_behind(instance, run, "camp")
    assert tick(instance) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_resumed_run_is_launched_under_a_key_of_its_own(store: Store, instance: dg.DagsterInstance) -> None:
    run = queue(store, make_site(store))
    instance.report_run_canceled(leave_behind(instance, run, "camp"))
    with store.write() as session:
        session.get_one(AutomationRun, run.id).launch = 2
    assert [request.run_key for request in tick(instance)] == [f"{run.id}:2"]


def test_nobody_waiting_is_said(store: Store, instance: dg.DagsterInstance) -> None:
    outcome = evaluate(instance)
    assert isinstance(outcome, dg.SkipReason)
