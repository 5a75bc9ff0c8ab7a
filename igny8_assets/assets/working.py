"""What every stage asset does: get its ticket, run its stage, report what came of it, close the run at its end."""

from collections.abc import Iterator

import dagster as dg

from igny8_assets.assets.joining import as_failure, open_or_join, selected_stages
from igny8_assets.assets.metadata import stage_metadata
from igny8_assets.assets.terminating import is_canceling, watched_for_termination
from igny8_assets.automation.runs import close_run, stage_results
from igny8_assets.resources import Installation
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.runner import run_stage
from igny8_assets.stages.stage import StageAborted, StageReport
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store.lease import LeaseLost
from igny8_assets.store.models import AutomationRun, RunStatus

MOST_FAILURES_TOLD = 20


def work_stage(
    context: dg.AssetExecutionContext, installation: Installation, number: int
) -> Iterator[dg.MaterializeResult[None]]:
    """Run a stage for the partition's site; yields nothing when the run stopped, so that Dagster skips the rest."""
    ticket = open_or_join(context, installation)
    if ticket is None or number > _last_stage(ticket):
        return
    report = _run(context, ticket, number)
    if report is None:
        return
    yield dg.MaterializeResult(metadata=stage_metadata(ticket, report))
    if _all_finished(ticket, selected_stages(context)):
        close_run(ticket, RunStatus.COMPLETED)


def _run(context: dg.AssetExecutionContext, ticket: RunTicket, number: int) -> StageReport | None:
    stage = STAGES[number]
    try:
        with watched_for_termination(context, ticket):
            report = run_stage(stage, ticket)
    except LeaseLost:
        context.log.warning("Another run has taken this site over: this one ends and writes nothing more.")
        return None
    except StageAborted as error:
        close_run(ticket, RunStatus.FAILED, str(error))
        raise as_failure(error) from None
    except Exception as error:
        close_run(ticket, RunStatus.FAILED, " ".join(f"{type(error).__name__}: {error}".split())[:500])
        raise
    if report.stopped:
        context.log.info(f"{stage.name}: {report.stop_reason}")
        close_run(ticket, RunStatus.CANCELED if report.stopped == "cancel" else RunStatus.PAUSED, report.stop_reason)
        if is_canceling(context):
            # What Dagster shows as canceled and not as a success.
            raise dg.DagsterExecutionInterruptedError
        return None
    context.log.info(
        f"{stage.name}: {report.done} of {report.total} {stage.entity}, {report.failed} failed, "
        f"{report.credits_tenths / 10} credits"
    )
    _tell_of_failures(context, report)
    return report


def _tell_of_failures(context: dg.AssetExecutionContext, report: StageReport) -> None:
    """In one line of Dagster's log, since each takes its time; the run's own log has them all."""
    told = [f"{failure['item']}: {failure['reason']}" for failure in report.failures[:MOST_FAILURES_TOLD]]
    if told:
        more = report.failed - len(told)
        context.log.warning("\n".join(told) + (f"\n… and {more} more" if more > 0 else ""))


def _last_stage(ticket: RunTicket) -> int:
    with ticket.store.read() as session:
        return session.get_one(AutomationRun, ticket.run_id).last_stage


def _all_finished(ticket: RunTicket, selected: list[int]) -> bool:
    """Whether no selected stage is left; without an edge between two, Dagster may execute the later one first."""
    with ticket.store.read() as session:
        last = session.get_one(AutomationRun, ticket.run_id).last_stage
        finished = {row.stage for row in stage_results(session, ticket.run_id) if row.finished}
    return {number for number in selected if number <= last} <= finished
