"""Runs that stop early, are taken twice, or are executed again: what Dagster shows, and where our row stands."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import select

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.automation.runs import find_run, request_stop, take_run
from igny8_assets.settings import load_settings
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Item
from igny8_assets.stages.tools import Tools
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    AutomationRun,
    Content,
    Launcher,
    RunLaunch,
    RunStatus,
    Site,
    SiteLease,
    StageResult,
    StopRequest,
    Trigger,
)
from igny8_assets_tests.assets.dagster_runs import materialized, run_job, site_pipeline_job, steps, tags_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def queue(store: Store, site: Site, first: int = 1, last: int = 7) -> AutomationRun:
    with store.write() as session:
        request = RunRequest(Trigger.MANUAL, Launcher.DAEMON, first, last)
        return request_run(session, session.get_one(Site, site.id), load_settings(), request)


def reload(store: Store, run: AutomationRun) -> AutomationRun:
    with store.read() as session:
        return find_run(session, run.id)


def assert_nothing_is_held(store: Store, site: Site) -> None:
    """The lease is free and no credit stays reserved."""
    with store.read() as session:
        assert session.get_one(SiteLease, site.id).run_id is None
        assert ledger.balance(session, site.account_id) == ledger.sum_of_entries(session, site.account_id)


@contextmanager
def in_stage(store: Store, stage: int, then: Callable[[], None]) -> Iterator[None]:
    """Call `then` from another thread as soon as a stage has begun, which works on one item until that is done."""
    over, done = threading.Event(), threading.Event()
    process = STAGES[stage].process

    async def wait_and_process(item: Item, tools: Tools) -> Any:
        await asyncio.to_thread(done.wait, 60)
        return await process(item, tools)

    def watch() -> None:
        while not over.is_set():
            with store.read() as session:
                if session.scalars(select(StageResult).where(StageResult.stage == stage)).first() is not None:
                    then()
                    done.set()
                    return
            time.sleep(0.01)

    thread = threading.Thread(target=watch)
    thread.start()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("IGNY8_AI_CONCURRENCY", "1")
        patched.setattr(STAGES[stage], "process", wait_and_process)
        try:
            yield
        finally:
            over.set()
            thread.join()


def ask_to_stop(store: Store, wanted: StopRequest) -> None:
    with store.write() as session:
        for run in session.scalars(select(AutomationRun).where(AutomationRun.status == RunStatus.RUNNING)):
            request_stop(run, wanted)


@pytest.mark.parametrize(
    ("wanted", "becomes"), [(StopRequest.PAUSE, RunStatus.PAUSED), (StopRequest.CANCEL, RunStatus.CANCELED)]
)
def test_a_run_that_is_asked_to_stop_skips_what_follows(
    store: Store, site: Site, instance: dg.DagsterInstance, wanted: StopRequest, becomes: RunStatus
) -> None:
    run = queue(store, site)
    with in_stage(store, 4, lambda: ask_to_stop(store, wanted)):
        result = run_job(instance, site.slug, tags=tags_of(run))
    assert result.success
    assert materialized(result) == ["keywords", "clusters", "ideas", "tasks"]
    assert steps(result, "STEP_SKIPPED") == ["image_prompts", "images", "review_queue"]
    assert reload(store, run).status == becomes
    assert_nothing_is_held(store, site)


def test_a_paused_run_goes_on_where_it_stopped_when_its_dagster_run_is_executed_again(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    run = queue(store, site)
    with in_stage(store, 4, lambda: ask_to_stop(store, StopRequest.PAUSE)):
        first = run_job(instance, site.slug, tags=tags_of(run))
    again = run_job(instance, site.slug, tags={**tags_of(run), "dagster/parent_run_id": first.run_id})
    assert len(materialized(again)) == 8
    stored = reload(store, run)
    assert (stored.status, stored.launch) == (RunStatus.COMPLETED, 2)


def test_a_second_dagster_run_for_the_same_launch_ends_skipped(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    run = queue(store, site)
    assert take_run(store, load_settings(), run.id, run.launch, "the first dagster run") is not None
    result = run_job(instance, site.slug, tags=tags_of(run))
    assert result.success
    assert materialized(result) == []
    assert reload(store, run).status == RunStatus.RUNNING
    with store.read() as session:
        assert [one.dagster_run_id for one in session.scalars(select(RunLaunch))] == ["the first dagster run"]


def test_a_dagster_run_that_comes_after_the_end_does_nothing(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    run = queue(store, site, 1, 1)
    run_job(instance, site.slug, assets=["clusters"], tags=tags_of(run))
    assert materialized(run_job(instance, site.slug, assets=["clusters"], tags=tags_of(run))) == []


def test_executing_a_closed_run_again_opens_a_new_one_that_names_its_parent(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    run = queue(store, site, 1, 1)
    first = run_job(instance, site.slug, assets=["clusters"], tags=tags_of(run))
    run_job(instance, site.slug, assets=["clusters"], tags={**tags_of(run), "dagster/parent_run_id": first.run_id})
    with store.read() as session:
        runs = session.scalars(select(AutomationRun).order_by(AutomationRun.requested_at)).all()
    assert [(one.status, one.parent_run_id) for one in runs] == [
        (RunStatus.COMPLETED, None),
        (RunStatus.COMPLETED, run.id),
    ]


def test_terminating_in_the_dagster_ui_ends_both_runs_as_canceled(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    run = queue(store, site)

    def terminate() -> None:
        for record in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])):
            instance.report_run_canceling(record)

    with in_stage(store, 1, terminate):
        result = run_job(instance, site.slug, tags=tags_of(run))
    dagster_run = instance.get_run_by_id(result.run_id)
    assert dagster_run is not None
    assert dagster_run.status == dg.DagsterRunStatus.CANCELED
    assert reload(store, run).status == RunStatus.CANCELED
    assert "review_queue" not in materialized(result)
    assert_nothing_is_held(store, site)


def test_an_import_that_meets_a_fault_closes_the_run_as_failed(
    store: Store, site: Site, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("igny8_assets.assets.importing.inbox_files", fault)
    run = queue(store, site)
    result = run_job(instance, site.slug, tags=tags_of(run))
    assert not result.success
    stored = reload(store, run)
    assert (stored.status, stored.reason) == (
        RunStatus.FAILED,
        "its Dagster run failed; the Dagster UI shows where",
    )
    assert_nothing_is_held(store, site)


def test_an_interrupt_between_two_stages_closes_the_run_as_canceled(
    store: Store, site: Site, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from igny8_assets.assets import checks, invariants

    def interrupted(*_: object) -> None:
        raise dg.DagsterExecutionInterruptedError

    assert checks.CHECKS
    monkeypatch.setattr(invariants, "every_mapped_keyword_has_a_cluster", interrupted)
    run = queue(store, site)
    result = run_job(instance, site.slug, tags=tags_of(run))
    dagster_run = instance.get_run_by_id(result.run_id)
    assert dagster_run is not None
    assert dagster_run.status == dg.DagsterRunStatus.CANCELED
    stored = reload(store, run)
    assert (stored.status, stored.reason) == (RunStatus.CANCELED, "interrupted")
    assert_nothing_is_held(store, site)


def test_only_the_steps_that_are_executed_again_count_as_selected(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    run = queue(store, site)
    with in_stage(store, 4, lambda: ask_to_stop(store, StopRequest.CANCEL)):
        first = run_job(instance, site.slug, tags=tags_of(run))
    again = dg.execute_job(
        dg.reconstructable(site_pipeline_job),
        instance=instance,
        # The Dagster UI copies the tags of the parent.
        tags={**tags_of(run), "dagster/partition": site.slug},
        reexecution_options=dg.ReexecutionOptions(parent_run_id=first.run_id, step_selection=["content"]),
    )
    assert again.success
    with store.read() as session:
        latest = session.scalars(select(AutomationRun).order_by(AutomationRun.requested_at.desc())).first()
        assert latest is not None
        assert (latest.first_stage, latest.last_stage, latest.status) == (4, 4, RunStatus.COMPLETED)
        assert latest.parent_run_id == run.id
        assert session.scalars(select(Content)).all()
