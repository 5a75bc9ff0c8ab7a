"""A run as its readers see it: every field, the results of its stages, and how far each is."""

from typing import Any

from sqlalchemy.orm import Session

from igny8_assets.automation.runs import stage_results
from igny8_assets.stages.registry import STAGES
from igny8_assets.store.models import AutomationRun


def run_facts(session: Session, row: AutomationRun) -> dict[str, Any]:
    """Every field of a run, with its progress and the results of its stages."""
    results = {result.stage: result for result in stage_results(session, row.id)}
    return {
        "run_id": row.id,
        "site": row.site.slug,
        "status": row.status.value,
        "trigger": row.trigger.value,
        "launcher": row.launcher.value,
        "launch": row.launch,
        "first_stage": row.first_stage,
        "last_stage": row.last_stage,
        "current_stage": row.current_stage,
        "stop_request": None if row.stop_request is None else row.stop_request.value,
        "reason": row.reason,
        "total_credits_used": row.total_credits_tenths / 10,
        "slot": row.slot,
        "requested_at": row.requested_at,
        "started_at": row.started_at,
        "completed_at": row.completed_at,
        "dagster_run_ids": [launch.dagster_run_id for launch in row.launches],
        **{f"stage_{n}_result": results[n].result if n in results else None for n in STAGES},
        "progress": [
            {"stage": n, "name": STAGES[n].name, "done": result.done, "total": result.total}
            for n, result in sorted(results.items())
        ],
    }
