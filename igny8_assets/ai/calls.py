"""The stored calls: what was asked before, what is sent now, and what became of it, with its cost."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import func, insert, select, update
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
    """A request that is stored as sent."""

    id: int
    reservation: budget.Reservation


@dataclass(frozen=True)
class Past:
    """What the store knows of a question: an answer that may still be good, how often it was asked, and its service.

    `capped` says whether a cap in dollars holds, so that the length of answers has to be bounded.
    """

    answered: tuple[int, str] | None
    tries: int
    learned: pace.Learned
    capped: bool


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
        same = (
            AICall.work_key == context.work_key,
            AICall.function == question.function,
            AICall.input_hash == question.input_hash,
            AICall.model == question.model,
            AICall.prompt_version == question.prompt_version,
        )
        with self._store.read() as session:
            answered = session.execute(
                select(AICall.id, AICall.response)
                .where(*same, AICall.status == CallStatus.ANSWERED)
                .order_by(AICall.id.desc())
                .limit(1)
            ).first()
            tries = session.scalar(select(func.max(AICall.try_number)).where(*same))
            learned = pace.learned_of(session, self.service(question.model))
            capped = self.price(question.model) is not FREE and budget.is_capped(session, context.site_id)
        return Past((answered.id, str(answered.response)) if answered else None, tries or 0, learned, capped)

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
        service, now = self.service(question.model), self._store.now(session)
        if service and (wait := pace.turn(session, service, expected.about.tokens, self._settings, now)):
            return wait
        reservation = budget.Reservation(context.site_id, budget.day_of(now), 0)
        if service:
            price = self.price(question.model)
            most = price.cost(expected.most, question.picture) if price else None
            reserved = budget.reserve(session, context.site_id, question.model, most, now)
            if isinstance(reserved, pace.Wait):
                return reserved
            reservation = reserved
        values = {
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
        return Sent(int(session.execute(insert(AICall).values(values).returning(AICall.id)).scalar_one()), reservation)

    async def answered(self, sent: Sent, question: Question, reply: Reply, latency_ms: int) -> None:
        """Keep an answer, before anything is made of it."""

        def work(session: Session) -> None:
            used = self._used(session, sent, question, reply.usage)
            values = {"status": CallStatus.ANSWERED, "response": reply.response, "latency_ms": latency_ms, **used}
            session.execute(update(AICall).where(AICall.id == sent.id).values(values))
            if reply.keep is not None:
                reply.keep(session)
            if service := self.service(question.model):
                pace.widen(session, service, self._settings.ai_concurrency)

        await self._write(work)

    async def failed(self, sent: Sent, question: Question, error: ProviderError, latency_ms: int) -> None:
        """Note why a request came to nothing; if it may have cost something, that stays possible."""

        def work(session: Session) -> None:
            values: dict[str, Any] = {"status": CallStatus.FAILED, "error": one_line(str(error), 1000)}
            if error.usage is not None or not error.maybe_paid:
                values |= self._used(session, sent, question, error.usage or Usage())
            session.execute(update(AICall).where(AICall.id == sent.id).values(**values, latency_ms=latency_ms))
            if isinstance(error, Busy):
                now, service = self._store.now(session), self.service(question.model)
                pace.narrow(session, service, self._settings.ai_concurrency, error.retry_after, now)

        await self._write(work)

    async def refused(self, call_id: int, error: ProviderError) -> None:
        """Note that a kept answer is of no use; what it cost, it cost."""
        values = {"status": CallStatus.FAILED, "error": one_line(str(error), 1000)}
        await self._write(lambda session: session.execute(update(AICall).where(AICall.id == call_id).values(values)))

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
                return await self._store.write_soon(work)
            except (OperationalError, InterfaceError):
                await asyncio.sleep(pause)
        return await self._store.write_soon(work)

    def _used(self, session: Session, sent: Sent, question: Question, usage: Usage | None) -> dict[str, Any]:
        if usage is None:
            # The service did not count: what was set aside stays as possible.
            return {}
        price = self.price(question.model)
        cost = price.cost(usage, question.picture) if price else None
        budget.settle(session, sent.reservation, cost)
        return {
            "tokens_in": usage.tokens_in,
            "tokens_cached": usage.tokens_cached,
            "tokens_out": usage.tokens_out,
            "images": usage.images,
            "expected_tokens": usage.tokens,
            "cost_usd_pico": cost,
            "price_version": self._prices.version if cost is not None and self._provider.host else None,
        }


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


@dataclass(frozen=True)
class Spent:
    """What calls used and cost: `known_usd_pico` for certain, `possible_usd_pico` perhaps beyond that.

    `unpriced` counts the answers whose model has no price.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    images: int = 0
    known_usd_pico: int = 0
    possible_usd_pico: int = 0
    unpriced: int = 0
    latency_ms: int = 0


def spent_by(session: Session, *conditions: Any, by: Any = None) -> dict[Any, Spent]:
    """What calls that meet the conditions used and cost, added up by a column; by none, under the key None."""
    unknown = AICall.cost_usd_pico.is_(None)
    answered = AICall.status == CallStatus.ANSWERED
    sums = select(
        func.count(),
        func.sum(AICall.tokens_in),
        func.sum(AICall.tokens_cached),
        func.sum(AICall.tokens_out),
        func.sum(AICall.images),
        func.sum(func.coalesce(AICall.cost_usd_pico, 0)),
        func.sum(AICall.reserved_usd_pico).filter(unknown),
        func.count().filter(unknown, answered, AICall.reserved_usd_pico == 0),
        func.sum(func.coalesce(AICall.latency_ms, 0)),
    ).where(*conditions)
    if by is None:
        return {None: _as_spent(session.execute(sums).one())}
    rows = session.execute(sums.add_columns(by).group_by(by).order_by(by))
    return {row[-1]: _as_spent(row[:-1]) for row in rows}


def _as_spent(figures: Sequence[Any]) -> Spent:
    return Spent(*(int(figure or 0) for figure in figures))
