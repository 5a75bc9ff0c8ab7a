"""The nightly schedule: what is old goes, and what a site shows now stays."""

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import update

from igny8_assets.automation.clearing import remove_old_logs, remove_sent_notices
from igny8_assets.automation.runs import close_run
from igny8_assets.definitions import defs
from igny8_assets.resources import Installation
from igny8_assets.settings import load_settings
from igny8_assets.stages.run_log import RunLog, read_log
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    AutomationRun,
    ChannelKind,
    Notice,
    NoticeChannel,
    NoticeEvent,
    NoticeStatus,
    RunStatus,
    Site,
    utc_now,
)
from igny8_assets.triggers.housekeeping import housekeeping_job, remove_old_runs
from igny8_assets_tests.assets.dagster_runs import run_job
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.pipeline.sites import make_site
from igny8_assets_tests.stages.driving import take

LONG_AGO = timedelta(days=91)


def ended(store: Store, site: Site, ago: timedelta) -> AutomationRun:
    """A run with a log that ended some time ago."""
    run = ask_for_run(store, site)
    close_run(take(store, run), RunStatus.COMPLETED)
    with store.write() as session:
        moment = utc_now() - ago
        session.execute(
            update(AutomationRun).where(AutomationRun.id == run.id).values(completed_at=moment, requested_at=moment)
        )
    return run


def log_of(run: AutomationRun) -> list[object]:
    return list(read_log(load_settings(), run.id))


def test_the_logs_of_old_runs_are_removed_but_never_those_of_a_sites_latest(store: Store) -> None:
    site, quiet = make_site(store), make_site(store, "quiet")
    old, recent = ended(store, site, LONG_AGO), ended(store, site, timedelta(days=1))
    only = ended(store, quiet, LONG_AGO)
    with store.read() as session:
        assert remove_old_logs(session, load_settings(), utc_now()) == 1
        assert remove_old_logs(session, load_settings(), utc_now()) == 0
    assert log_of(old) == []
    assert log_of(recent)
    assert log_of(only)


def test_all_parts_of_a_log_are_removed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_LOG_MEGABYTES", "0.0001")
    site = make_site(store)
    old = ended(store, site, LONG_AGO)
    for number in range(5):
        RunLog(load_settings(), old.id).write(f"line {number}")
    ended(store, site, timedelta(0))
    with store.read() as session:
        remove_old_logs(session, load_settings(), utc_now())
    assert list(load_settings().logs.glob(f"{old.id}*")) == []


def test_sent_notices_go_after_a_while_and_others_stay(store: Store) -> None:
    site = make_site(store)
    with store.write() as session:
        channel = NoticeChannel(site_id=site.id, kind=ChannelKind.WEBHOOK, target="https://x.example", events=[])
        session.add(channel)
        session.flush()
        for number, status in enumerate([NoticeStatus.SENT, NoticeStatus.DEAD, NoticeStatus.PENDING]):
            moment = utc_now() - LONG_AGO
            notice = Notice(channel_id=channel.id, event=NoticeEvent.TEST, key=str(number), facts={}, status=status)
            notice.created_at, notice.sent_at = moment, moment if status == NoticeStatus.SENT else None
            session.add(notice)
    with store.write() as session:
        assert remove_sent_notices(session, load_settings(), utc_now()) == 1
        assert remove_sent_notices(session, load_settings(), utc_now()) == 0


@pytest.mark.slow
def test_old_dagster_runs_go_with_their_events_but_not_what_an_asset_shows(
    store: Store, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ("camp", "other"):
        make_site(store, slug)
    first = run_job(instance, "camp").run_id
    repeated = run_job(instance, "camp", assets=["keywords", "clusters"]).run_id
    other = run_job(instance, "other").run_id
    newest = run_job(instance, "camp").run_id
    before = instance.get_latest_materialization_event(dg.AssetKey("clusters"))
    # Everything is older than no days at all; a site's latest of each asset is in its newest run.
    assert remove_old_runs(instance, 0, set()) == 2
    assert instance.get_run_by_id(first) is None
    assert instance.get_run_by_id(repeated) is None
    assert instance.get_run_by_id(other) is not None
    assert instance.get_run_by_id(newest) is not None
    assert instance.get_latest_materialization_event(dg.AssetKey("clusters")) == before
    for name in ("keywords", "images"):
        assert instance.get_materialized_partitions(dg.AssetKey(name)) == {"camp", "other"}
    runs = load_settings().dagster_home / "history" / "runs"
    if store.is_sqlite:
        assert not [part for part in runs.iterdir() if part.name.startswith((first, repeated))]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_recent_dagster_runs_stay_and_so_do_those_that_are_named(store: Store, instance: dg.DagsterInstance) -> None:
    make_site(store)
    runs = [run_job(instance, "camp", assets=["keywords"]).run_id for _ in range(3)]
    assert remove_old_runs(instance, 1, set()) == 0
    assert remove_old_runs(instance, 0, {runs[0]}) == 1
    assert [instance.get_run_by_id(run_id) is not None for run_id in runs] == [True, False, True]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_job_reports_what_it_removed(store: Store, instance: dg.DagsterInstance, home: Path) -> None:
    site = make_site(store)
    ended(store, site, LONG_AGO)
    ended(store, site, timedelta(0))
    result = housekeeping_job.execute_in_process(instance=instance, resources={"installation": Installation()})
    assert result.success
    logged = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert "Removed the logs of 1 runs, the events of 0 Dagster runs and 0 sent notices." in logged


def test_the_schedule_runs_every_night_by_default() -> None:
    definitions: dg.Definitions = defs()
    schedule = definitions.resolve_schedule_def("housekeeping")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.cron_schedule == "41 3 * * *"
