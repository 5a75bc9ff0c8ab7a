"""Turning a queued run into a Dagster run in this process, and telling Dagster what happened outside of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from igny8_assets.automation.runs import find_run, requeue_dead
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Site

if TYPE_CHECKING:
    from dagster import DagsterInstance

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The command line shows progress of its own; Dagster's log is in its UI."""


@dataclass(frozen=True)
class Launch:
    """What a Dagster run of ours came to."""

    dagster_run_id: str
    success: bool


def execute_run(store: Store, instance: "DagsterInstance", run_id: str) -> Launch:
    """Execute the Dagster run of a queued row here and now, from the stage where the row stands."""
    import dagster as dg

    from igny8_assets.definitions import defs
    from igny8_assets.jobs import LAUNCH_TAG, RUN_TAG, assets_of_stages
    from igny8_assets.partitions import add_site_partition

    with store.read() as session:
        run = find_run(session, run_id)
        slug = session.get_one(Site, run.site_id).slug
    add_site_partition(instance, slug)
    definitions: dg.Definitions = defs()
    result = definitions.resolve_job_def("site_pipeline").execute_in_process(
        instance=instance,
        partition_key=slug,
        run_config=QUIET,
        tags={RUN_TAG: run.id, LAUNCH_TAG: str(run.launch)},
        asset_selection=[dg.AssetKey(name) for name in assets_of_stages(run.current_stage, run.last_stage)],
        raise_on_error=False,
    )
    return Launch(result.run_id, result.success)


def take_over(session: Session, run: AutomationRun, instance: "DagsterInstance") -> None:
    """Queue a dead run again under its own id, and have Dagster show its dead part as failed."""
    dead = requeue_dead(session, run, "its process was gone; taken over")
    if dead is not None:
        report_dead(instance, dead)


def report_dead(instance: "DagsterInstance", dagster_run_id: str) -> None:
    """Mark a Dagster run failed whose process is gone; one that is over already is left alone."""
    dagster_run = instance.get_run_by_id(dagster_run_id)
    if dagster_run is not None and not dagster_run.is_finished:
        instance.report_run_failed(dagster_run, "The process that executed this run is gone; another took it over.")


def report_import(instance: "DagsterInstance", slug: str, metadata: dict[str, Any]) -> None:
    """Show an import that no Dagster run made as a materialization of `keywords`."""
    import dagster as dg

    from igny8_assets.partitions import add_site_partition

    add_site_partition(instance, slug)
    instance.report_runless_asset_event(dg.AssetMaterialization("keywords", partition=slug, metadata=metadata))
