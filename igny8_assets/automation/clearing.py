"""What is old enough to go: logs of runs, messages that were sent, answers that were kept.

A site's latest run always stays whole.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from igny8_assets.rotation import parts_of
from igny8_assets.settings import Settings
from igny8_assets.stages.run_log import log_file
from igny8_assets.store.models import ACTIVE, AutomationRun, KeptAnswer, Notice, NoticeStatus, RunLaunch, RunStatus

ANSWERS_KEPT = timedelta(days=7)
"""A repetition after that is a new request."""


def kept_runs(session: Session) -> set[str]:
    """The runs of which nothing is removed: each site's latest, and those that are not over."""
    ranked = select(
        AutomationRun.id,
        func.row_number()
        .over(partition_by=AutomationRun.site_id, order_by=(AutomationRun.requested_at.desc(), AutomationRun.id))
        .label("place"),
    ).where(AutomationRun.status != RunStatus.SKIPPED)
    latest = ranked.subquery()
    return {
        *session.scalars(select(latest.c.id).where(latest.c.place == 1)),
        *session.scalars(select(AutomationRun.id).where(AutomationRun.status.in_(ACTIVE))),
    }


def kept_dagster_runs(session: Session) -> set[str]:
    """The Dagster runs that carried a run of which nothing is removed."""
    kept = kept_runs(session)
    rows = session.execute(select(RunLaunch.run_id, RunLaunch.dagster_run_id))
    return {dagster_run_id for run_id, dagster_run_id in rows if run_id in kept}


def remove_old_logs(session: Session, settings: Settings, now: datetime) -> int:
    """Remove the logs of runs that ended long ago.

    Returns:
        Of how many runs.
    """
    kept = kept_runs(session)
    removed = 0
    for run_id in _ended_before(session, now - timedelta(days=settings.log_days)):
        parts = [] if run_id in kept else parts_of(log_file(settings, run_id))
        for part in parts:
            part.unlink(missing_ok=True)
        removed += bool(parts)
    return removed


def remove_sent_notices(session: Session, settings: Settings, now: datetime) -> int:
    """Remove messages that were sent long ago.

    Returns:
        How many.
    """
    long_ago = now - timedelta(days=settings.log_days)
    removed = session.execute(delete(Notice).where(Notice.status == NoticeStatus.SENT, Notice.sent_at < long_ago))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def remove_kept_answers(session: Session, now: datetime) -> int:
    """Remove answers of the HTTP API that were kept for repeated requests long enough; says how many."""
    removed = session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < now - ANSWERS_KEPT))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _ended_before(session: Session, moment: datetime) -> Sequence[str]:
    return session.scalars(select(AutomationRun.id).where(AutomationRun.completed_at < moment)).all()
