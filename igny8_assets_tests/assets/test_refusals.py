"""What a person reads in the Dagster UI when a run may not be, or no item of a stage can succeed."""

import logging
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import func, select

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.settings import load_settings
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import ItemFailed
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Account,
    AutomationRun,
    Cluster,
    CreditEntry,
    Launcher,
    RunStatus,
    Site,
    SiteLease,
    SiteStatus,
    Task,
    Trigger,
)
from igny8_assets_tests.assets.dagster_runs import failure_of, materialized, run_job, steps
from igny8_assets_tests.stages.service import served

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def change_site(store: Store, site: Site, **values: Any) -> None:
    with store.write() as session:
        row = session.get_one(Site, site.id)
        for name, value in values.items():
            setattr(row, name, value)


def written(store: Store) -> dict[str, int]:
    """How many rows a run could have written."""
    with store.read() as session:
        return {
            model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in (AutomationRun, Cluster, CreditEntry)
        }


def assert_refused(result: dg.ExecuteInProcessResult, step: str, sentence: str) -> None:
    assert not result.success
    assert result.dagster_run.status == dg.DagsterRunStatus.FAILURE
    assert failure_of(result, step) == sentence
    assert materialized(result) == []


def test_an_archived_site_is_refused_with_the_doors_sentence(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    change_site(store, site, status=SiteStatus.ARCHIVED)
    before = written(store)
    result = run_job(instance, site.slug)
    assert_refused(result, "keywords", "site 'camp' is archived; `igny8 site restore camp` brings it back")
    assert written(store) == before


def test_a_site_without_the_credits_is_refused_with_the_doors_sentence(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    with store.write() as session:
        session.get_one(Account, site.account_id).balance_tenths = 5
    before = written(store)
    result = run_job(instance, site.slug, assets=["clusters"])
    assert_refused(
        result,
        "clusters",
        "site 'camp' needs 3.4 credits for what is pending now and its account has 0.5; "
        "`igny8 account grant` adds credits",
    )
    assert written(store) == before


def test_a_site_with_an_active_run_is_refused_and_that_run_left_alone(
    store: Store, site: Site, instance: dg.DagsterInstance
) -> None:
    with store.write() as session:
        request = RunRequest(Trigger.MANUAL, Launcher.DAEMON)
        run = request_run(session, session.get_one(Site, site.id), load_settings(), request)
    result = run_job(instance, site.slug)
    sentence = f"site 'camp' has a run that is queued ({run.id}); `igny8 current camp` shows it"
    assert_refused(result, "keywords", sentence)
    with store.read() as session:
        assert session.get_one(AutomationRun, run.id).status == RunStatus.QUEUED


def test_a_partition_without_a_site_is_refused(store: Store, site: Site, instance: dg.DagsterInstance) -> None:
    for assets in (None, ["keywords"]):
        result = run_job(instance, "nobody", assets=assets)
        assert failure_of(result, "keywords").startswith("there is no site 'nobody'")


def test_a_stage_that_no_item_can_pass_fails_with_what_is_to_be_mended(
    store: Store, site: Site, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch, key="another"):
        result = run_job(instance, site.slug)
    assert not result.success
    sentence = failure_of(result, "clusters")
    assert "IGNY8_OPENAI_API_KEY" in sentence
    assert materialized(result) == ["keywords"]
    assert steps(result, "STEP_SKIPPED") == []
    with store.read() as session:
        run = session.scalars(select(AutomationRun)).one()
        assert (run.status, run.reason) == (RunStatus.FAILED, sentence)
        assert session.get_one(SiteLease, site.id).run_id is None


def test_items_that_come_to_nothing_are_told_with_their_reasons_in_dagsters_log_too(
    store: Store, site: Site, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ItemFailed("the text is cut off", permanent=True)

    monkeypatch.setattr(STAGES[4], "process", fail)
    result = run_job(instance, site.slug)
    assert result.success
    told = [entry.user_message for entry in instance.all_logs(result.run_id) if entry.level == logging.WARNING]
    with store.read() as session:
        titles = session.scalars(select(Task.title)).all()
    assert titles
    assert [sorted(line.splitlines()) for line in told] == [sorted(f"{title}: the text is cut off" for title in titles)]
