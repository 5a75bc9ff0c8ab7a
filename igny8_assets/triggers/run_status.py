"""The sensor that gives a row its end when its Dagster run was canceled or failed, or ended well without closing it."""

from typing import TYPE_CHECKING

import dagster as dg

from igny8_assets.resources import Installation
from igny8_assets.triggers.endings import ending_of_queued, ending_of_running

if TYPE_CHECKING:
    from igny8_assets.store.models import RunStatus


@dg.sensor(
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends runs whose Dagster run was canceled or failed in a step; a paused run is never touched.",
)
def run_status(context: dg.SensorEvaluationContext, installation: Installation) -> dg.SkipReason:
    """End each row whose Dagster run came to an end that the row does not know of.

    Stages close their run themselves: this is for what could not, such as a run that was terminated by force.
    """
    from igny8_assets.automation.recovery import running_runs
    from igny8_assets.triggers.planning import plan_launched

    store, instance = installation.store, context.instance
    with store.read() as session:
        running, queued = running_runs(store, session), plan_launched(session)
    done: list[str] = []
    for run in running:
        end = _end(ending_of_running(instance, run), all_finished=run.all_finished)
        if end is not None and _close(installation, run.run_id, run.dagster_run_id, end):
            done.append(f"{run.site} ({run.run_id}): {end[0].value}")
    for waiting in queued:
        end = _end(ending_of_queued(instance, waiting), all_finished=False)
        if end is not None and _end_untaken(installation, waiting.run_id, waiting.launch, end):
            done.append(f"{waiting.site} ({waiting.run_id}): {end[0].value}")
    if done:
        context.log.info("; ".join(done))
    return dg.SkipReason("; ".join(done) or "No run has an end that its row does not know of.")


def _end(ending: str | None, *, all_finished: bool) -> "tuple[RunStatus, str | None] | None":
    from igny8_assets.run_end import CANCELED, FAILED, Ending
    from igny8_assets.store.models import RunStatus

    if ending == Ending.CANCELED:
        return RunStatus.CANCELED, CANCELED
    if ending == Ending.FAILED:
        return RunStatus.FAILED, FAILED
    if ending is not None and all_finished:
        return RunStatus.COMPLETED, None
    return None


def _close(installation: Installation, run_id: str, dagster_run_id: str, end: "tuple[RunStatus, str | None]") -> bool:
    from igny8_assets.automation.runs import close_run, join_run

    ticket = join_run(installation.store, installation.settings, dagster_run_id)
    return ticket is not None and ticket.run_id == run_id and close_run(ticket, *end)


def _end_untaken(installation: Installation, run_id: str, launch: int, end: "tuple[RunStatus, str | None]") -> bool:
    from igny8_assets.run_end import end_untaken

    return end_untaken(installation.store, installation.settings, run_id, launch, *end)
