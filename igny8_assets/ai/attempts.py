"""From a question to its answer: every request is a stored row before it is sent, every answer before it is used.

The same question in the same piece of work is answered from the store and never asked, or paid, again.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from igny8_assets.ai.calls import CallContext, Calls, Question, Reply, Sent
from igny8_assets.ai.pace import Wait
from igny8_assets.ai.provider import (
    BadAnswer,
    Busy,
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
    """How a question is put at the next attempt."""

    dialect: SchemaDialect
    repair: Repair | None = None
    repaired: bool = False


class Attempts:
    """Asks a service until an answer holds, it refuses, or patience ends."""

    def __init__(self, calls: Calls, settings: Settings) -> None:
        self._calls, self._settings = calls, settings
        # Waiting here is cheaper than waiting in the database for a place that this very process holds.
        self._places = asyncio.Semaphore(settings.ai_concurrency)
        self._dialects: dict[str, SchemaDialect] = {}

    async def answer(
        self,
        context: CallContext,
        question: Question,
        send: Callable[[Asked], Awaitable[Reply]],
        read: Callable[[str], Any],
    ) -> tuple[Any, bool]:
        """Have a question answered.

        Args:
            send: makes one request.
            read: makes a value of a kept answer; raises BadAnswer or Rejected when it is of no use.

        Returns:
            The value, and whether its answer was in the store already.

        Raises:
            ProviderError: the last attempt's, or that of one after which no other is worth making.
            BudgetReached: a cap of the day leaves no room for a request.
        """
        past = await asyncio.to_thread(self._calls.past, context, question)
        if past.answered is not None:
            call_id, reply = past.answered
            try:
                return read(reply.response), True
            except (BadAnswer, Rejected) as error:
                # A process was killed between storing this answer and noting that it is of no use.
                await self._calls.refused(call_id, error)
        asked = Asked(self._dialect(question.model, past.dialect))
        tries, attempt, patience = past.tries, 0, time.monotonic() + self._settings.ai_busy_seconds
        while True:
            tries += 1
            try:
                async with self._places:
                    sent = await self._turn(context, question, tries)
                    reply = await self._sent(sent, question, send, asked)
            except SchemaRefused as error:
                await self._less_binding(question.model, asked, error)
                continue
            except (Rejected, Misconfigured):
                raise
            except Busy as error:
                pause = self._pause(1, error)
                if time.monotonic() + pause > patience:
                    raise
                await asyncio.sleep(pause)
                continue
            except ProviderError as error:
                attempt += 1
                if attempt >= self._settings.ai_attempts:
                    raise
                await asyncio.sleep(self._pause(attempt, error))
                continue
            try:
                return read(reply.response), False
            except (BadAnswer, Rejected) as error:
                await self._calls.refused(sent.id, error)
                attempt += 1
                if isinstance(error, Rejected) or attempt >= self._settings.ai_attempts:
                    raise
                asked.repair = None
                if isinstance(error, Unfit) and not asked.repaired:
                    asked.repair, asked.repaired = Repair(text_of(reply.response), str(error)), True

    async def _turn(self, context: CallContext, question: Question, tries: int) -> Sent:
        """Store the request as sent, once the service's pace allows it."""
        while isinstance(got := await self._calls.send(context, question, tries), Wait):
            await asyncio.sleep(got.seconds * random.uniform(1.0, 1.2))  # noqa: S311 - so that not all come at once
        return got

    async def _sent(
        self, sent: Sent, question: Question, send: Callable[[Asked], Awaitable[Reply]], asked: Asked
    ) -> Reply:
        """Send a request, and store what became of it."""
        started = time.monotonic()
        try:
            reply = await send(asked)
        except ProviderError as error:
            await self._calls.failed(sent, question, error, _milliseconds_since(started))
            raise
        await self._calls.answered(sent, question, reply, _milliseconds_since(started))
        return reply

    def _dialect(self, model: str, remembered: SchemaDialect | None) -> SchemaDialect:
        if self._settings.schema_dialect != "auto":
            return SchemaDialect(self._settings.schema_dialect)
        return self._dialects.get(model) or remembered or SchemaDialect.FULL

    async def _less_binding(self, model: str, asked: Asked, error: SchemaRefused) -> None:
        """Ask in a less binding form from now on.

        Raises:
            Misconfigured: there is none, or the settings fix the form.
        """
        following = asked.dialect.next
        if self._settings.schema_dialect != "auto":
            raise Misconfigured(f"{error}, or set IGNY8_SCHEMA_DIALECT to auto") from error
        # An item in flight beside this one may have stepped down already.
        present = self._dialects.get(model, asked.dialect)
        if present != asked.dialect:
            asked.dialect = present
            return
        if following is None:
            raise Misconfigured(str(error)) from error
        asked.dialect = self._dialects[model] = following
        await self._calls.learn_dialect(model, following)

    def _pause(self, attempt: int, error: ProviderError) -> float:
        """Seconds until the next attempt: what the service asked for, or doubling with jitter."""
        if isinstance(error, Transient) and error.retry_after is not None:
            return min(error.retry_after, LONGEST_PAUSE_SECONDS)
        doubled = self._settings.ai_retry_seconds * 2 ** (attempt - 1)
        jittered: float = min(doubled, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311
        return jittered


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
