"""Requests to AI providers: each one a row, what the services were found to take, and what a day cost."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from igny8_assets.store.models.base import Base, Id, UtcDateTime, utc_now, word_type


class CallStatus(StrEnum):
    """Where a request to a provider stands; `unknown` was sent and nobody knows what became of it."""

    SENT = "sent"
    ANSWERED = "answered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class AICall(Base):
    """One request to a provider and its answer. `work_key` is the piece of work: site, stage, item and attempt.

    Costs are in 10⁻¹² dollar. `reserved_usd_pico` is the most that the request was expected to cost; it counts as
    possible cost until `cost_usd_pico` is known. `expected_tokens` stands for its tokens until they are counted.
    A call holds a place at its `service` until it is answered, or until its `deadline`.
    """

    __tablename__ = "ai_call"
    __table_args__ = (
        Index("ix_ai_call_replay", "work_key", "function", "input_hash"),
        Index("ix_ai_call_run", "run_id", "status"),
        Index("ix_ai_call_site_day", "site_id", "created_at"),
        Index("ix_ai_call_pace", "service", "created_at"),
        Index(
            "ix_ai_call_in_flight",
            "service",
            "deadline",
            sqlite_where=text("status = 'sent'"),
            postgresql_where=text("status = 'sent'"),
        ),
        UniqueConstraint("work_key", "function", "input_hash", "model", "prompt_version", "try_number", "launch"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    run_id: Mapped[str] = mapped_column(ForeignKey("automation_run.id"))
    launch: Mapped[int]
    stage: Mapped[int]
    work_key: Mapped[str] = mapped_column(String(200))
    function: Mapped[str] = mapped_column(String(40))
    provider: Mapped[str] = mapped_column(String(20))
    service: Mapped[str] = mapped_column(String(400), default="")
    model: Mapped[str] = mapped_column(String(120))
    prompt_version: Mapped[int]
    input_hash: Mapped[str] = mapped_column(String(64))
    try_number: Mapped[int]
    status: Mapped[CallStatus] = mapped_column(word_type(CallStatus, "call_status"), default=CallStatus.SENT)
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    expected_tokens: Mapped[int] = mapped_column(default=0)
    tokens_in: Mapped[int] = mapped_column(default=0)
    tokens_cached: Mapped[int] = mapped_column(default=0)
    tokens_out: Mapped[int] = mapped_column(default=0)
    images: Mapped[int] = mapped_column(default=0)
    latency_ms: Mapped[int | None] = mapped_column(default=None)
    reserved_usd_pico: Mapped[int] = mapped_column(Id, default=0)
    cost_usd_pico: Mapped[int | None] = mapped_column(Id, default=None)
    price_version: Mapped[str | None] = mapped_column(String(40), default=None)
    response: Mapped[str | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class AIService(Base):
    """What was learned about a model at a service, by every process of the installation.

    `schema_dialect` is the most binding format it takes, `limit_parameter` what bounds the length of an answer. After
    it said that it is busy, at most `width_thousandths` / 1000 requests are sent at once, none before `blocked_until`;
    both widen again as answers come.
    """

    __tablename__ = "ai_service"

    name: Mapped[str] = mapped_column(String(400), primary_key=True)
    schema_dialect: Mapped[str | None] = mapped_column(String(20), default=None)
    limit_parameter: Mapped[str | None] = mapped_column(String(30), default=None)
    width_thousandths: Mapped[int | None] = mapped_column(default=None)
    narrowed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class DailyCost(Base):
    """What a site's calls of one day (UTC, `YYYY-MM-DD`) cost, in 10⁻¹² dollar: known, and possible beyond that."""

    __tablename__ = "daily_cost"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    known_usd_pico: Mapped[int] = mapped_column(Id, default=0)
    possible_usd_pico: Mapped[int] = mapped_column(Id, default=0)


__all__ = ["AICall", "AIService", "CallStatus", "DailyCost"]
