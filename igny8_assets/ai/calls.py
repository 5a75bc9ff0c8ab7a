"""The stored calls: what was asked before, what is sent now, and what became of it, with its cost."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from igny8_assets.ai import budget, pace
from igny8_assets.ai.prices import FREE, Price, PriceTable, Usage
from igny8_assets.ai.provider import Busy, Provider, ProviderError
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, CallStatus

T = TypeVar("T")
AGAIN_AFTER_SECONDS = (0.2, 1.0, 3.0)
"""A write that the database could not take is tried again after these pauses."""
DEADLINE_MARGIN_SECONDS = 30
"""A call whose process died holds its place so much longer than any answer may take."""


@dataclass(frozen=True)
class CallContext:
    """For whom a call is made; `work_key` names the piece of work (site, stage, item, attempt)."""

    site_id: int
    run_id: str
    launch: int
    stage: int
    work_key: str


@dataclass(frozen=True)
class Question:
    """What identifies a call: the same question in the same piece of work may be answered from the store.

    `picture` is the quality and size of a picture that is asked for.
    """

    function: str
    model: str
    prompt_version: int
    input_hash: str
    picture: str = ""


@dataclass(frozen=True)
class Expectation:
    """What a request will use: about so much, which the pace goes by, and at most, which is set aside under caps."""

    about: Usage
    most: Usage


@dataclass(frozen=True)
class Reply:
    """What one request brought: the text that is stored, and what it used if that was counted.

    `keep` stores what is not text, in the same transaction.
    """

    response: str
    usage: Usage | None
    keep: Callable[[Session], None] | None = None


@dataclass(frozen=True)
class Sent:
    """A request that is stored as sent; `narrowed`: its service is asked less than it might be."""

    id: int
    reservation: budget.Reservation
    narrowed: bool


@dataclass(frozen=True)
class Past:
    """What the store knows of a question: an answer that may still be good, and how often it was asked."""

    answered: tuple[int, str] | None
    tries: int


@dataclass(frozen=True)
class Terms:
    """What a service takes, and whether a cap in dollars holds, so that the length of answers has to be bounded."""

    learned: pace.Learned
    capped: bool


# Statements that go with every request are put together once: that takes longer than to execute them.
_CALLS = AICall.metadata.tables[AICall.__tablename__]
_SAME = select(AICall.id, AICall.status, AICall.try_number).where(
    *(
        column == bindparam(column.key)
        for column in (AICall.work_key, AICall.function, AICall.input_hash, AICall.model, AICall.prompt_version)
    )
)
_RESPONSE = select(AICall.response).where(AICall.id == bindparam("call"))
_INSERT = insert(_CALLS).returning(_CALLS.c.id)


class Calls:
    """The calls of one provider in the store."""

    def __init__(self, provider: Provider, store: Store, settings: Settings, prices: PriceTable) -> None:
        self._provider, self._store, self._settings, self._prices = provider, store, settings, prices

    def service(self, model: str) -> str:
        """The name under which the pace of a model is kept."""
        return f"{self._provider.host}|{model}" if self._provider.host else ""

    def price(self, model: str) -> Price | None:
        """What a model costs; what is answered in this process is free."""
        return self._prices.price_of(model) if self._provider.host else FREE

    def past(self, context: CallContext, question: Question) -> Past:
        """Look a question up."""
        same = {
            "work_key": context.work_key,
            "function": question.function,
            "input_hash": question.input_hash,
            "model": question.model,
            "prompt_version": question.prompt_version,
        }
        with self._store.read() as session:
            connection = session.connection()
            rows = connection.execute(_SAME, same).all()
            answered = max((row.id for row in rows if row.status == CallStatus.ANSWERED), default=None)
            response = None if answered is None else connection.scalar(_RESPONSE, {"call": answered})
        kept = None if answered is None else (answered, str(response))
        return Past(kept, max((row.try_number for row in rows), default=0))

    def terms(self, context: CallContext, model: str) -> Terms:
        """Look up how a model is to be asked for a site."""
        with self._store.read() as session:
            capped = self.price(model) is not FREE and budget.is_capped(session, context.site_id)
            return Terms(pace.learned_of(session, self.service(model)), capped)

    async def send(
        self, context: CallContext, question: Question, expected: Expectation, try_number: int
    ) -> Sent | pace.Wait:
        """Store a request as sent, with the place it takes and the cost it may have; or say how long to wait.

        Raises:
            BudgetReached: a cap in dollars leaves no room for it.
            Misconfigured: there is such a cap, and no price.
        """
        return await self._write(lambda session: self._send(session, context, question, expected, try_number))

    def _send(
        self, session: Session, context: CallContext, question: Question, expected: Expectation, try_number: int
    ) -> Sent | pace.Wait:
        connection, narrowed = session.connection(), False
        service, now = self.service(question.model), self._store.now(session)
        reservation = budget.Reservation(context.site_id, budget.day_of(now), 0)
        if service:
            wait, narrowed = pace.turn(connection, service, expected.about.tokens, self._settings, now)
            if wait is not None:
                return wait
            price = self.price(question.model)
            most = price.cost(expected.most, question.picture) if price else None
            reserved = budget.reserve(connection, context.site_id, question.model, most, now)
            if isinstance(reserved, pace.Wait):
                return reserved
            reservation = reserved
        values = {
            "status": CallStatus.SENT,
            "site_id": context.site_id,
            "run_id": context.run_id,
            "launch": context.launch,
            "stage": context.stage,
            "work_key": context.work_key,
            "function": question.function,
            "provider": self._provider.name,
            "service": service,
            "model": question.model,
            "prompt_version": question.prompt_version,
            "input_hash": question.input_hash,
            "try_number": try_number,
            "deadline": now + timedelta(seconds=self._settings.ai_timeout_seconds + DEADLINE_MARGIN_SECONDS),
            "expected_tokens": expected.about.tokens,
            "reserved_usd_pico": reservation.usd_pico,
            "created_at": now,
        }
        return Sent(connection.execute(_INSERT, values).scalar_one(), reservation, narrowed)

    async def answered(self, sent: Sent, question: Question, reply: Reply, latency_ms: int) -> None:
        """Keep an answer, before anything is made of it."""

        def work(session: Session) -> None:
            used = self._used(session, sent, question, reply.usage)
            told = {"status": CallStatus.ANSWERED, "response": reply.response, "latency_ms": latency_ms, **used}
            _tell(session, sent.id, told)
            if reply.keep is not None:
                reply.keep(session)
            if sent.narrowed:
                pace.widen(session, self.service(question.model), self._settings.ai_concurrency)

        await self._write(work)

    async def failed(self, sent: Sent, question: Question, error: ProviderError, latency_ms: int) -> None:
        """Note why a request came to nothing; if it may have cost something, that stays possible."""

        def work(session: Session) -> None:
            told: dict[str, Any] = {"status": CallStatus.FAILED, "error": one_line(str(error), 1000)}
            if error.usage is not None or not error.maybe_paid:
                told |= self._used(session, sent, question, error.usage or Usage())
            _tell(session, sent.id, {**told, "latency_ms": latency_ms})
            if isinstance(error, Busy):
                now, service = self._store.now(session), self.service(question.model)
                pace.narrow(session, service, self._settings.ai_concurrency, error.retry_after, now)

        await self._write(work)

    async def refused(self, call_id: int, error: ProviderError) -> None:
        """Note that a kept answer is of no use; what it cost, it cost."""
        told = {"status": CallStatus.FAILED, "error": one_line(str(error), 1000)}
        await self._write(lambda session: _tell(session, call_id, told))

    async def learn(self, model: str, learned: pace.Learned) -> None:
        """Remember in which form a service takes requests."""
        await self._write(lambda session: pace.learn(session, self.service(model), learned))

    async def _write(self, work: Callable[[Session], T]) -> T:
        """Write as soon as the database can: what was paid for is not given up because that is away for a moment.

        Raises:
            OperationalError, InterfaceError: it stayed away.
        """
        for pause in AGAIN_AFTER_SECONDS:
            try:
                return await self._store.write_soon(work, urgent=True)
            except (OperationalError, InterfaceError):
                await asyncio.sleep(pause)
        return await self._store.write_soon(work, urgent=True)

    def _used(self, session: Session, sent: Sent, question: Question, usage: Usage | None) -> dict[str, Any]:
        if usage is None:
            # The service did not count: what was set aside stays as possible.
            return {}
        price = self.price(question.model)
        cost = price.cost(usage, question.picture) if price else None
        budget.settle(session.connection(), sent.reservation, cost)
        return {
            "tokens_in": usage.tokens_in,
            "tokens_cached": usage.tokens_cached,
            "tokens_out": usage.tokens_out,
            "images": usage.images,
            "expected_tokens": usage.tokens,
            "cost_usd_pico": cost,
            "price_version": self._prices.version if cost is not None and self._provider.host else None,
        }


def _tell(session: Session, call_id: int, values: dict[str, Any]) -> None:
    session.connection().execute(update(_CALLS).where(_CALLS.c.id == call_id), values)


def one_line(text: str, longest: int) -> str:
    """A text from outside as one line that every database takes, cut to `longest` characters."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable()).strip()[:longest]


def mark_unanswered(session: Session, run_id: str) -> int:
    """Mark a run's calls that were sent and never answered as unknown: their items are asked again.

    Returns:
        How many there were.
    """
    marked = session.execute(
        update(AICall)
        .where(AICall.run_id == run_id, AICall.status == CallStatus.SENT)
        .values(status=CallStatus.UNKNOWN)
    )
    return int(marked.rowcount)  # type: ignore[attr-defined]
