"""The sensor that launches queued rows: whoever asked for a run of the daemon's gets a Dagster run from here."""

from typing import TYPE_CHECKING

import dagster as dg

from igny8_assets.jobs import site_pipeline
from igny8_assets.partitions import SITES
from igny8_assets.resources import Installation
from igny8_assets.triggers.requesting import as_run_request, tags_of

if TYPE_CHECKING:
    from igny8_assets.triggers.planning import QueuedRun


@dg.sensor(
    job=site_pipeline,
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Launches runs that were queued with `igny8 run SITE --queue`.",
)
def queued_runs(context: dg.SensorEvaluationContext, installation: Installation) -> dg.SensorResult | dg.SkipReason:
    """Turn queued rows into Dagster runs; the run key keeps each launch from being launched twice."""
    from igny8_assets.store.models import utc_now
    from igny8_assets.triggers.planning import plan_queued_runs

    with installation.store.read() as session:
        queued = plan_queued_runs(session, utc_now())
    planned = [run for run in queued if not _was_launched(context.instance, installation, run)]
    if not planned:
        return dg.SkipReason("No run is queued for the daemon.")
    context.log.info("Launching " + ", ".join(f"{run.site} ({run.run_id})" for run in planned))
    return dg.SensorResult(
        dynamic_partitions_requests=[SITES.build_add_request(sorted({run.site for run in planned}))],
        run_requests=[as_run_request(run) for run in planned],
    )


def _was_launched(instance: dg.DagsterInstance, installation: Installation, run: "QueuedRun") -> bool:
    """Whether Dagster has a run for this launch; when that ended before its first asset, our row ends too."""
    from igny8_assets.run_end import FAILED, end_untaken
    from igny8_assets.store.models import RunStatus

    launched = instance.get_runs(dg.RunsFilter(tags=tags_of(run)))
    if launched and all(dagster_run.is_finished for dagster_run in launched):
        canceled = any(dagster_run.status == dg.DagsterRunStatus.CANCELED for dagster_run in launched)
        status = RunStatus.CANCELED if canceled else RunStatus.FAILED
        reason = "canceled in the Dagster UI" if canceled else FAILED
        end_untaken(installation.store, installation.settings, run.run_id, run.launch, status, reason)
    return bool(launched)
