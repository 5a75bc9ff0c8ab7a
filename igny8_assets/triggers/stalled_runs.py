"""The sensor that finds runs whose process is dead, and has them go on."""

from typing import TYPE_CHECKING

import dagster as dg

from igny8_assets.resources import Installation
from igny8_assets.triggers.endings import ending_of_queued, ending_of_running, lost_process

if TYPE_CHECKING:
    from igny8_assets.store.models import RunStatus


@dg.sensor(
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Queues runs again whose process died, from the stage where they stood; ends one that gets no further.",
)
def stalled_runs(context: dg.SensorEvaluationContext, installation: Installation) -> dg.SkipReason:
    """Recover each row whose process is gone, lease ran out or Dagster run died, whether or not that had taken it."""
    from igny8_assets.automation.recovery import running_runs
    from igny8_assets.run_end import Ending, report_dead
    from igny8_assets.triggers.planning import plan_launched

    store, instance = installation.store, context.instance
    with store.read() as session:
        running, queued = running_runs(store, session), plan_launched(session)
    done: list[str] = []
    for run in running:
        ending = ending_of_running(instance, run)
        silent = ending is None and (run.lease_expired or lost_process(instance, run))
        # One that was canceled, failed or has nothing left to do is not dead: the sensor run_status ends it.
        cut_off = ending in (Ending.DIED, Ending.SUCCEEDED) and not run.all_finished
        if not (silent or cut_off):
            continue
        status = _recover(installation, run.run_id, run.launch)
        if status is not None:
            report_dead(instance, run.dagster_run_id)
            done.append(f"{run.site} ({run.run_id}): the process of launch {run.launch} was gone; it is {status.value}")
    for waiting in queued:
        if ending_of_queued(instance, waiting) in (Ending.DIED, Ending.SUCCEEDED):
            status = _recover(installation, waiting.run_id, waiting.launch)
            if status is not None:
                done.append(
                    f"{waiting.site} ({waiting.run_id}): launch {waiting.launch} never began; it is {status.value}"
                )
    if done:
        context.log.warning("; ".join(done))
    return dg.SkipReason("; ".join(done) or f"{len(running)} running, {len(queued)} queued, none of them dead.")


def _recover(installation: Installation, run_id: str, launch: int) -> "RunStatus | None":
    from igny8_assets.automation.recovery import recover
    from igny8_assets.stages.run_log import RunLog

    with installation.store.write() as session:
        status = recover(session, run_id, launch)
    if status is not None:
        line = f"the process of launch {launch} was gone; the run is {status.value}"
        RunLog(installation.settings, run_id).write(line, level="warning")
    return status
