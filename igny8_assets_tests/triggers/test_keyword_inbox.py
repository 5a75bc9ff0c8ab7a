"""The sensor that has new files of the inboxes imported."""

import os
import time
from collections.abc import Callable

import dagster as dg
import pytest
from sqlalchemy import select

from igny8_assets.resources import Installation
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Keyword, Site, SiteStatus
from igny8_assets.triggers.keyword_inbox import FILES_TAG, MOST_REQUESTS, keyword_inbox
from igny8_assets_tests.assets.dagster_runs import run_job, site_pipeline_job
from igny8_assets_tests.pipeline.sites import make_site

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Tick = Callable[[], list[dg.RunRequest]]


@pytest.fixture
def site(store: Store) -> Site:
    """A site with an empty inbox."""
    return make_site(store)


@pytest.fixture
def tick(instance: dg.DagsterInstance) -> Tick:
    """What the sensor asks for, tick after tick."""
    cursor: list[str | None] = [None]

    def once() -> list[dg.RunRequest]:
        resources = {"installation": Installation()}
        with dg.build_sensor_context(instance=instance, cursor=cursor[0], resources=resources) as context:
            outcome = keyword_inbox(context)
        assert isinstance(outcome, dg.SensorResult)
        cursor[0] = outcome.cursor
        return list(outcome.run_requests or ())

    return once


def arrive(text: str, name: str = "export.csv", *, ago: float = 60.0) -> None:
    path = load_settings().inbox / "camp" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - ago,) * 2)


def run(instance: dg.DagsterInstance, request: dg.RunRequest) -> None:
    assert [key.to_user_string() for key in request.asset_selection or ()] == ["keywords"]
    assert run_job(instance, "camp", assets=["keywords"], tags=request.tags).success


def die(instance: dg.DagsterInstance, request: dg.RunRequest) -> None:
    dead = instance.create_run_for_job(site_pipeline_job(), tags=dict(request.tags))
    instance.report_run_failed(dead)


def test_a_settled_file_is_imported_once_and_no_run_is_started(
    store: Store, site: Site, instance: dg.DagsterInstance, tick: Tick
) -> None:
    arrive("keyword\nfamily tent\n")
    [request] = tick()
    assert request.partition_key == "camp"
    run(instance, request)
    assert tick() == []
    assert tick() == []
    with store.read() as session:
        assert session.scalars(select(Keyword.text)).all() == ["family tent"]
        assert session.scalars(select(AutomationRun)).all() == []


def test_a_file_that_is_still_written_waits(site: Site, tick: Tick) -> None:
    arrive("keyword\nfamily tent\n", ago=0.0)
    assert tick() == []


def test_what_is_asked_for_is_not_asked_for_again_while_it_waits(
    site: Site, instance: dg.DagsterInstance, tick: Tick
) -> None:
    arrive("keyword\nfamily tent\n")
    [request] = tick()
    instance.create_run_for_job(site_pipeline_job(), tags=dict(request.tags))
    assert tick() == []


def test_a_file_that_a_run_has_imported_meanwhile_is_left(site: Site, instance: dg.DagsterInstance, tick: Tick) -> None:
    arrive("keyword\nfamily tent\n")
    run_job(instance, "camp", assets=["keywords"])
    assert tick() == []


def test_a_refused_file_is_asked_for_once_and_again_when_it_has_changed(
    site: Site, instance: dg.DagsterInstance, tick: Tick
) -> None:
    arrive("")
    run(instance, tick()[0])
    assert tick() == []
    assert tick() == []
    arrive("keyword\nfamily tent\n")
    assert len(tick()) == 1


def test_an_import_that_died_is_asked_for_again_and_then_left_to_the_next_run(
    site: Site, instance: dg.DagsterInstance, tick: Tick
) -> None:
    arrive("keyword\nfamily tent\n")
    keys = []
    for _ in range(MOST_REQUESTS):
        [request] = tick()
        keys.append(request.run_key)
        die(instance, request)
    assert len(set(keys)) == MOST_REQUESTS
    assert tick() == []
    assert tick() == []


def test_the_inbox_of_an_archived_site_and_a_folder_of_none_are_left(store: Store, site: Site, tick: Tick) -> None:
    arrive("keyword\nfamily tent\n")
    (load_settings().inbox / "nobody").mkdir()
    (load_settings().inbox / "nobody" / "export.csv").write_text("keyword\na\n")
    with store.write() as session:
        session.get_one(Site, site.id).status = SiteStatus.ARCHIVED
    assert tick() == []


def test_a_file_that_is_gone_is_forgotten(site: Site, instance: dg.DagsterInstance, tick: Tick) -> None:
    arrive("keyword\nfamily tent\n", "first.csv")
    run(instance, tick()[0])
    tick()
    (load_settings().inbox / "camp" / "first.csv").unlink()
    arrive("keyword\nrain jacket\n", "second.csv")
    [request] = tick()
    assert instance.get_runs(dg.RunsFilter(tags={FILES_TAG: request.tags[FILES_TAG]})) == []


def test_an_installation_without_an_inbox_is_no_fault(store: Store, tick: Tick) -> None:
    assert tick() == []
