"""The only loop: takes what is pending, has it processed, saves each result in one transaction.

Every writing transaction begins by proving the lease. An item is reserved when it is taken, and charged, saved and
counted in one transaction; whatever kills the process loses at most the work of the items in flight.
"""

import asyncio
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from igny8_assets.ai.budget import BudgetReached
from igny8_assets.ai.calls import one_line
from igny8_assets.ai.door import Stopped
from igny8_assets.ai.engine import Engine
from igny8_assets.ai.prompt_files import Prompts
from igny8_assets.errors import UserError
from igny8_assets.media.library import ImageLibrary
from igny8_assets.stages import payment, progress
from igny8_assets.stages.run_log import RunLog
from igny8_assets.stages.stage import Item, ItemFailed, ItemSetAside, Stage, StageAborted, StageReport
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools, make_provider
from igny8_assets.store import counters, ledger
from igny8_assets.store.lease import LeaseLost
from igny8_assets.store.models import StopRequest

T = TypeVar("T")
LOGGER = logging.getLogger(__name__)

INTERRUPTED = "interrupted"
SWITCH_SECONDS = 0.0005
TAKING_SECONDS = 0.01
"""Items are taken for so long at a time: answers and requests wait for the same thread."""
SELECTED_AT_ONCE = 4
"""Rows that are items of their own, for which a batch of one would mean a statement each."""
LOOKS_PER_STOP_REQUEST = 5
"""The loop looks every 0.2 s, and asks the database once a second whether the run is to stop."""
STOP_REASONS = {
    StopRequest.PAUSE: "paused by request",
    StopRequest.CANCEL: "canceled by request",
}


def run_stage(stage: Stage, ticket: RunTicket) -> StageReport:
    """Work a stage until nothing is pending, its cap is reached, or the run is to stop.

    The loop runs in a thread of its own, so that an interrupt of the calling thread never tears a transaction:
    it asks the loop to stop and waits for what is in flight.

    Returns:
        What the stage did; `stopped` says that it ended early and is not finished.

    Raises:
        LeaseLost: another run has the site; nothing more was written.
        StageAborted: no item can succeed; says why.
    """
    # Answers that are to be stored wait behind no computation of another thread for longer than this.
    sys.setswitchinterval(SWITCH_SECONDS)
    outcome: list[StageReport | BaseException] = []
    # Not Thread.join: when that is interrupted, Python 3.11 takes the thread for ended.
    ended = threading.Event()

    def work() -> None:
        try:
            outcome.append(asyncio.run(_Loop(stage, ticket).run()))
        except BaseException as error:
            outcome.append(error)
        finally:
            ended.set()

    threading.Thread(target=work, name=f"igny8-stage-{stage.number}").start()
    try:
        while not ended.wait(0.2):
            pass
    except BaseException:
        ticket.interrupted.set()
        ended.wait(ticket.settings.stop_grace_seconds + 5)
        raise
    result = outcome[0]
    if isinstance(result, BaseException):
        raise result
    return result


@dataclass
class _Loop:
    stage: Stage
    ticket: RunTicket
    taken: dict[str, Item] = field(default_factory=dict)
    finished: set[tuple[str, int]] = field(default_factory=set)
    waiting: deque[tuple[Item, int]] = field(default_factory=deque)
    rows_taken: int = 0
    in_flight: int = 0
    taking: asyncio.Lock = field(default_factory=asyncio.Lock)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    error: BaseException | None = None
    out_of_dollars: bool = False

    async def run(self) -> StageReport:
        started = time.monotonic()
        ticket, stage, store = self.ticket, self.stage, self.ticket.store
        self.log = RunLog(ticket.settings, ticket.run_id)
        self.report = await self._write(lambda session: progress.begin(session, ticket, stage))
        before, self.rows_taken = self.report.seconds, self.report.done
        provider = make_provider(ticket.settings)
        prompts = Prompts.of_site(ticket.settings, ticket.site.slug, ticket.site.language)
        try:
            engine = Engine(provider, store, ticket.settings, prompts)
        except UserError as error:
            raise StageAborted(str(error)) from error
        self.tools = Tools(ticket, stage.number, engine, ImageLibrary(ticket.settings.images))
        heartbeat = asyncio.create_task(self._heartbeat())
        workers = [asyncio.create_task(self._prepare())]
        try:
            await self._finish(workers)
            if self.error is None and self.report.stopped is None:
                workers = [asyncio.create_task(self._work()) for _ in range(self._width())]
                await self._finish(workers)
        finally:
            for task in (heartbeat, *workers):
                task.cancel()
            await asyncio.gather(heartbeat, *workers, return_exceptions=True)
            self.tools.close()
            await provider.close()
        if isinstance(self.error, LeaseLost):
            raise self.error
        self.report.seconds = before + time.monotonic() - started
        await self._write(self._end)
        if self.error is not None:
            raise self.error
        self._say(f"{self.report.done} of {self.report.total} done, {self.report.failed} failed")
        return self.report

    def _width(self) -> int:
        """How many items are worked on: more than may be asked about at once, since some are just taken or saved."""
        at_once = self.ticket.settings.ai_concurrency
        return at_once + at_once // 2 if self.stage.kind == "AI" else 1

    async def _finish(self, workers: list[asyncio.Task[None]]) -> None:
        """Wait for the workers; after a stop, or an end for all, they have the grace to save what is in flight."""
        looks = 0
        while workers:
            done, pending = await asyncio.wait(workers, timeout=0.2, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                if task.exception() is not None and self.error is None:
                    self.error = task.exception()
            if not pending or isinstance(self.error, LeaseLost):
                return
            looks += 1
            if looks % LOOKS_PER_STOP_REQUEST == 0:
                # The workers look between items; all of them may be waiting for a service.
                await self._heed_stop()
            if self.ticket.interrupted.is_set():
                self._stop("cancel", INTERRUPTED)
            if self.ticket.interrupted.is_set() or self.error is not None:
                self.tools.engine.stop()
                await asyncio.wait(pending, timeout=self.ticket.settings.stop_grace_seconds)
                return

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(self.ticket.settings.lease_seconds / 3)
            try:
                await self.ticket.store.write_soon(self.ticket.hold_lease, urgent=True)
            except LeaseLost as error:
                self.error = error
                return
            except (OperationalError, InterfaceError) as error:
                # A database that is away for a moment: the next beat comes long before the lease ends.
                LOGGER.warning("the lease could not be renewed just now: %s", type(error).__name__)

    async def _prepare(self) -> None:
        try:
            await self.stage.prepare(self.tools)
        except BudgetReached as reached:
            self._stop("budget", f"{payment.BUDGET_REACHED}: {reached}")
        except Stopped:
            return

    async def _work(self) -> None:
        while self.error is None:
            taken = await self._next()
            if taken is None:
                return
            item, reserved = taken
            try:
                await self._handle(item, reserved)
            finally:
                self.in_flight -= 1
                self.changed.set()

    async def _next(self) -> tuple[Item, int] | None:
        """The next item and what was reserved for it, or nothing when the stage has no more for this run."""
        while True:
            async with self.taking:
                await self._heed_stop()
                # What is reserved already is still done when the credits of the account, or of the day, end.
                paid = self.report.stopped in {"credits", "budget"} and self.waiting and not self.out_of_dollars
                if self.error or (self.report.stopped and not paid):
                    return None
                if not self.waiting:
                    self.waiting.extend(await self._write(self._take))
                if self.waiting:
                    self.in_flight += 1
                    return self.waiting.popleft()
                if self.in_flight == 0:
                    return None
                self.changed.clear()
            # An item in flight may bring new ones, such as the rest of a group once its cluster exists.
            await self.changed.wait()

    async def _heed_stop(self) -> None:
        request = await asyncio.to_thread(self.ticket.stop_requested)
        if request is not None:
            self._stop(request.value, INTERRUPTED if self.ticket.interrupted.is_set() else STOP_REASONS[request])

    def _stop(self, stopped: str, reason: str) -> None:
        if stopped in {"pause", "cancel"}:
            self.tools.engine.stop()
        if self.report.stopped is None:
            self.report.stopped, self.report.stop_reason = stopped, reason
            self._say(reason)

    def _take(self, session: Session) -> list[tuple[Item, int]]:
        """Select and reserve items for the workers, for a moment; runs on the writer thread."""
        taken: list[tuple[Item, int]] = []
        ends = time.monotonic() + TAKING_SECONDS
        while len(taken) < self._width() and (limit := self._limit()) > 0 and not (taken and time.monotonic() > ends):
            # A copy: items are let go by the loop's thread in this moment.
            items = self.stage.select(session, self.ticket, limit, dict(self.taken))
            for item in items:
                reserved = self._reserve(session, item)
                if reserved is None:
                    return taken
                taken.append((item, reserved))
                if (item.key, item.attempt) in self.finished:
                    raise RuntimeError(f"stage {self.stage.number} selected {item.key} again after it was finished")
                self.taken[item.key] = item
                self.rows_taken += item.size
            if not items:
                break
        return taken

    def _limit(self) -> int:
        """How many rows may be selected next: a batch, or several of one row, and no more than the run's cap leaves."""
        config, number = self.ticket.config, self.stage.number
        cap = config.cap(number)
        batch = config.batch_size(number)
        if not self.stage.batched:
            batch = max(batch, SELECTED_AT_ONCE)
        return batch if cap is None else min(batch, cap - self.rows_taken)

    def _reserve(self, session: Session, item: Item) -> int | None:
        try:
            return payment.reserve(session, self.ticket, self.stage.number, item)
        except payment.NoRoom as reason:
            self._stop(reason.stopped, str(reason))
            return None

    async def _handle(self, item: Item, reserved: int) -> None:
        try:
            result = await self.stage.process(item, self.tools)
        except ItemFailed as failure:
            await self._fail(item, reserved, failure.reason, permanent=failure.permanent)
            return
        except ItemSetAside as put:
            await self._set_aside(item, reserved, put.reason)
            return
        except (StageAborted, LeaseLost, OperationalError, InterfaceError):
            raise
        except Stopped:
            # It stays pending, and in hand, so that this run does not take it again.
            return
        except BudgetReached as reached:
            # It stays pending, and in hand, so that this run does not take it again.
            self.out_of_dollars = True
            self._stop("budget", f"{payment.BUDGET_REACHED}: {reached}")
            return
        except Exception as error:
            LOGGER.exception("stage %s, item %s", self.stage.number, item.key)
            await self._fail(item, reserved, f"unexpected {type(error).__name__}: {error}", permanent=True)
            return
        try:
            await self._write(lambda session: self._save(session, item, reserved, result))
            self._let_go(item)
        except ItemFailed as failure:
            await self._fail(item, reserved, failure.reason, permanent=failure.permanent)
        except (LeaseLost, OperationalError, InterfaceError):
            raise
        except Exception as error:
            LOGGER.exception("stage %s, item %s", self.stage.number, item.key)
            cause = getattr(error, "orig", None) or error
            await self._fail(item, reserved, f"could not be saved: {cause}", permanent=True)

    def _save(self, session: Session, item: Item, reserved: int, result: Any) -> None:
        counts = self.stage.save(session, self.ticket, item, result)
        self._settle(session, item, reserved, reserved)
        progress.note(session, self.ticket, self.report, item, counts, reserved)

    async def _fail(self, item: Item, reserved: int, reason: str, *, permanent: bool) -> None:
        reason = one_line(reason, 500)

        def work(session: Session) -> None:
            if permanent:
                self.stage.fail(session, item, reason)
            self._settle(session, item, reserved, 0)
            progress.note_failure(session, self.ticket, self.report, item, reason)

        await self._write(work)
        if permanent:
            self._let_go(item)
        self.log.write(f"{item.label or item.key}: {reason}", level="warning", stage=self.stage.number, item=item.key)

    async def _set_aside(self, item: Item, reserved: int, reason: str) -> None:
        def work(session: Session) -> None:
            self._settle(session, item, reserved, 0)
            progress.note_set_aside(session, self.ticket, self.report, item)

        await self._write(work)
        self._let_go(item)
        self.log.write(f"{item.label or item.key}: {reason}", stage=self.stage.number, item=item.key)

    def _let_go(self, item: Item) -> None:
        del self.taken[item.key]
        self.finished.add((item.key, item.attempt))

    def _end(self, session: Session) -> None:
        ledger.release_open(session, self.ticket.run_id)
        self.report.pending = self.stage.pending(counters.read(session, self.ticket.site.id))
        if self.stage.kind == "Manual":
            # Nothing is taken at the gate: what it shows is what waits there.
            self.report.done = self.report.total = self.report.pending
        progress.end(session, self.ticket, self.report, finished=self.report.stopped is None and self.error is None)

    def _settle(self, session: Session, item: Item, reserved: int, charged: int) -> None:
        if reserved:
            ledger.settle(session, payment.work_of(self.ticket, self.stage.number, item), reserved, charged)

    async def _write(self, work: Callable[[Session], T]) -> T:
        def fenced(session: Session) -> T:
            self.ticket.hold_lease(session)
            return work(session)

        return await self.ticket.store.write_soon(fenced)

    def _say(self, message: str) -> None:
        self.log.write(message, stage=self.stage.number)
