"""How the Dagster runs ended that carry the rows of ours which are not over."""

from typing import TYPE_CHECKING

import dagster as dg

from igny8_assets.triggers.requesting import tags_of

if TYPE_CHECKING:
    from igny8_assets.automation.recovery import RunningRun
    from igny8_assets.run_end import Ending
    from igny8_assets.triggers.planning import QueuedRun


def ending_of_running(instance: dg.DagsterInstance, run: "RunningRun") -> "Ending | None":
    """How the Dagster run ended that took a row; nothing while it is not over, or when Dagster knows it no more."""
    from igny8_assets.run_end import ending_of

    record = instance.get_run_record_by_id(run.dagster_run_id)
    return None if record is None else ending_of(instance, record, closing=not run.lease_expired)


def lost_process(instance: dg.DagsterInstance, run: "RunningRun") -> bool:
    """Whether the process is gone of a row whose Dagster run still counts as under way.

    One that is being canceled is not lost: Dagster itself says when that is over.
    """
    if not run.process_gone:
        return False
    dagster_run = instance.get_run_by_id(run.dagster_run_id)
    return dagster_run is None or dagster_run.status == dg.DagsterRunStatus.STARTED


def ending_of_queued(instance: dg.DagsterInstance, run: "QueuedRun") -> "Ending | None":
    """How the Dagster run ended that was to take a row; nothing while one may still come to it."""
    from igny8_assets.run_end import Ending, ending_of

    records = instance.get_run_records(dg.RunsFilter(tags=tags_of(run)))
    endings = [ending_of(instance, record) for record in records]
    if not endings or None in endings:
        return None
    return Ending.CANCELED if Ending.CANCELED in endings else endings[0]
