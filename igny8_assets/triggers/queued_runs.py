"""The sensor that launches queued rows: whoever asked for a run of the daemon's gets a Dagster run from here."""

import dagster as dg

from igny8_assets.jobs import site_pipeline
from igny8_assets.partitions import SITES
from igny8_assets.resources import Installation
from igny8_assets.triggers.requesting import as_run_request, tags_of


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
    planned = [run for run in queued if not context.instance.get_runs(dg.RunsFilter(tags=tags_of(run)), limit=1)]
    if not planned:
        return dg.SkipReason("No run is queued for the daemon.")
    context.log.info("Launching " + ", ".join(f"{run.site} ({run.run_id})" for run in planned))
    return dg.SensorResult(
        dynamic_partitions_requests=[SITES.build_add_request(sorted({run.site for run in planned}))],
        run_requests=[as_run_request(run) for run in planned],
    )
