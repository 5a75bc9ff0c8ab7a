"""Dagster runs that count as under way though nothing executes them: each would keep its site's slot for ever.

Dagster's own monitoring can't see it: the default launcher has no check of its processes.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import dagster as dg
import psutil

if TYPE_CHECKING:
    from igny8_assets.store.database import Store

PROCESS_STARTED = "Started process for run"
"""How Dagster's launcher begins the event that names a run's process, which is of the same host as its code server."""
SAME_START_SECONDS = 1.0


def abandoned_runs(store: "Store", instance: dg.DagsterInstance) -> Sequence[dg.DagsterRun]:
    """The Dagster runs under way that carry no row of ours any more, or never took one, and whose process is gone.

    One whose row still runs is left to the recovery of rows.
    """
    from igny8_assets.automation.recovery import takers

    started = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    if not started:
        return []
    with store.read() as session:
        abandoned = takers(session, [run.run_id for run in started])
    return [
        run for run in started if (abandoned[run.run_id] if run.run_id in abandoned else _process_gone(instance, run))
    ]


def _process_gone(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
        event = entry.get_dagster_event()
        if (event.message or "").startswith(PROCESS_STARTED):
            number = event.engine_event_data.metadata["pid"].value
            return not _lives(int(str(number)), entry.timestamp)
    return False


def _lives(process_id: int, told: float) -> bool:
    """Whether the process that told its number at a time still is there: a later one may have the same number."""
    try:
        process = psutil.Process(process_id)
        return process.create_time() <= told + SAME_START_SECONDS and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
