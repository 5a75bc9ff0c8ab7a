"""The sensor that finds runs whose process is dead, and has them go on."""

import dagster as dg

from igny8_assets.resources import Installation
from igny8_assets.triggers.abandoned import abandoned_runs
from igny8_assets.triggers.endings import ending_of_queued, ending_of_running, lost_process


@dg.sensor(
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Queues runs again whose process died, from the stage where they stood; ends one that gets no further.",
)
def stalled_runs(context: dg.SensorEvaluationContext, installation: Installation) -> dg.SkipReason:
    """Recover each row whose process is gone, lease ran out or Dagster run died, whether or not that had taken it.

    Dagster runs that nothing executes any more are ended first, so that rows and sites don't wait for them.
    """
    from igny8_assets.automation.recovery import running_runs
    from igny8_assets.run_end import Ending, report_dead
    from igny8_assets.triggers.planning import plan_launched

    store, instance = installation.store, context.instance
    with store.read() as session:
        running, queued = running_runs(store, session), plan_launched(session)
    done: list[str] = []
    for dagster_run in abandoned_runs(store, instance):
        report_dead(instance, dagster_run.run_id)
        done.append(f"Dagster run {dagster_run.run_id}: nothing executes it any more")
    for run in running:
        ending = ending_of_running(instance, run)
        silent = ending is None and (run.lease_expired or lost_process(instance, run))
        # One that was canceled, failed or has nothing left to do is not dead: the sensor run_status ends it.
        cut_off = ending in (Ending.DIED, Ending.SUCCEEDED) and not run.all_finished
        if not (silent or cut_off):
            continue
        line = _recover(installation, run.run_id, run.launch, f"the process of launch {run.launch} was gone")
        if line is not None:
            report_dead(instance, run.dagster_run_id)
            done.append(f"{run.site} ({run.run_id}): {line}")
    for waiting in queued:
        if ending_of_queued(instance, waiting) in (Ending.DIED, Ending.SUCCEEDED):
            line = _recover(installation, waiting.run_id, waiting.launch, f"launch {waiting.launch} never began")
            if line is not None:
                done.append(f"{waiting.site} ({waiting.run_id}): {line}")
    if done:
        context.log.warning("; ".join(done))
    return dg.SkipReason("; ".join(done) or f"{len(running)} running, {len(queued)} queued, none of them dead.")


def _recover(installation: Installation, run_id: str, launch: int, found: str) -> str | None:
    """Recover a dead launch; what was found and what the run is now, or nothing when another was quicker."""
    from igny8_assets.automation.recovery import recover
    from igny8_assets.stages.run_log import RunLog

    with installation.store.write() as session:
        status = recover(session, run_id, launch)
    if status is None:
        return None
    line = f"{found}; the run is {status.value}"
    RunLog(installation.settings, run_id).write(line, level="warning")
    return line
