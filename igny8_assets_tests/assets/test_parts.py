"""Jobs for parts of the pipeline, and materializations that a person asks for in the Dagster UI."""

import dagster as dg
import pytest
from sqlalchemy import select

from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, RunStatus, Site, StageResult, Trigger
from igny8_assets_tests.assets.dagster_runs import materialized, run_job, steps
from igny8_assets_tests.pipeline.running import run_stages
from igny8_assets_tests.pipeline.sites import configure

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def only_run(store: Store) -> AutomationRun:
    with store.read() as session:
        return session.scalars(select(AutomationRun)).one()


def test_planning_writing_and_imaging_follow_on_each_other(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    configure(store, site, stage_4_cap=2)
    made = {job: materialized(run_job(instance, site.slug, job=job)) for job in ("planning", "writing", "imaging")}
    assert made == {
        "planning": ["keywords", "clusters", "ideas", "tasks"],
        "writing": ["content"],
        "imaging": ["image_prompts", "images", "review_queue"],
    }
    with store.read() as session:
        runs = session.scalars(select(AutomationRun).order_by(AutomationRun.requested_at)).all()
        done = {row.stage: row.done for row in session.scalars(select(StageResult))}
    assert [(run.first_stage, run.last_stage, run.status) for run in runs] == [
        (1, 3, RunStatus.COMPLETED),
        (4, 4, RunStatus.COMPLETED),
        (5, 7, RunStatus.COMPLETED),
    ]
    assert done[4] == done[5] == done[7] == 2


def test_materializing_one_asset_opens_a_run_of_that_stage_in_a_persons_name(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    run_stages(store, site, 1, 3)
    configure(store, site, stage_4_cap=1)
    run_stages(store, site, 4, 5)
    result = run_job(instance, site.slug, assets=["images"])
    assert materialized(result) == ["images"]
    assert [one.check_name for one in result.get_asset_check_evaluations()] == ["every_image_has_its_file"]
    with store.read() as session:
        run = session.scalars(select(AutomationRun).order_by(AutomationRun.requested_at.desc())).first()
        assert run is not None
        assert (run.first_stage, run.last_stage, run.trigger) == (6, 6, Trigger.MANUAL)
        assert run.status == RunStatus.COMPLETED
        assert [launch.dagster_run_id for launch in run.launches] == [result.run_id]


def test_a_run_of_a_backfill_says_so(store: Store, site: Site, instance: dg.DagsterInstance) -> None:
    run_job(instance, site.slug, assets=["clusters"], tags={"dagster/backfill": "abcdefgh"})
    assert only_run(store).trigger == Trigger.BACKFILL


def test_a_gap_in_the_selection_is_no_gap_in_the_run(store: Store, site: Site, instance: dg.DagsterInstance) -> None:
    configure(store, site, stop_after_stage=3)
    result = run_job(instance, site.slug, assets=["clusters", "review_queue"])
    assert materialized(result) == ["clusters"]
    assert only_run(store).status == RunStatus.COMPLETED


def test_a_run_is_closed_by_whichever_of_its_assets_comes_last(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    run_stages(store, site, 1, 1)
    # Nothing that is selected ties these two, so Dagster goes by their names.
    result = run_job(instance, site.slug, assets=["ideas", "content"])
    assert materialized(result) == ["content", "ideas"]
    with store.read() as session:
        runs = session.scalars(select(AutomationRun)).all()
        assert {run.status for run in runs} == {RunStatus.COMPLETED}
        assert len(runs) == 2


def test_a_site_that_stops_after_a_stage_skips_the_later_assets(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    configure(store, site, stop_after_stage=2)
    result = run_job(instance, site.slug)
    assert result.success
    assert materialized(result) == ["keywords", "clusters", "ideas"]
    assert steps(result, "STEP_SKIPPED") == ["content", "image_prompts", "images", "review_queue"]
    assert only_run(store).status == RunStatus.COMPLETED
    assert only_run(store).last_stage == 2


def test_keywords_alone_are_imported_without_a_run(store: Store, site: Site, instance: dg.DagsterInstance) -> None:
    assert materialized(run_job(instance, site.slug, assets=["keywords"])) == ["keywords"]
    with store.read() as session:
        assert session.scalars(select(AutomationRun)).all() == []


def test_a_run_with_nothing_to_do_shows_all_assets_and_costs_nothing(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    run_stages(store, site)
    with store.read() as session:
        charged = sum(session.scalars(select(AutomationRun.total_credits_tenths)))
    result = run_job(instance, site.slug)
    assert len(materialized(result)) == 8
    with store.read() as session:
        assert sum(session.scalars(select(AutomationRun.total_credits_tenths))) == charged
