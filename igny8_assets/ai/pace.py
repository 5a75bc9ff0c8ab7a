"""How fast a service may be asked: requests at once, requests and tokens a minute, for a whole installation.

The limits are read from the stored calls themselves, in the transaction that stores the next one: they hold across
all processes and machines that share the database, and nothing can be left behind when one dies.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from igny8_assets.settings import Settings
from igny8_assets.store.models import AICall, AIService, CallStatus

MINUTE = timedelta(seconds=60)
NARROWED_TO = 0.8
"""A service that is too busy is asked by so much of those who asked: fewer would waste it, more would anger it."""
NARROWED_ONCE_IN = timedelta(seconds=1)
"""Requests that were in flight together are refused together; they narrow the width once."""
FULL_PAUSE_SECONDS = 0.05
"""When all places are taken: how long until one may be free."""


@dataclass(frozen=True)
class Wait:
    """No request may be sent for so many seconds; `until` is the moment that the service itself named."""

    seconds: float
    until: datetime | None = None


# Statements that go with every request are put together once: that takes longer than to execute them.
_SERVICE = (
    select(AIService.blocked_until, AIService.width_thousandths)
    .where(AIService.name == bindparam("service"))
    .with_for_update()
)
_IN_FLIGHT = select(func.count()).where(
    AICall.service == bindparam("service"), AICall.status == CallStatus.SENT, AICall.deadline > bindparam("now")
)


def turn(connection: Connection, name: str, tokens: int, settings: Settings, now: datetime) -> tuple[Wait | None, bool]:
    """Whether a request may be sent now.

    Args:
        name: the service and model that are asked.
        tokens: what the request is expected to use.

    Returns:
        How long to wait, or nothing if it may be sent; and whether the service is asked less than it might be.
    """
    service = connection.execute(_SERVICE, {"service": name}).first()
    if service is None:
        _open(connection, name)
        service = connection.execute(_SERVICE, {"service": name}).one()
    narrowed = service.width_thousandths is not None
    if service.blocked_until is not None and service.blocked_until > now:
        return Wait((service.blocked_until - now).total_seconds(), service.blocked_until), narrowed
    most = settings.ai_concurrency
    if narrowed:
        most = max(1, min(most, service.width_thousandths // 1000))
    in_flight = connection.execute(_IN_FLIGHT, {"service": name, "now": now}).scalar_one()
    if in_flight >= most:
        return Wait(FULL_PAUSE_SECONDS), narrowed
    return _within_the_minute(connection, name, tokens, settings, now), narrowed


def narrow(session: Session, name: str, in_flight_most: int, retry_after: float | None, now: datetime) -> None:
    """Take note that a service is too busy: ask less at once, and nothing before the moment that it named."""
    service = _locked(session, name)
    if retry_after is not None:
        until = now + timedelta(seconds=retry_after)
        service.blocked_until = max(until, service.blocked_until or until)
    if service.narrowed_at is None or now - service.narrowed_at > NARROWED_ONCE_IN:
        present = min(service.width_thousandths or in_flight_most * 1000, in_flight_most * 1000)
        service.width_thousandths = max(1000, int(present * NARROWED_TO))
        service.narrowed_at = now


def widen(session: Session, name: str, most: int) -> None:
    """Take note of a good answer: after as many as are sent at once, one more is."""
    # One statement: what another narrows meanwhile is not written over.
    width = AIService.width_thousandths
    wider = width + 1_000_000 // width
    session.execute(
        update(AIService)
        .where(AIService.name == name, width.is_not(None))
        .values(width_thousandths=case((wider >= most * 1000, None), else_=wider))
    )


@dataclass(frozen=True)
class Learned:
    """What a model at a service was found to take: the form of answers, and the name of the bound of their length."""

    dialect: str | None = None
    limit: str | None = None


def learn(session: Session, name: str, learned: Learned) -> None:
    """Keep what was found out."""
    service = _locked(session, name)
    service.schema_dialect = learned.dialect or service.schema_dialect
    service.limit_parameter = learned.limit or service.limit_parameter


def learned_of(session: Session, name: str) -> Learned:
    """What was found out; nothing of what the service took at the first try."""
    found = session.execute(
        select(AIService.schema_dialect, AIService.limit_parameter).where(AIService.name == name)
    ).first()
    return Learned(*found) if found else Learned()


def _within_the_minute(
    connection: Connection, name: str, tokens: int, settings: Settings, now: datetime
) -> Wait | None:
    requests, of_tokens = settings.ai_requests_per_minute, settings.ai_tokens_per_minute
    recent = (AICall.service == name, AICall.created_at > now - MINUTE)
    newest_first = AICall.created_at.desc()
    free_at = now
    if requests is not None:
        earliest = select(AICall.created_at).where(*recent).order_by(newest_first).offset(requests - 1).limit(1)
        if (moment := connection.scalar(earliest)) is not None:
            free_at = max(free_at, moment + MINUTE)
    if of_tokens is not None:
        # A request larger than the whole limit goes alone.
        room = of_tokens - min(tokens, of_tokens)
        if (connection.scalar(select(func.sum(AICall.expected_tokens)).where(*recent)) or 0) > room:
            total = 0
            for moment, amount in connection.execute(
                select(AICall.created_at, AICall.expected_tokens).where(*recent).order_by(newest_first)
            ):
                total += amount
                if total > room:
                    free_at = max(free_at, moment + MINUTE)
                    break
    return Wait((free_at - now).total_seconds()) if free_at > now else None


def _locked(session: Session, name: str) -> AIService:
    """The service's row, which nobody else changes or asks until this transaction is over."""
    wanted = select(AIService).where(AIService.name == name).with_for_update()
    found = session.scalar(wanted)
    if found is None:
        _open(session.connection(), name)
        found = session.scalars(wanted).one()
    return found


def _open(connection: Connection, name: str) -> None:
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    connection.execute(insert(AIService).values(name=name).on_conflict_do_nothing())
