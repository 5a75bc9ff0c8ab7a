"""Turning a queued run into a Dagster run in this process, and telling Dagster what happened outside of it."""

import logging
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from igny8_assets.automation.runs import find_run, requeue_dead
from igny8_assets.interrupts import held, sent_again, taken
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, RunStatus, Site

if TYPE_CHECKING:
    from dagster import DagsterInstance

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The command line shows progress of its own; Dagster's log is in its UI."""


def execute_run(store: Store, settings: Settings, instance: "DagsterInstance", run_id: str) -> str:
    """Execute the Dagster run of a queued row here and now, from the stage where the row stands.

    Whatever happens, neither the row nor the Dagster run is left open: an interrupt ends both as canceled.

    Returns:
        The Dagster run's id; what came of it is in our own row.
    """
    # The pool tells of interrupts that it passes on.
    logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())
    with held():
        from dagster import DagsterExecutionInterruptedError
        from dagster._utils.interrupts import capture_interrupts

        from igny8_assets.run_end import FAILED, INTERRUPTED

        with store.read() as session:
            run = find_run(session, run_id)
            slug = session.get_one(Site, run.site_id).slug
        dagster_run_id = str(uuid.uuid4())
        status, reason = RunStatus.FAILED, FAILED
        try:
            # From here on Dagster raises interrupts, only where its own records can't be torn.
            with capture_interrupts(), sent_again(KeyboardInterrupt, DagsterExecutionInterruptedError):
                if taken():
                    raise DagsterExecutionInterruptedError
                _execute(instance, run, slug, dagster_run_id)
        except (KeyboardInterrupt, DagsterExecutionInterruptedError):
            status, reason = RunStatus.CANCELED, INTERRUPTED
        finally:
            _end(store, settings, instance, run, dagster_run_id, status, reason)
    return dagster_run_id


def _execute(instance: "DagsterInstance", run: AutomationRun, slug: str, dagster_run_id: str) -> None:
    import dagster as dg

    from igny8_assets.definitions import defs
    from igny8_assets.jobs import LAUNCH_TAG, RUN_TAG, assets_of_stages
    from igny8_assets.partitions import add_site_partition

    add_site_partition(instance, slug)
    definitions: dg.Definitions = defs()
    definitions.resolve_job_def("site_pipeline").execute_in_process(
        instance=instance,
        partition_key=slug,
        run_config=QUIET,
        tags={RUN_TAG: run.id, LAUNCH_TAG: str(run.launch)},
        asset_selection=[dg.AssetKey(name) for name in assets_of_stages(run.current_stage, run.last_stage)],
        raise_on_error=False,
        run_id=dagster_run_id,
    )


def _end(
    store: Store,
    settings: Settings,
    instance: "DagsterInstance",
    run: AutomationRun,
    dagster_run_id: str,
    status: RunStatus,
    reason: str,
) -> None:
    """Close what is still open of both runs; what an asset or the end of the Dagster run closed is left alone."""
    from dagster import DagsterRunStatus

    from igny8_assets.run_end import INTERRUPTED, end_launch, was_interrupted

    dagster_run = instance.get_run_by_id(dagster_run_id)
    if dagster_run is not None:
        if not dagster_run.is_finished and status == RunStatus.FAILED:
            instance.report_run_failed(dagster_run, message="The process that executed this run met a fault.")
        elif not dagster_run.is_finished or was_interrupted(instance, dagster_run):
            status, reason = RunStatus.CANCELED, INTERRUPTED
            if dagster_run.status != DagsterRunStatus.CANCELED:
                instance.report_run_canceled(dagster_run, message="Interrupted.")
    end_launch(store, settings, dagster_run_id, (run.id, run.launch), status, reason)


def take_over(session: Session, run: AutomationRun, instance: "DagsterInstance") -> None:
    """Queue a dead run again under its own id, and have Dagster show its dead part as failed."""
    from igny8_assets.run_end import report_dead

    dead = requeue_dead(session, run, "its process was gone; taken over")
    if dead is not None:
        report_dead(instance, dead)


def report_import(instance: "DagsterInstance", slug: str, metadata: dict[str, Any]) -> None:
    """Show an import that no Dagster run made as a materialization of `keywords`."""
    import dagster as dg

    from igny8_assets.partitions import add_site_partition

    add_site_partition(instance, slug)
    instance.report_runless_asset_event(dg.AssetMaterialization("keywords", partition=slug, metadata=metadata))
