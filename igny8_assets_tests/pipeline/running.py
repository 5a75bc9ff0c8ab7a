"""Running stages without Dagster: the door, the lease and the runner are the real ones."""

import uuid

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.automation.runs import close_run, take_run
from igny8_assets.settings import Settings, load_settings
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.runner import run_stage
from igny8_assets.stages.stage import StageReport
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store.database import Store
from igny8_assets.store.models import Launcher, RunStatus, Site, Trigger


def open_run(store: Store, site: Site, first: int = 1, last: int = 7, settings: Settings | None = None) -> RunTicket:
    """A run of these stages, taken by this process."""
    settings = settings or load_settings()
    with store.write() as session:
        request = RunRequest(Trigger.MANUAL, Launcher.PROCESS, first, last)
        run = request_run(session, session.get_one(Site, site.id), settings, request)
    ticket = take_run(store, settings, run.id, run.launch, str(uuid.uuid4()))
    assert ticket is not None
    return ticket


def run_stages(
    store: Store, site: Site, first: int = 1, last: int = 7, settings: Settings | None = None
) -> dict[int, StageReport]:
    """Run these stages to their end; the run is closed as an asset would close it."""
    ticket = open_run(store, site, first, last, settings)
    reports: dict[int, StageReport] = {}
    for number in range(first, last + 1):
        reports[number] = run_stage(STAGES[number], ticket)
        if reports[number].stopped:
            close_run(ticket, RunStatus.PAUSED, reports[number].stop_reason)
            return reports
    close_run(ticket, RunStatus.COMPLETED)
    return reports
