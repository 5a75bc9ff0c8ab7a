"""Sites that are due: each slot is used up and becomes a queued run, or a skipped one with its reason."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.automation.door import GATE, RunRequest, request_run
from igny8_assets.automation.news import tell_of
from igny8_assets.automation.slots import Rule, next_slot
from igny8_assets.errors import Refusal
from igny8_assets.settings import Settings
from igny8_assets.store.models import AutomationConfig, AutomationRun, Launcher, RunStatus, Site, Trigger, utc_now


def set_next_slot(config: AutomationConfig, site: Site, now: datetime | None = None) -> None:
    """Make a site due at its next future slot, or never while it is not enabled."""
    config.next_run_at = next_slot(Rule.of(config, site), now or utc_now()) if config.is_enabled else None


def claim_due(session: Session, settings: Settings, now: datetime, limit: int) -> Sequence[AutomationRun]:
    """Use up the slots that are due, the oldest first, and advance each site to its next future slot.

    However many slots a site missed while nothing ran, it gets one run. Everything is written in the caller's
    transaction, so that a slot becomes exactly one row.

    Args:
        limit: the most sites that are claimed.

    Returns:
        The rows: queued for the daemon, or skipped with the door's reason.
    """
    due = session.execute(
        select(AutomationConfig, Site)
        .join(Site, Site.id == AutomationConfig.site_id)
        .where(AutomationConfig.is_enabled, AutomationConfig.next_run_at <= now)
        .order_by(AutomationConfig.next_run_at, AutomationConfig.site_id)
        .limit(limit)
        # What another process claims in this moment is not ours; SQLite has one writer at a time anyway.
        .with_for_update(of=AutomationConfig, skip_locked=True)
    ).all()
    return [_use_up(session, settings, config, site, now) for config, site in due]


def _use_up(session: Session, settings: Settings, config: AutomationConfig, site: Site, now: datetime) -> AutomationRun:
    slot = config.next_run_at
    set_next_slot(config, site, now)
    try:
        return request_run(session, site, settings, RunRequest(Trigger.SCHEDULED, Launcher.DAEMON, slot=slot))
    except Refusal as refusal:
        skipped = AutomationRun(
            id=str(uuid.uuid4()),
            site_id=site.id,
            account_id=site.account_id,
            trigger=Trigger.SCHEDULED,
            launcher=Launcher.DAEMON,
            status=RunStatus.SKIPPED,
            last_stage=min(GATE, config.stop_after_stage),
            reason=str(refusal),
            slot=slot,
            completed_at=now,
        )
        session.add(skipped)
        session.flush()
        tell_of(session, skipped.id)
        return skipped
