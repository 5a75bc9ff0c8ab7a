"""What the sensors and schedules decide, as pure functions of the store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from igny8_assets.store.models import AutomationRun, Launcher, RunStatus, Site, SiteStatus, Trigger

MOST_PER_TICK = 20
LONGEST_TICK = timedelta(seconds=60)


@dataclass(frozen=True)
class QueuedRun:
    """A row that the daemon has to launch."""

    run_id: str
    launch: int
    site: str
    first_stage: int
    last_stage: int


def plan_queued_runs(session: Session, now: datetime) -> Sequence[QueuedRun]:
    """The rows that wait for the daemon, oldest first.

    A scheduled row is launched by the tick that made it; one that still waits a minute later lost its tick.
    """
    lost = AutomationRun.requested_at < now - LONGEST_TICK
    rows = session.execute(
        select(AutomationRun, Site.slug)
        .join(Site, Site.id == AutomationRun.site_id)
        .where(
            AutomationRun.status == RunStatus.QUEUED,
            AutomationRun.launcher == Launcher.DAEMON,
            or_(AutomationRun.trigger != Trigger.SCHEDULED, AutomationRun.launch > 1, lost),
        )
        .order_by(AutomationRun.requested_at, AutomationRun.id)
        .limit(MOST_PER_TICK)
    )
    return [as_queued(run, slug) for run, slug in rows]


def plan_launched(session: Session) -> Sequence[QueuedRun]:
    """All rows that wait for the daemon, launched or not, the oldest first."""
    rows = session.execute(
        select(AutomationRun, Site.slug)
        .join(Site, Site.id == AutomationRun.site_id)
        .where(AutomationRun.status == RunStatus.QUEUED, AutomationRun.launcher == Launcher.DAEMON)
        .order_by(AutomationRun.requested_at, AutomationRun.id)
    )
    return [as_queued(run, slug) for run, slug in rows]


def as_queued(run: AutomationRun, slug: str) -> QueuedRun:
    """What the daemon needs of a queued row."""
    return QueuedRun(run.id, run.launch, slug, run.current_stage, run.last_stage)


def plan_new_partitions(session: Session, known: Iterable[str]) -> list[str]:
    """The slugs of active sites that are no partitions yet, in the order in which the sites were added."""
    slugs = session.scalars(select(Site.slug).where(Site.status == SiteStatus.ACTIVE).order_by(Site.id))
    already = set(known)
    return [slug for slug in slugs if slug not in already]
