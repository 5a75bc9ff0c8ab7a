"""Runs that a test can watch, stop and break: the door, the lease and the loop are the real ones."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.automation.runs import close_run, request_stop, resume_run, take_run
from igny8_assets.settings import load_settings
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.runner import run_stage
from igny8_assets.stages.stage import Counts, Item, Stage, StageAborted, StageReport
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.database import Store
from igny8_assets.store.lease import LeaseLost
from igny8_assets.store.models import AutomationRun, Launcher, RunStatus, Site, StopRequest

Happening = Callable[[Item], None]


class Watched:
    """A stage in which something happens before its `on`-th item (or `always`) is processed, or saved."""

    def __init__(
        self,
        stage: Stage,
        *,
        processing: Happening | None = None,
        saving: Happening | None = None,
        on: int = 1,
        always: bool = False,
    ) -> None:
        self.stage, self.processing, self.saving, self.on, self.always = stage, processing, saving, on, always
        self.number, self.name, self.kind, self.entity = stage.number, stage.name, stage.kind, stage.entity
        self.processed, self.made, self.batched = stage.processed, stage.made, stage.batched
        self.begun: list[Item] = []
        self.saves = 0

    async def prepare(self, tools: Tools) -> None:
        await self.stage.prepare(tools)

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        return self.stage.pending(counters)

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        return self.stage.select(session, ticket, limit, taken)

    async def process(self, item: Item, tools: Tools) -> Any:
        self.begun.append(item)
        if self.processing is not None and (self.always or len(self.begun) == self.on):
            self.processing(item)
        return await self.stage.process(item, tools)

    def save(self, session: Session, ticket: RunTicket, item: Item, result: Any) -> Counts:
        self.saves += 1
        if self.saving is not None and (self.always or self.saves == self.on):
            self.saving(item)
        return self.stage.save(session, ticket, item, result)

    def fail(self, session: Session, item: Item, reason: str) -> None:
        self.stage.fail(session, item, reason)


def drive(ticket: RunTicket, *watched: Watched) -> dict[int, StageReport]:
    """Work a run's stages from where it stands, and close it, as the assets do."""
    stages: dict[int, Stage] = {**STAGES, **{stage.number: stage for stage in watched}}
    run = find(ticket.store, ticket.run_id)
    reports: dict[int, StageReport] = {}
    for number in range(run.current_stage, run.last_stage + 1):
        try:
            report = reports[number] = run_stage(stages[number], ticket)
        except LeaseLost:
            return reports
        except StageAborted as error:
            close_run(ticket, RunStatus.FAILED, str(error))
            return reports
        except Exception as error:
            close_run(ticket, RunStatus.FAILED, str(error))
            raise
        if report.stopped:
            closed = RunStatus.CANCELED if report.stopped == "cancel" else RunStatus.PAUSED
            close_run(ticket, closed, report.stop_reason)
            return reports
    close_run(ticket, RunStatus.COMPLETED)
    return reports


def find(store: Store, run_id: str) -> AutomationRun:
    """The run as it stands, its stage results and launches loaded."""
    with store.read() as session:
        run = session.get_one(AutomationRun, run_id)
        assert len(run.stages) >= 0
        assert len(run.launches) >= 0
        return run


def only_run(store: Store, site: Site) -> AutomationRun:
    """The only run of a site."""
    with store.read() as session:
        run_id = session.scalars(select(AutomationRun.id).where(AutomationRun.site_id == site.id)).one()
    return find(store, run_id)


def ask_to_stop(store: Store, run_id: str, wanted: StopRequest = StopRequest.PAUSE) -> None:
    """Ask a run to pause or cancel, over a connection of its own, as another process does."""
    other = Store(store.url)
    with other.write() as session:
        request_stop(session.get_one(AutomationRun, run_id), wanted)
    other.close()


def resume(store: Store, run_id: str) -> RunTicket:
    """Put a paused run back and take it, as `igny8 resume` does."""
    with store.write() as session:
        run = resume_run(session, session.get_one(AutomationRun, run_id), Launcher.PROCESS)
    return take(store, run)


def take(store: Store, run: AutomationRun) -> RunTicket:
    """The ticket of a queued run."""
    ticket = take_run(store, load_settings(), run.id, run.launch, str(uuid.uuid4()))
    assert ticket is not None
    return ticket
