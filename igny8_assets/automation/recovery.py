"""The one recovery path: a run whose process died goes on as its next launch, or ends failed when that is no use."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from igny8_assets.automation.news import tell_of
from igny8_assets.automation.runs import bury, process_gone, requeue_dead
from igny8_assets.store.database import Store
from igny8_assets.store.lease import has_run_out
from igny8_assets.store.models import (
    AutomationRun,
    Launcher,
    RunLaunch,
    RunStatus,
    Site,
    SiteLease,
    StageResult,
    utc_now,
)

MOST_IDLE_LAUNCHES = 3
MOST_UNBEGUN_LAUNCHES = 10
"""A launch that never began is no fault of its run: it dies with Dagster's code server, say while that is restarted."""
REASON = "its process was gone; taken over"


@dataclass(frozen=True)
class RunningRun:
    """A row that says it runs: the Dagster run that carries it, and what there is to see of its process.

    `process_gone` is known of this host's processes only; of another's, the lease tells in time.
    """

    run_id: str
    launch: int
    site: str
    dagster_run_id: str
    lease_expired: bool
    process_gone: bool
    all_finished: bool


def running_runs(store: Store, session: Session) -> Sequence[RunningRun]:
    """All rows that say they run, the longest running first."""
    rows = session.execute(
        select(AutomationRun, Site.slug, RunLaunch, SiteLease)
        .join(Site, Site.id == AutomationRun.site_id)
        .join(SiteLease, SiteLease.site_id == AutomationRun.site_id)
        .join(RunLaunch, (RunLaunch.run_id == AutomationRun.id) & (RunLaunch.launch == AutomationRun.launch))
        .where(AutomationRun.status == RunStatus.RUNNING)
        .order_by(AutomationRun.started_at)
    )
    now = store.now(session)
    return [
        RunningRun(
            run.id,
            run.launch,
            slug,
            launch.dagster_run_id,
            lease_expired=has_run_out(lease, run.id, now),
            process_gone=process_gone(launch),
            all_finished=_all_finished(run),
        )
        for run, slug, launch, lease in rows
    ]


def takers(session: Session, dagster_run_ids: Sequence[str]) -> dict[str, bool]:
    """Of Dagster runs those that took a row, and whether they are abandoned.

    One is when a later launch has its place, or when its row does not run any more and its process is gone.
    """
    rows = session.execute(
        select(RunLaunch, AutomationRun)
        .join(AutomationRun, AutomationRun.id == RunLaunch.run_id)
        .where(RunLaunch.dagster_run_id.in_(dagster_run_ids))
    )
    return {
        launch.dagster_run_id: launch.launch < run.launch or (run.status != RunStatus.RUNNING and process_gone(launch))
        for launch, run in rows
    }


def _all_finished(run: AutomationRun) -> bool:
    finished = {row.stage for row in run.stages if row.finished}
    return set(range(run.first_stage, run.last_stage + 1)) <= finished


def recover(session: Session, run_id: str, launch: int) -> RunStatus | None:
    """Queue a dead launch of a run again, for the daemon, or end the run when that is no use.

    A launch may die before it takes the row, which then still is queued, under a number that Dagster launches no more.
    Three launches in a row that took it and got no further end the run, and ten that never did.

    Returns:
        What the run is now; nothing when it was no longer that launch's, and was left alone.
    """
    run = session.get_one(AutomationRun, run_id, with_for_update=True, populate_existing=True)
    if run.launch != launch or run.status not in (RunStatus.RUNNING, RunStatus.QUEUED):
        return None
    reason = _useless(session, run)
    session.flush()
    if reason is None:
        if run.status == RunStatus.RUNNING:
            requeue_dead(session, run, REASON)
        else:
            run.launch += 1
        run.launcher = Launcher.DAEMON
        return run.status
    run.status, run.completed_at, run.reason = RunStatus.FAILED, utc_now(), reason
    bury(session, run)
    session.flush()
    tell_of(session, run_id)
    return run.status


def _useless(session: Session, run: AutomationRun) -> str | None:
    """Why another launch of a run would be no use; nothing when it may go on."""
    if run.status == RunStatus.QUEUED:
        begun = session.scalar(select(func.max(RunLaunch.launch)).where(RunLaunch.run_id == run.id)) or 0
        if run.launch - begun < MOST_UNBEGUN_LAUNCHES:
            return None
        return f"{MOST_UNBEGUN_LAUNCHES} launches in a row ended before they began"
    progress = progress_of(session, run.id)
    run.idle_launches = 0 if progress > run.recovered_progress else run.idle_launches + 1
    run.recovered_progress = progress
    if run.idle_launches < MOST_IDLE_LAUNCHES:
        return None
    return f"its process died in {MOST_IDLE_LAUNCHES} launches in a row, none of which got any further"


def progress_of(session: Session, run_id: str) -> int:
    """How far a run is: the rows done in all stages, and the stages finished, of which some have no rows to do."""
    finished = func.sum(case((StageResult.finished, 1), else_=0))
    counted = select(func.coalesce(func.sum(StageResult.done) + finished, 0)).where(StageResult.run_id == run_id)
    return int(session.scalar(counted) or 0)
