"""From a question to its answer: every request is a stored row before it is sent, every answer before it is used.

The same question in the same piece of work is answered from the store and never asked, or paid, again.
"""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from igny8_assets.ai.calls import CallContext, Calls, Expectation, Question, Reply, Sent, Terms
from igny8_assets.ai.door import Door
from igny8_assets.ai.json_schema import BOUNDS
from igny8_assets.ai.pace import Learned, Wait
from igny8_assets.ai.provider import (
    BadAnswer,
    Busy,
    LimitParameter,
    LimitRefused,
    Misconfigured,
    ProviderError,
    Rejected,
    Repair,
    SchemaDialect,
    SchemaRefused,
    Transient,
)
from igny8_assets.ai.reading import Unfit, text_of
from igny8_assets.settings import Settings

LONGEST_PAUSE_SECONDS = 60.0


@dataclass
class Asked:
    """How a question is put at the next attempt; `bounded` says whether the length of the answer has to be."""

    dialect: SchemaDialect
    limit: LimitParameter
    bounded: bool
    repair: Repair | None = None
    repaired: bool = False


@dataclass
class _Patience:
    """How long an item waits for a service that is too busy, from the first time that it said so."""

    seconds: float
    times: int = 0
    ends: float = 0.0

    def wait(self, pause: float) -> bool:
        """Whether there is patience for so many more seconds."""
        if not self.times:
            self.ends = time.monotonic() + self.seconds
        self.times += 1
        return time.monotonic() + pause <= self.ends

    def restore(self) -> None:
        """The service took a request."""
        self.times = 0


class Attempts:
    """Asks a service until an answer holds, it refuses, or patience ends."""

    def __init__(self, calls: Calls, settings: Settings) -> None:
        self._calls, self._settings = calls, settings
        self._stopping = stopping = asyncio.Event()
        self._doors: defaultdict[str, Door] = defaultdict(lambda: Door(settings.ai_concurrency, stopping))
        self._terms: dict[str, Terms] = {}
        self._learned: dict[str, Learned] = {}

    def stop(self) -> None:
        """End all waiting with `Stopped`; what is in flight is answered."""
        self._stopping.set()

    async def answer(
        self,
        context: CallContext,
        question: Question,
        *,
        expect: Callable[[Asked], Expectation],
        send: Callable[[Asked], Awaitable[Reply]],
        read: Callable[[str], Any],
    ) -> tuple[Any, bool]:
        """Have a question answered.

        Args:
            expect: says what a request will use.
            send: makes one request.
            read: makes a value of a kept answer; raises BadAnswer or Rejected when it is of no use.

        Returns:
            The value, and whether its answer was in the store already.

        Raises:
            ProviderError: the last attempt's, or that of one after which no other is worth making.
            BudgetReached: a cap of the day leaves no room for a request.
            Stopped: the run is to stop, and the next request would have had to wait.
        """
        past = await asyncio.to_thread(self._calls.past, context, question)
        if past.answered is not None and (kept := await self._replayed(*past.answered, read)):
            return kept[0], True
        asked = await self._as_learned(context, question.model)
        door, patience = self._doors[question.model], _Patience(self._settings.ai_busy_seconds)
        tries, attempt = past.tries, 0
        while True:
            tries += 1
            try:
                async with door.place():
                    sent = await self._turn(door, context, question, expect(asked), tries, patience)
                    reply = await self._sent(sent, question, send, asked)
            except Busy as error:
                pause = max(error.retry_after or 0.0, self._doubling(patience.times + 1))
                if not patience.wait(pause):
                    raise
                await door.rest(pause)
                continue
            except ProviderError as error:
                patience.restore()
                if await self._less_binding(question.model, asked, error):
                    continue
                attempt += 1
                if not _may_pass(error) or attempt >= self._settings.ai_attempts:
                    raise
                await door.rest(self._pause(attempt, error))
                continue
            patience.restore()
            try:
                return read(reply.response), False
            except (BadAnswer, Rejected) as error:
                await self._calls.refused(sent.id, error)
                attempt += 1
                if isinstance(error, Rejected) or attempt >= self._settings.ai_attempts:
                    raise
                asked.repair = None
                if not isinstance(error, Unfit):
                    await door.rest(self._pause(attempt, error))
                elif not asked.repaired:
                    asked.repair, asked.repaired = Repair(text_of(reply.response), str(error)), True

    async def _replayed(self, call_id: int, response: str, read: Callable[[str], Any]) -> tuple[Any] | None:
        """The value of an answer that is in the store, if it is of use."""
        try:
            return (read(response),)
        except (BadAnswer, Rejected) as error:
            # A process was killed between storing this answer and noting that it is of no use.
            await self._calls.refused(call_id, error)
            return None

    async def _turn(
        self,
        door: Door,
        context: CallContext,
        question: Question,
        expected: Expectation,
        tries: int,
        patience: _Patience,
    ) -> Sent:
        """Store the request as sent, once the service's pace allows it.

        Raises:
            Busy: the service wants to be left alone for longer than an item waits.
        """
        async with door.first:
            while isinstance(got := await self._calls.send(context, question, expected, tries), Wait):
                if got.until is not None and not patience.wait(got.seconds):
                    told = f"{question.model} takes no more requests until {got.until:%Y-%m-%d %H:%M} UTC"
                    raise Busy(told, retry_after=got.seconds)
                # A little more, so that not all processes come at once.
                await door.rest_until_free(got.seconds * random.uniform(1.0, 1.05))  # noqa: S311
            return got

    async def _sent(
        self, sent: Sent, question: Question, send: Callable[[Asked], Awaitable[Reply]], asked: Asked
    ) -> Reply:
        """Send a request, and store what became of it, also when this task is cancelled once it is known."""
        started = time.monotonic()
        try:
            reply = await send(asked)
        except ProviderError as error:
            await _surely(self._calls.failed(sent, question, error, _milliseconds_since(started)))
            raise
        except Exception as error:
            unclear = Transient(f"unexpected {type(error).__name__}", maybe_paid=True)
            await _surely(self._calls.failed(sent, question, unclear, _milliseconds_since(started)))
            raise
        await _surely(self._calls.answered(sent, question, reply, _milliseconds_since(started)))
        return reply

    async def _as_learned(self, context: CallContext, model: str) -> Asked:
        """How a model is asked, as far as it is known; looked up once a stage."""
        if model not in self._terms:
            self._terms[model] = await asyncio.to_thread(self._calls.terms, context, model)
        learned = self._learned.get(model, self._terms[model].learned)
        dialect = SchemaDialect(learned.dialect) if learned.dialect else SchemaDialect.FULL
        if self._settings.schema_dialect != "auto":
            dialect = SchemaDialect(self._settings.schema_dialect)
        limit = LimitParameter(learned.limit) if learned.limit else LimitParameter.MAX_COMPLETION_TOKENS
        return Asked(dialect, limit, self._terms[model].capped)

    async def _less_binding(self, model: str, asked: Asked, error: ProviderError) -> bool:
        """Ask in a less binding form from now on, or bound answers by an older parameter.

        Returns:
            Whether that may help: only where the service objects to one of these, and it was in the request.

        Raises:
            Misconfigured: there is none, or the settings fix the form.
        """
        if not isinstance(error, SchemaRefused | LimitRefused):
            return False
        about_form = isinstance(error, SchemaRefused)
        if about_form and self._settings.schema_dialect != "auto":
            raise Misconfigured(f"{error}, or set IGNY8_SCHEMA_DIALECT to auto") from error
        if about_form and asked.dialect is not SchemaDialect.FULL and any(bound in str(error) for bound in BOUNDS):
            return False
        before = Learned(asked.dialect, asked.limit)
        # An item in flight beside this one may have stepped down already.
        present = self._learned.get(model, before)
        if about_form and present.dialect in (None, before.dialect):
            present = Learned(asked.dialect.next, asked.limit)
        elif not about_form and present.limit in (None, before.limit):
            present = Learned(asked.dialect, asked.limit.next)
        if (present.dialect if about_form else present.limit) is None:
            raise Misconfigured(str(error)) from error
        if self._learned.get(model) != present:
            self._learned[model] = present
            await self._calls.learn(model, present)
        asked.dialect = SchemaDialect(present.dialect or asked.dialect)
        asked.limit = LimitParameter(present.limit or asked.limit)
        return True

    def _pause(self, attempt: int, error: ProviderError) -> float:
        """Seconds until the next attempt: what the service asked for, or doubling with jitter."""
        if isinstance(error, Transient) and error.retry_after is not None:
            return min(error.retry_after, LONGEST_PAUSE_SECONDS)
        return self._doubling(attempt)

    def _doubling(self, attempt: int) -> float:
        doubled = self._settings.ai_retry_seconds * 2 ** min(attempt - 1, 16)
        jittered: float = min(doubled, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311
        return jittered


def _may_pass(error: ProviderError) -> bool:
    """Whether the same request may be answered another time."""
    return isinstance(error, SchemaRefused) or not isinstance(error, Rejected | Misconfigured)


async def _surely(storing: Coroutine[Any, Any, None]) -> None:
    """Wait until something is stored, also when this task is cancelled meanwhile."""
    task = asyncio.create_task(storing)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
