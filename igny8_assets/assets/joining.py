"""How an asset comes by its run: it takes the queued one, joins the running one, or asks the door for a new one."""

import dagster as dg
from sqlalchemy.orm import Session

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.automation.runs import join_run, resume_run, take_run, was_taken
from igny8_assets.automation.sites import find_site
from igny8_assets.errors import UserError
from igny8_assets.jobs import ALL_ASSETS, LAUNCH_TAG, RUN_TAG
from igny8_assets.resources import Installation
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store.models import AutomationRun, Launcher, RunStatus, Trigger

STAGE_OF_ASSET = {name: number for number, name in enumerate(ALL_ASSETS) if number}


def selected_stages(context: dg.AssetExecutionContext) -> list[int]:
    """The numbers of the stages whose assets this Dagster run materializes, in order."""
    names = {key.to_user_string() for key in context.job_def.asset_layer.selected_asset_keys}
    if context.run.step_keys_to_execute is not None:
        # A re-execution from the failed step keeps the selection of its parent, but runs fewer steps.
        names &= set(context.run.step_keys_to_execute)
    return sorted(STAGE_OF_ASSET[name] for name in names if name in STAGE_OF_ASSET)


def open_or_join(context: dg.AssetExecutionContext, installation: Installation) -> RunTicket | None:
    """The ticket with which an asset works.

    Returns:
        Nothing when the asset has nothing to do: its run was paused, canceled or taken by another Dagster run.

    Raises:
        Failure: the door refuses a run that was started in the Dagster UI; carries its sentence.
    """
    store, settings = installation.store, installation.settings
    dagster_run = context.run
    ticket = join_run(store, settings, dagster_run.run_id)
    if ticket is not None or was_taken(store, dagster_run.run_id):
        return ticket
    try:
        with store.write() as session:
            run = _find_or_request(session, context, installation)
            wanted = None if run is None else (run.id, run.launch)
    except UserError as error:
        raise as_failure(error) from None
    ticket = None if wanted is None else take_run(store, settings, *wanted, dagster_run.run_id)
    if ticket is None:
        context.log.info("Another Dagster run has this launch: nothing to do here.")
    return ticket


def as_failure(error: Exception) -> dg.Failure:
    """What fails a step with a sentence that a person reads, and nothing else."""
    return dg.Failure(description=str(error), allow_retries=False)


def _find_or_request(
    session: Session, context: dg.AssetExecutionContext, installation: Installation
) -> AutomationRun | None:
    tags = context.run.tags
    run = session.get(AutomationRun, tags[RUN_TAG]) if RUN_TAG in tags else None
    if run is not None and run.status == RunStatus.QUEUED:
        return run if str(run.launch) == tags.get(LAUNCH_TAG) else None
    if run is not None and run.status == RunStatus.PAUSED:
        return resume_run(session, run, Launcher.PROCESS)
    if run is not None and context.run.parent_run_id is None and "dagster/parent_run_id" not in tags:
        # A launch that was taken, or a run that has ended since: this Dagster run came too late.
        return None
    stages = selected_stages(context)
    site = find_site(session, context.partition_key)
    return request_run(
        session,
        site,
        installation.settings,
        RunRequest(
            trigger=Trigger.BACKFILL if "dagster/backfill" in tags else Trigger.MANUAL,
            launcher=Launcher.PROCESS,
            first=stages[0],
            last=stages[-1],
            parent_run_id=None if run is None else run.id,
        ),
    )
