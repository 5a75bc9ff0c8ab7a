"""Runs, their launches and stage results, the lease of a site, and the ledger."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from igny8_assets.store.models.base import Base, Id, UtcDateTime, utc_now, word_type
from igny8_assets.store.models.sites import Site


class RunStatus(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    SKIPPED = "skipped"


ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.PAUSED)


class Trigger(StrEnum):
    """What asked for a run."""

    MANUAL = "manual"
    SCHEDULED = "scheduled"
    BACKFILL = "backfill"


class Launcher(StrEnum):
    """Who turns a queued row into a Dagster run: the daemon, or the process that asked."""

    DAEMON = "daemon"
    PROCESS = "process"


class StopRequest(StrEnum):
    """What a person wants a run to do between items."""

    PAUSE = "pause"
    CANCEL = "cancel"


class EntryKind(StrEnum):
    """What a ledger entry is."""

    GRANT = "grant"
    RESERVE = "reserve"
    CHARGE = "charge"
    RELEASE = "release"
    REFUND = "refund"


ACTIVE_CLAUSE = text("status in ('queued', 'running', 'paused')")


class AutomationRun(Base):
    """One run of one site through the stages `first_stage` to `last_stage`; a site has one active run at most.

    `slot` is the moment for which a scheduled run stands; each becomes one run or one skipped row. When a launch dies,
    `recovered_progress` keeps how far the run was, and `idle_launches` how many died in a row without getting further.
    """

    __tablename__ = "automation_run"
    __table_args__ = (
        Index(
            "uq_automation_run_active_site",
            "site_id",
            unique=True,
            sqlite_where=ACTIVE_CLAUSE,
            postgresql_where=ACTIVE_CLAUSE,
        ),
        Index("ix_automation_run_history", "site_id", "requested_at"),
        Index("uq_automation_run_slot", "site_id", "slot", unique=True),
        CheckConstraint("first_stage between 1 and 7 and last_stage between first_stage and 7", name="stages"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    trigger: Mapped[Trigger] = mapped_column(word_type(Trigger, "trigger"))
    launcher: Mapped[Launcher] = mapped_column(word_type(Launcher, "launcher"))
    launch: Mapped[int] = mapped_column(default=1)
    status: Mapped[RunStatus] = mapped_column(word_type(RunStatus, "run_status"), default=RunStatus.QUEUED)
    first_stage: Mapped[int] = mapped_column(default=1)
    last_stage: Mapped[int] = mapped_column(default=7)
    current_stage: Mapped[int] = mapped_column(default=1)
    stop_request: Mapped[StopRequest | None] = mapped_column(word_type(StopRequest, "stop_request"), default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    lease_token: Mapped[int | None] = mapped_column(default=None)
    recovered_progress: Mapped[int] = mapped_column(default=0)
    idle_launches: Mapped[int] = mapped_column(default=0)
    parent_run_id: Mapped[str | None] = mapped_column(ForeignKey("automation_run.id"), default=None)
    total_credits_tenths: Mapped[int] = mapped_column(Id, default=0)
    slot: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    site: Mapped[Site] = relationship()
    launches: Mapped[list["RunLaunch"]] = relationship(order_by="RunLaunch.launch")
    stages: Mapped[list["StageResult"]] = relationship(order_by="StageResult.stage")


class RunLaunch(Base):
    """A Dagster run that carries a launch of ours, and the process that executes it."""

    __tablename__ = "run_launch"

    run_id: Mapped[str] = mapped_column(ForeignKey("automation_run.id"), primary_key=True)
    launch: Mapped[int] = mapped_column(primary_key=True)
    dagster_run_id: Mapped[str] = mapped_column(String(36), unique=True)
    host: Mapped[str] = mapped_column(String(255))
    process_id: Mapped[int]
    process_started_ms: Mapped[int] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class StageResult(Base):
    """What a stage has done in a run, written with every save: "`done` of `total`" and the counts so far."""

    __tablename__ = "stage_result"
    __table_args__ = (CheckConstraint("stage between 1 and 7", name="stage"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("automation_run.id"), primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seconds: Mapped[float] = mapped_column(default=0.0)
    finished: Mapped[bool] = mapped_column(default=False)


class SiteLease(Base):
    """Which run may write for a site. `token` only rises: a holder with an older one can write nothing more."""

    __tablename__ = "site_lease"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    token: Mapped[int] = mapped_column(default=0)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("automation_run.id"), default=None)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CreditEntry(Base):
    """One line of an account's ledger, in tenths of a credit; lines are only added."""

    __tablename__ = "credit_entry"
    __table_args__ = (
        Index("ix_credit_entry_run", "run_id", "stage"),
        # What a site, or an account, spent since midnight.
        Index("ix_credit_entry_site_day", "site_id", "created_at"),
        Index("ix_credit_entry_account_day", "account_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), default=None)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("automation_run.id"), default=None)
    stage: Mapped[int | None] = mapped_column(default=None)
    item: Mapped[str | None] = mapped_column(String(80), default=None)
    kind: Mapped[EntryKind] = mapped_column(word_type(EntryKind, "entry_kind"))
    amount_tenths: Mapped[int] = mapped_column(Id)
    idempotency_key: Mapped[str] = mapped_column(String(255), unique=True)
    note: Mapped[str | None] = mapped_column(String(255), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


__all__ = [
    "ACTIVE",
    "AutomationRun",
    "CreditEntry",
    "EntryKind",
    "Launcher",
    "RunLaunch",
    "RunStatus",
    "SiteLease",
    "StageResult",
    "StopRequest",
    "Trigger",
]
