"""What becomes of our run when its Dagster run ends: however that ends, no row is left running or queued."""

import time
from collections.abc import Mapping
from enum import StrEnum

import dagster as dg
from sqlalchemy import update

from igny8_assets.automation.news import tell_of
from igny8_assets.automation.runs import close_run, join_run, requeue_dead, was_taken
from igny8_assets.jobs import LAUNCH_TAG, RUN_TAG
from igny8_assets.settings import Settings
from igny8_assets.stages.run_log import RunLog
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Launcher, RunStatus, utc_now

INTERRUPTED = "interrupted"
INTERRUPTS = ("DagsterExecutionInterruptedError", "KeyboardInterrupt")
GOES_ON = "`igny8 ui` ended; the run goes on when it is up again"
CANCELED = "canceled in the Dagster UI"
CLOSING_SECONDS = 10.0
"""A Dagster run that ended a moment ago may still be giving our row its end."""
FAILED = "its Dagster run failed; the Dagster UI shows where"


class Ending(StrEnum):
    """How a Dagster run came to its end; one that died was not told to."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    DIED = "died"


def ending_of(instance: dg.DagsterInstance, record: dg.RunRecord, *, closing: bool = True) -> Ending | None:
    """How a Dagster run ended, or nothing while it is not over; with `closing` also when it has only just ended."""
    dagster_run = record.dagster_run
    if not dagster_run.is_finished:
        return None
    if closing and (record.end_time or 0.0) > time.time() - CLOSING_SECONDS:
        return None
    if dagster_run.status == dg.DagsterRunStatus.CANCELED:
        return Ending.CANCELED
    if dagster_run.status == dg.DagsterRunStatus.SUCCESS:
        return Ending.SUCCEEDED
    errors = failures(instance, dagster_run)
    return Ending.FAILED if errors and not any(name in INTERRUPTS for name in errors) else Ending.DIED


def end_launch(
    store: Store,
    settings: Settings,
    dagster_run_id: str,
    launch: tuple[str, int] | None,
    status: RunStatus,
    reason: str,
) -> None:
    """Close what a Dagster run leaves open: the run that it took, or the queued launch that it never took.

    Args:
        dagster_run_id: the Dagster run that is over, or about to be.
        launch: the run id and launch that it was to take.
        status: canceled or failed.
        reason: what a person reads.
    """
    ticket = join_run(store, settings, dagster_run_id)
    if ticket is not None:
        close_run(ticket, status, reason)
    elif launch is not None and not was_taken(store, dagster_run_id):
        end_untaken(store, settings, *launch, status, reason)


def put_back(store: Store, settings: Settings, dagster_run_id: str, launch: tuple[str, int] | None) -> None:
    """Queue for the daemon what a Dagster run leaves open: its process was told to end, and not the run.

    Args:
        launch: the run id and launch that it was to take.
    """
    ticket = join_run(store, settings, dagster_run_id)
    taken = (ticket.run_id, ticket.launch) if ticket is not None else None
    wanted = taken or (None if was_taken(store, dagster_run_id) else launch)
    if wanted is None:
        return
    with store.write() as session:
        run = session.get(AutomationRun, wanted[0], with_for_update=True)
        if run is None or run.launch != wanted[1] or run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
            return
        if run.status == RunStatus.RUNNING:
            requeue_dead(session, run, GOES_ON)
        else:
            run.launch += 1
        run.launcher = Launcher.DAEMON
    RunLog(settings, wanted[0]).write(GOES_ON, level="warning")


def was_interrupted(instance: dg.DagsterInstance, dagster_run: dg.DagsterRun) -> bool:
    """Whether an interrupt ended a Dagster run; Dagster calls one a failure unless it was asked for."""
    return (
        dagster_run.status in (dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED)
        or dagster_run.tags.get("dagster/failure_reason") == "UNEXPECTED_TERMINATION"
        or any(name in INTERRUPTS for name in failures(instance, dagster_run))
    )


def failures(instance: dg.DagsterInstance, dagster_run: dg.DagsterRun) -> list[str]:
    """The names of the errors with which steps failed."""
    entries = instance.all_logs(dagster_run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    errors = [entry.get_dagster_event().step_failure_data.error for entry in entries]
    return [error.cls_name or "" for error in errors if error is not None]


def launch_of(tags: Mapping[str, str]) -> tuple[str, int] | None:
    """The run id and launch that a Dagster run's tags name."""
    run_id, launch = tags.get(RUN_TAG), tags.get(LAUNCH_TAG, "")
    return (run_id, int(launch)) if run_id and launch.isdigit() else None


def end_untaken(
    store: Store, settings: Settings, run_id: str, launch: int, status: RunStatus, reason: str | None
) -> bool:
    """End a launch that is still queued.

    Returns:
        Whether it was.
    """
    with store.write() as session:
        ended = session.execute(
            update(AutomationRun)
            .where(AutomationRun.id == run_id, AutomationRun.launch == launch, AutomationRun.status == RunStatus.QUEUED)
            .values(status=status, reason=reason, completed_at=utc_now())
        )
        if ended.rowcount != 1:  # type: ignore[attr-defined]
            return False
        tell_of(session, run_id)
    RunLog(settings, run_id).write(f"{status.value}: {reason}")
    return True


def report_dead(instance: dg.DagsterInstance, dagster_run_id: str) -> None:
    """Mark a Dagster run failed whose process is gone; one that is over already is left alone."""
    dagster_run = instance.get_run_by_id(dagster_run_id)
    if dagster_run is not None and not dagster_run.is_finished:
        instance.report_run_failed(dagster_run, "The process that executed this run is gone.")
