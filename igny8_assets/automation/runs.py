"""Where a run stands: taking a queued one, joining the running one, and closing it."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session, object_session

from igny8_assets.ai.calls import mark_unanswered
from igny8_assets.automation.news import tell_of
from igny8_assets.automation.process import ProcessIdentity, is_gone, this_process
from igny8_assets.errors import NotFound, Refusal
from igny8_assets.settings import Settings
from igny8_assets.site_settings import for_site
from igny8_assets.stages.run_log import RunLog
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store import lease, ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    ACTIVE,
    AutomationConfig,
    AutomationRun,
    RunLaunch,
    RunStatus,
    Site,
    SiteLease,
    StageResult,
    StopRequest,
    utc_now,
)


def find_run(session: Session, run_id: str) -> AutomationRun:
    """The run of this id, or of the only id that begins so.

    Raises:
        NotFound: none, or several.
    """
    found = session.get(AutomationRun, run_id)
    if found is None and len(run_id) >= 6 and run_id.replace("-", "").isalnum():
        begins = session.scalars(
            select(AutomationRun).where(AutomationRun.id.startswith(run_id, autoescape=True)).limit(2)
        ).all()
        found = begins[0] if len(begins) == 1 else None
    if found is None:
        raise NotFound(f"there is no run {run_id!r}; `igny8 history SITE` shows a site's runs")
    return found


def take_run(store: Store, settings: Settings, run_id: str, launch: int, dagster_run_id: str) -> RunTicket | None:
    """Take a queued run for a Dagster run: compare-and-swap on its status, with the site's lease.

    Returns:
        The ticket, or nothing when this launch was taken by another.
    """
    me = this_process()
    with store.write() as session:
        taken = session.execute(
            update(AutomationRun)
            .where(AutomationRun.id == run_id, AutomationRun.launch == launch, AutomationRun.status == RunStatus.QUEUED)
            .values(status=RunStatus.RUNNING, stop_request=None, reason=None)
            .returning(AutomationRun.site_id)
        ).scalar_one_or_none()
        if taken is None:
            return None
        token = lease.acquire(store, session, taken, run_id, settings.lease_seconds)
        if token is None:
            session.rollback()
            return None
        run = session.get_one(AutomationRun, run_id)
        run.lease_token = token
        run.started_at = run.started_at or utc_now()
        session.add(
            RunLaunch(
                run_id=run_id,
                launch=launch,
                dagster_run_id=dagster_run_id,
                host=me.host,
                process_id=me.process_id,
                process_started_ms=me.started_ms,
            )
        )
        session.get_one(AutomationConfig, run.site_id).last_run_at = run.started_at
        ticket = _ticket(session, store, settings, run)
    RunLog(settings, run_id).write(f"launch {launch} began (Dagster run {dagster_run_id})")
    return ticket


def join_run(store: Store, settings: Settings, dagster_run_id: str) -> RunTicket | None:
    """The ticket of the run that a Dagster run took earlier, while it still runs.

    Returns:
        The ticket, or nothing when the run was paused, canceled, or taken over since.
    """
    with store.read() as session:
        run = session.scalar(
            select(AutomationRun)
            .join(RunLaunch, RunLaunch.run_id == AutomationRun.id)
            .where(
                RunLaunch.dagster_run_id == dagster_run_id,
                RunLaunch.launch == AutomationRun.launch,
                AutomationRun.status == RunStatus.RUNNING,
            )
        )
        return None if run is None else _ticket(session, store, settings, run)


def was_taken(store: Store, dagster_run_id: str) -> bool:
    """Whether a Dagster run took a run of ours, whatever became of it."""
    with store.read() as session:
        return session.scalar(select(RunLaunch.run_id).where(RunLaunch.dagster_run_id == dagster_run_id)) is not None


def _ticket(session: Session, store: Store, settings: Settings, run: AutomationRun) -> RunTicket:
    site = session.get_one(Site, run.site_id)
    config = session.get_one(AutomationConfig, run.site_id)
    return RunTicket(store, for_site(settings, site.slug), run.id, run.launch, run.lease_token or 0, site, config)


def close_run(ticket: RunTicket, status: RunStatus, reason: str | None = None) -> bool:
    """Give a running run its end (or its pause), and its site's lease and open reservations back.

    Returns:
        Whether this call closed it; a run that was taken over is left alone.
    """
    with ticket.store.write() as session:
        closed = session.execute(
            update(AutomationRun)
            .where(
                AutomationRun.id == ticket.run_id,
                AutomationRun.status == RunStatus.RUNNING,
                AutomationRun.lease_token == ticket.token,
            )
            .values(
                status=status,
                reason=reason,
                stop_request=None,
                completed_at=None if status in ACTIVE else utc_now(),
            )
        )
        if closed.rowcount != 1:  # type: ignore[attr-defined]
            return False
        ledger.release_open(session, ticket.run_id)
        mark_unanswered(session, ticket.run_id)
        lease.give_up(session, ticket.site.id, ticket.token)
        tell_of(session, ticket.run_id)
    # "paused by request" says both.
    told = reason if reason and reason.startswith(status.value) else ": ".join(filter(None, (status.value, reason)))
    RunLog(ticket.settings, ticket.run_id).write(told)
    return True


def requeue_dead(session: Session, run: AutomationRun, reason: str) -> str | None:
    """Put a running run whose process is dead back to queued, as its next launch.

    The lease is taken from the dead process, so that a zombie of it can write nothing; what it had reserved is
    given back.

    Returns:
        The Dagster run that was executing it, to be marked failed.
    """
    # Read now: the update raises the number in this session's row too.
    dead_launch = run.launch
    requeued = session.execute(
        update(AutomationRun)
        .where(
            AutomationRun.id == run.id, AutomationRun.launch == dead_launch, AutomationRun.status == RunStatus.RUNNING
        )
        .values(status=RunStatus.QUEUED, launch=AutomationRun.launch + 1, reason=reason)
    )
    if requeued.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal(f"run {run.id} was taken over by another in this moment", code="run_active")
    bury(session, run)
    launch = session.get(RunLaunch, (run.id, dead_launch))
    session.refresh(run)
    return None if launch is None else launch.dagster_run_id


def bury(session: Session, run: AutomationRun) -> None:
    """Take the lease from a dead process, so that a zombie of it writes nothing, and give back what it had reserved."""
    lease.revoke(session, run.site_id, run.id)
    ledger.release_open(session, run.id)
    mark_unanswered(session, run.id)


def is_dead(store: Store, session: Session, run: AutomationRun) -> bool:
    """Whether a running run's process is gone: known of this host's, told by its lease of any other's."""
    launch = session.get(RunLaunch, (run.id, run.launch))
    if run.status != RunStatus.RUNNING or launch is None:
        return False
    held = session.get_one(SiteLease, run.site_id)
    return process_gone(launch) or lease.has_run_out(held, run.id, store.now(session))


def process_gone(launch: RunLaunch) -> bool:
    """Whether the process that executes a launch is known to be over."""
    return is_gone(ProcessIdentity(launch.host, launch.process_id, launch.process_started_ms))


def request_stop(run: AutomationRun, wanted: StopRequest) -> AutomationRun:
    """Ask a run to pause or cancel between items; one that is not running is ended here and now.

    Raises:
        Refusal: the run is over, or it can't be paused because it has not begun.
    """
    session = object_session(run)
    if session is not None:
        # What takes, ends or resumes the run in this moment waits, or has been and is seen.
        session.refresh(run, with_for_update=True)
    if run.status not in ACTIVE:
        raise Refusal(f"run {run.id} is over: it is {run.status.value}", code="run_over")
    if run.status == RunStatus.RUNNING:
        run.stop_request = wanted
    elif wanted == StopRequest.CANCEL:
        run.status, run.reason, run.completed_at = RunStatus.CANCELED, "canceled by request", utc_now()
    elif run.status == RunStatus.QUEUED:
        run.status, run.reason = RunStatus.PAUSED, "paused by request"
        if session is not None:
            session.flush()
            tell_of(session, run.id)
    return run


def resume_run(session: Session, run: AutomationRun, launcher: str) -> AutomationRun:
    """Put a paused run back to queued, as its next launch, at the stage where it stopped.

    Raises:
        Refusal: it is not paused (or another resumed it first).
    """
    resumed = session.execute(
        update(AutomationRun)
        .where(AutomationRun.id == run.id, AutomationRun.status == RunStatus.PAUSED)
        .values(
            status=RunStatus.QUEUED,
            launch=AutomationRun.launch + 1,
            launcher=launcher,
            reason=None,
            stop_request=None,
        )
    )
    if resumed.rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(run)
        raise Refusal(f"run {run.id} is not paused: it is {run.status.value}", code="not_paused")
    session.refresh(run)
    return run


def stage_results(session: Session, run_id: str) -> Iterable[StageResult]:
    """What the stages of a run have done, in their order."""
    return session.scalars(select(StageResult).where(StageResult.run_id == run_id).order_by(StageResult.stage))
