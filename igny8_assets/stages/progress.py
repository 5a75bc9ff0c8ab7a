"""How far a stage of a run is, written with every save where the command line, Dagster and the page read it."""

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from igny8_assets.ai.spending import spent_by
from igny8_assets.stages.stage import Counts, Item, Stage, StageReport
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store import counters
from igny8_assets.store.models import AICall, AutomationRun, StageResult

MOST_FAILURES_LISTED = 100
"""The run's log has them all."""


_RESULTS = StageResult.metadata.tables[StageResult.__tablename__]
# Put together once: it goes with every item.
_STORE = (
    update(_RESULTS)
    .where(_RESULTS.c.run_id == bindparam("run"), _RESULTS.c.stage == bindparam("number"))
    .values({name: bindparam(name) for name in ("done", "total", "result", "seconds", "finished")})
)


def begin(session: Session, ticket: RunTicket, stage: Stage) -> StageReport:
    """Open a stage of a run, or take it up where an earlier launch left it."""
    row = session.get(StageResult, (ticket.run_id, stage.number))
    if row is None:
        row = StageResult(run_id=ticket.run_id, stage=stage.number, done=0, result={}, seconds=0.0)
        session.add(row)
    pending = stage.pending(counters.read(session, ticket.site.id))
    cap = ticket.config.cap(stage.number)
    row.total = row.done + pending if cap is None else max(row.done, min(cap, row.done + pending))
    row.finished = False
    session.execute(update(AutomationRun).where(AutomationRun.id == ticket.run_id).values(current_stage=stage.number))
    return _as_report(row, stage)


def _as_report(row: StageResult, stage: Stage) -> StageReport:
    stored = row.result
    return StageReport(
        stage=stage.number,
        processed=stage.processed,
        done=row.done,
        total=row.total,
        counts={name: stored.get(name, 0) for name in stage.made},
        credits_tenths=round(stored.get("credits_used", 0) * 10),
        failures=list(stored.get("failures", [])),
        failed=stored.get("failed", 0),
        pending=stored.get("pending", 0),
        seconds=row.seconds,
    )


def note(session: Session, ticket: RunTicket, report: StageReport, item: Item, counts: Counts, tenths: int) -> None:
    """Count a saved item."""
    for name, amount in counts.items():
        report.counts[name] = report.counts.get(name, 0) + amount
    report.credits_tenths += tenths
    _advance(session, ticket, report, item)


def note_failure(session: Session, ticket: RunTicket, report: StageReport, item: Item, reason: str) -> None:
    """Count an item that came to nothing, with its reason."""
    report.failed += item.size
    if "images_failed" in report.counts:
        report.counts["images_failed"] += item.size
    if len(report.failures) < MOST_FAILURES_LISTED:
        report.failures.append({"item": item.label or item.key, "reason": reason})
    _advance(session, ticket, report, item)


def note_set_aside(session: Session, ticket: RunTicket, report: StageReport, item: Item) -> None:
    """Count an item that waits for a person now."""
    _advance(session, ticket, report, item)


def end(session: Session, ticket: RunTicket, report: StageReport, *, finished: bool) -> None:
    """Close a stage of a run, with what its calls cost; one that was stopped or broke down is not finished."""
    report.spent = spent_by(session, AICall.run_id == ticket.run_id, AICall.stage == report.stage)[None]
    _store(session, ticket, report, finished=finished)


def _advance(session: Session, ticket: RunTicket, report: StageReport, item: Item) -> None:
    report.done += item.size
    report.total = max(report.total, report.done)
    _store(session, ticket, report, finished=False)


def _store(session: Session, ticket: RunTicket, report: StageReport, *, finished: bool) -> None:
    values = {
        "run": ticket.run_id,
        "number": report.stage,
        "done": report.done,
        "total": report.total,
        "result": report.as_result(),
        "seconds": report.seconds,
        "finished": finished,
    }
    session.connection().execute(_STORE, values)
