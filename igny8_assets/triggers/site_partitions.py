"""The sensor that makes sites known to Dagster, so that they can be chosen in its UI before their first run."""

import dagster as dg

from igny8_assets.partitions import SITES
from igny8_assets.resources import Installation


@dg.sensor(
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Makes each new site a partition. An archived site keeps its key, since pages and runs need it.",
)
def site_partitions(context: dg.SensorEvaluationContext, installation: Installation) -> dg.SensorResult | dg.SkipReason:
    """Ask for a partition for each active site that has none."""
    from igny8_assets.triggers.planning import plan_new_partitions

    with installation.store.read() as session:
        missing = plan_new_partitions(session, context.instance.get_dynamic_partitions("site"))
    if not missing:
        return dg.SkipReason("Every active site is a partition already.")
    context.log.info("Adding " + ", ".join(missing))
    return dg.SensorResult(dynamic_partitions_requests=[SITES.build_add_request(missing)])
