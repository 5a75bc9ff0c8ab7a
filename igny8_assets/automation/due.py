"""Sites that are due: each slot is used up and becomes a queued run, or a skipped one with its reason."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager

from igny8_assets.automation.door import GATE, RunRequest, active_runs, decide, request_run
from igny8_assets.automation.news import tell_of
from igny8_assets.automation.slots import Rule, next_slot
from igny8_assets.errors import Refusal
from igny8_assets.settings import Settings
from igny8_assets.store import counters
from igny8_assets.store.models import (
    Account,
    AutomationConfig,
    AutomationRun,
    Launcher,
    RunStatus,
    Site,
    Trigger,
    utc_now,
)


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
        # Its account is looked at for each.
        .options(contains_eager(Site.account))
        .join(Account, Account.id == Site.account_id)
        .where(AutomationConfig.is_enabled, AutomationConfig.next_run_at <= now)
        .order_by(AutomationConfig.next_run_at, AutomationConfig.site_id)
        .limit(limit)
        # What another process claims in this moment is not ours; SQLite has one writer at a time anyway.
        .with_for_update(of=AutomationConfig, skip_locked=True)
    ).all()
    slots = [
        (config, site, RunRequest(Trigger.SCHEDULED, Launcher.DAEMON, slot=config.next_run_at)) for config, site in due
    ]
    for config, site, _ in slots:
        set_next_slot(config, site, now)
    session.flush()
    rows = _use_up(session, settings, slots, now)
    for row in rows:
        if row.status == RunStatus.SKIPPED:
            tell_of(session, row.id)
    return rows


Slot = tuple[AutomationConfig, Site, RunRequest]


def _use_up(session: Session, settings: Settings, slots: Sequence[Slot], now: datetime) -> Sequence[AutomationRun]:
    """Write what the door says to each: looked up and written together, which takes a third of the time."""
    ids = [site.id for _, site, _ in slots]
    active, counted = active_runs(session, ids), counters.read_many(session, ids)

    def admit(site: Site, request: RunRequest) -> AutomationRun:
        return decide(session, site, settings, request, active.get(site.id), counted[site.id])

    def ask_alone(site: Site, request: RunRequest) -> AutomationRun:
        return request_run(session, site, settings, request)

    rows = [_admitted_or_skipped(admit, slot, now) for slot in slots]
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError:
        # Somebody asked for a run of one of them in this moment: one by one tells which.
        rows = [_admitted_or_skipped(ask_alone, slot, now) for slot in slots]
        session.add_all(rows)
        session.flush()
    return rows


def _admitted_or_skipped(
    admit: Callable[[Site, RunRequest], AutomationRun], slot: Slot, now: datetime
) -> AutomationRun:
    config, site, request = slot
    try:
        return admit(site, request)
    except Refusal as refusal:
        return AutomationRun(
            id=str(uuid.uuid4()),
            site_id=site.id,
            account_id=site.account_id,
            trigger=request.trigger,
            launcher=request.launcher,
            status=RunStatus.SKIPPED,
            last_stage=min(GATE, config.stop_after_stage),
            reason=str(refusal),
            slot=request.slot,
            completed_at=now,
        )
