"""The sensor that launches queued rows: whoever asked for a run of the daemon's gets a Dagster run from here."""

import dagster as dg

from igny8_assets.jobs import LAUNCH_TAG, RUN_TAG, assets_of_stages, site_pipeline
from igny8_assets.partitions import SITES
from igny8_assets.resources import Installation


@dg.sensor(
    job=site_pipeline,
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Launches runs that were queued with `igny8 run SITE --queue`.",
)
def queued_runs(context: dg.SensorEvaluationContext, installation: Installation) -> dg.SensorResult | dg.SkipReason:
    """Turn queued rows into Dagster runs; the run key keeps each launch from being launched twice."""
    from igny8_assets.triggers.planning import plan_queued_runs

    with installation.store.read() as session:
        planned = plan_queued_runs(session)
    if not planned:
        return dg.SkipReason("No run is queued for the daemon.")
    context.log.info("Launching " + ", ".join(f"{run.site} ({run.run_id})" for run in planned))
    return dg.SensorResult(
        dynamic_partitions_requests=[SITES.build_add_request(sorted({run.site for run in planned}))],
        run_requests=[
            dg.RunRequest(
                run_key=f"{run.run_id}:{run.launch}",
                partition_key=run.site,
                tags={RUN_TAG: run.run_id, LAUNCH_TAG: str(run.launch)},
                asset_selection=[dg.AssetKey(name) for name in assets_of_stages(run.first_stage, run.last_stage)],
            )
            for run in planned
        ],
    )
