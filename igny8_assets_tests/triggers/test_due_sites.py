"""The schedule: its tick shows the runs that it starts, and why it skipped."""

from datetime import timedelta

import dagster as dg
import pytest
from sqlalchemy import select

from igny8_assets.jobs import LAUNCH_TAG, RUN_TAG
from igny8_assets.resources import Installation
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, RunStatus, Site, SiteStatus, utc_now
from igny8_assets.triggers.due_sites import due_sites
from igny8_assets_tests.assets.dagster_runs import run_job
from igny8_assets_tests.pipeline.sites import configure, make_site


@pytest.fixture
def due(store: Store) -> Site:
    """A site whose slot has come."""
    site = make_site(store)
    configure(store, site, is_enabled=True, next_run_at=utc_now() - timedelta(seconds=30))
    return site


def tick(instance: dg.DagsterInstance) -> list[dg.RunRequest] | dg.SkipReason:
    with dg.build_schedule_context(instance=instance, resources={"installation": Installation()}) as context:
        outcome = due_sites(context)
    assert isinstance(outcome, list | dg.SkipReason)
    return outcome


def test_a_tick_asks_for_a_run_of_each_site_that_is_due(store: Store, due: Site, instance: dg.DagsterInstance) -> None:
    requests = tick(instance)
    assert isinstance(requests, list)
    [request] = requests
    with store.read() as session:
        run = session.scalars(select(AutomationRun)).one()
    assert (request.run_key, request.partition_key) == (f"{run.id}:1", due.slug)
    assert (request.tags[RUN_TAG], request.tags[LAUNCH_TAG]) == (run.id, "1")
    assert instance.get_dynamic_partitions("site") == [due.slug]
    assert isinstance(tick(instance), dg.SkipReason)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_run_that_it_asks_for_takes_the_row_and_completes_it(
    store: Store, due: Site, instance: dg.DagsterInstance
) -> None:
    requests = tick(instance)
    assert isinstance(requests, list)
    assert run_job(instance, due.slug, tags=requests[0].tags).success
    with store.read() as session:
        run = session.scalars(select(AutomationRun)).one()
        assert (run.status, run.slot is not None) == (RunStatus.COMPLETED, True)


def test_a_tick_that_starts_nothing_says_why(store: Store, due: Site, instance: dg.DagsterInstance) -> None:
    with store.write() as session:
        session.get_one(Site, due.id).status = SiteStatus.ARCHIVED
    skipped, idle = tick(instance), tick(instance)
    assert isinstance(skipped, dg.SkipReason)
    assert "is archived" in (skipped.skip_message or "")
    assert isinstance(idle, dg.SkipReason)
    assert idle.skip_message == "No site is due."
