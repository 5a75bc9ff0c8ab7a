"""What the sensors and schedules decide, as pure functions of the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.store.models import AutomationRun, Launcher, RunStatus, Site

MOST_PER_TICK = 20


@dataclass(frozen=True)
class QueuedRun:
    """A row that the daemon has to launch."""

    run_id: str
    launch: int
    site: str
    first_stage: int
    last_stage: int


def plan_queued_runs(session: Session) -> Sequence[QueuedRun]:
    """The rows that wait for the daemon, oldest first."""
    rows = session.execute(
        select(AutomationRun, Site.slug)
        .join(Site, Site.id == AutomationRun.site_id)
        .where(AutomationRun.status == RunStatus.QUEUED, AutomationRun.launcher == Launcher.DAEMON)
        .order_by(AutomationRun.requested_at, AutomationRun.id)
        .limit(MOST_PER_TICK)
    )
    return [QueuedRun(run.id, run.launch, slug, run.current_stage, run.last_stage) for run, slug in rows]
