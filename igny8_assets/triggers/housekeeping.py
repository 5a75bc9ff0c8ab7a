"""The daily schedule that removes what is old: logs of runs, Dagster's events, messages that were sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from igny8_assets.jobs import ALL_ASSETS
from igny8_assets.resources import Installation

KEYS_PER_PAGE = 500


@dg.op(
    description="Removes old logs, events and sent messages; each site's latest run, and what its assets show, stay."
)
def remove_what_is_old(context: dg.OpExecutionContext, installation: Installation) -> None:
    """Remove what is older than the settings say, and report how much."""
    from igny8_assets.automation.clearing import (
        kept_dagster_runs,
        remove_kept_answers,
        remove_old_logs,
        remove_sent_notices,
    )
    from igny8_assets.store.models import utc_now

    settings, store = installation.settings, installation.store
    with store.write() as session:
        notices = remove_sent_notices(session, settings, utc_now())
        remove_kept_answers(session, utc_now())
    with store.read() as session:
        logs = remove_old_logs(session, settings, utc_now())
        kept = kept_dagster_runs(session)
    runs = remove_old_runs(context.instance, settings.event_days, kept)
    context.log.info(f"Removed the logs of {logs} runs, the events of {runs} Dagster runs and {notices} sent notices.")
    context.add_output_metadata({"logs": logs, "dagster_runs": runs, "notices": notices})


@dg.job(description="What the schedule of the same name does every night.")
def housekeeping_job() -> None:
    """One step."""
    remove_what_is_old()


housekeeping = dg.ScheduleDefinition(
    name="housekeeping",
    job=housekeeping_job,
    cron_schedule="41 3 * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 03:41 UTC: removes logs, events and sent notices that are older than the settings say.",
)


def remove_old_runs(instance: dg.DagsterInstance, days: int, kept: set[str]) -> int:
    """Delete Dagster runs that ended long ago, with their events and captured output.

    Deleting a run takes its materializations along: those that an asset shows now, and their runs, stay.

    Args:
        days: how old a run must be.
        kept: ids of runs that stay whatever their age.

    Returns:
        How many were deleted.
    """
    from dagster._core.storage.dagster_run import FINISHED_STATUSES

    before = datetime.now(UTC) - timedelta(days=days)
    old = instance.get_run_ids(dg.RunsFilter(statuses=list(FINISHED_STATUSES), updated_before=before))
    stays = kept | _shown(instance)
    gone = [run_id for run_id in old if run_id not in stays]
    for run_id in gone:
        _delete(instance, run_id)
    return len(gone)


def _delete(instance: dg.DagsterInstance, run_id: str) -> None:
    instance.delete_run(run_id)
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    path_of = getattr(instance.event_log_storage, "path_for_shard", None)
    if path_of is not None:
        # With SQLite each run's events have a file of their own, which deleting only empties.
        for ending in ("", "-wal", "-shm"):
            Path(path_of(run_id) + ending).unlink(missing_ok=True)


def _shown(instance: dg.DagsterInstance) -> set[str]:
    """The runs that hold the latest materialization of any asset of any site."""
    shown: set[str] = set()
    for name in ALL_ASSETS:
        key = dg.AssetKey(name)
        latest = instance.event_log_storage.get_latest_storage_id_by_partition(
            key, dg.DagsterEventType.ASSET_MATERIALIZATION
        )
        numbers = list(latest.values())
        for start in range(0, len(numbers), KEYS_PER_PAGE):
            page = numbers[start : start + KEYS_PER_PAGE]
            wanted = dg.AssetRecordsFilter(asset_key=key, storage_ids=page)
            shown |= {record.run_id for record in instance.fetch_materializations(wanted, limit=len(page)).records}
    return shown
