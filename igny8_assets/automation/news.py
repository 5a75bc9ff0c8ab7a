"""What is told of a run: its end, its pause, a slot that could not run, and texts that wait for a person."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.store import counters, outbox
from igny8_assets.store.models import AutomationRun, Illustration, NoticeEvent, RunStatus, Site, StageResult, utc_now

EVENTS = {
    RunStatus.COMPLETED: NoticeEvent.RUN_COMPLETED,
    RunStatus.FAILED: NoticeEvent.RUN_FAILED,
    RunStatus.PAUSED: NoticeEvent.RUN_PAUSED,
    RunStatus.SKIPPED: NoticeEvent.RUN_SKIPPED,
}
"""A canceled run is no news: a person has just canceled it."""
IMAGES = 6


def tell_of(session: Session, run_id: str) -> None:
    """Write the messages about what a run has become, in the transaction that made it so."""
    run = session.get_one(AutomationRun, run_id, populate_existing=True)
    if not outbox.is_heard(session, run.site_id):
        return
    results = session.scalars(select(StageResult).where(StageResult.run_id == run_id).order_by(StageResult.stage)).all()
    facts = _facts(session, run, results)
    if run.status in EVENTS:
        outbox.put(session, run.site_id, EVENTS[run.status], f"{run.id}:{run.launch}:{run.status.value}", facts)
    illustrated = sum(row.result.get("images_generated", 0) for row in results if row.stage == IMAGES)
    if illustrated and facts["ready_for_review"]:
        # The number tells a later launch that made more from one that made nothing new.
        outbox.put(session, run.site_id, NoticeEvent.REVIEW_READY, f"{run.id}:ready:{illustrated}", facts)


def _facts(session: Session, run: AutomationRun, results: Any) -> dict[str, Any]:
    site = session.get_one(Site, run.site_id)
    return {
        "site": site.slug,
        "site_name": site.name,
        "run_id": run.id,
        "status": run.status.value,
        "reason": run.reason,
        "trigger": run.trigger.value,
        "slot": None if run.slot is None else run.slot.isoformat(timespec="seconds"),
        "current_stage": run.current_stage,
        "credits_used": run.total_credits_tenths / 10,
        "dagster_run_id": run.launches[-1].dagster_run_id if run.launches else None,
        "ready_for_review": counters.read(session, run.site_id)["content", Illustration.READY],
        "stages": [
            {"stage": row.stage, "done": row.done, "failed": row.result.get("failed", 0), "total": row.total}
            for row in results
        ],
        "time": utc_now().isoformat(timespec="seconds"),
    }
