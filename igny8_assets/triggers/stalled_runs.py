"""The sensor that finds runs whose process is dead, and has them go on."""

import time
from typing import TYPE_CHECKING

import dagster as dg

from igny8_assets.resources import Installation

if TYPE_CHECKING:
    from igny8_assets.automation.recovery import RunningRun

CLOSING_SECONDS = 10.0
"""A Dagster run that ended a moment ago may still be giving our row its end."""


@dg.sensor(
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Queues runs again whose process died, from the stage where they stood; ends one that gets no further.",
)
def stalled_runs(context: dg.SensorEvaluationContext, installation: Installation) -> dg.SkipReason:
    """Recover each running row whose lease ran out or whose Dagster run is over."""
    from igny8_assets.automation.recovery import recover, running_runs
    from igny8_assets.run_end import report_dead
    from igny8_assets.stages.run_log import RunLog

    store = installation.store
    with store.read() as session:
        running = running_runs(store, session)
    done: list[str] = []
    for run in running:
        if not (run.lease_expired or _is_over(context.instance, run)):
            continue
        with store.write() as session:
            status = recover(session, run.run_id, run.launch)
        if status is None:
            continue
        report_dead(context.instance, run.dagster_run_id)
        line = f"the process of launch {run.launch} was gone; the run is {status.value}"
        RunLog(installation.settings.logs, run.run_id).write(line, level="warning")
        done.append(f"{run.site} ({run.run_id}): {line}")
    if done:
        context.log.warning("; ".join(done))
    return dg.SkipReason("; ".join(done) or f"{len(running)} runs, none of them dead.")


def _is_over(instance: dg.DagsterInstance, run: "RunningRun") -> bool:
    record = instance.get_run_record_by_id(run.dagster_run_id)
    if record is None:
        return False
    return record.dagster_run.is_finished and (record.end_time or 0.0) < time.time() - CLOSING_SECONDS
