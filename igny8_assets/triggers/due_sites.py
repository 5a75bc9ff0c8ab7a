"""The schedule that starts the sites that are due."""

import dagster as dg

from igny8_assets.jobs import site_pipeline
from igny8_assets.partitions import add_site_partition
from igny8_assets.resources import Installation
from igny8_assets.triggers.requesting import as_run_request


@dg.schedule(
    job=site_pipeline,
    cron_schedule="* * * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every minute: starts the sites whose scheduled time has come, each in its own time zone.",
)
def due_sites(context: dg.ScheduleEvaluationContext, installation: Installation) -> list[dg.RunRequest] | dg.SkipReason:
    """Use up the slots that are due; those that the door refuses stand in the history as skipped."""
    from igny8_assets.automation.due import claim_due
    from igny8_assets.store.models import RunStatus, utc_now
    from igny8_assets.triggers.planning import as_queued

    settings = installation.settings
    with installation.store.write() as session:
        # The present, not the tick's time: a tick that makes up for a missed one finds its slots used up.
        claimed = claim_due(session, settings, utc_now(), settings.due_sites_per_tick)
        session.flush()
        queued = [as_queued(run, run.site.slug) for run in claimed if run.status == RunStatus.QUEUED]
        skipped = [f"{run.site.slug}: {run.reason}" for run in claimed if run.status == RunStatus.SKIPPED]
    for line in skipped:
        context.log.warning(f"Skipped {line}")
    for run in queued:
        add_site_partition(context.instance, run.site)
    if not queued:
        return dg.SkipReason("Skipped " + "; ".join(skipped) if skipped else "No site is due.")
    context.log.info("Starting " + ", ".join(run.site for run in queued))
    return [as_run_request(run) for run in queued]
