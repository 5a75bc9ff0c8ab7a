"""Where a site's news is sent, and the outbox of messages on their way there."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from igny8_assets.store.models.base import Base, Id, UtcDateTime, utc_now, word_type
from igny8_assets.store.models.sites import Site


class ChannelKind(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SLACK = "slack"
    WEBHOOK = "webhook"


class NoticeEvent(StrEnum):
    """What a person may want to hear of."""

    RUN_COMPLETED = "run_completed"
    RUN_FAILED = "run_failed"
    RUN_PAUSED = "run_paused"
    RUN_SKIPPED = "run_skipped"
    REVIEW_READY = "review_ready"
    TEST = "test"


class NoticeStatus(StrEnum):
    """Where a message stands; a dead one was tried as often as is sensible."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class NoticeChannel(Base):
    """A site's address for messages about some events; a site without one is silent.

    `target` is an e-mail address or a URL, which for Slack is a secret itself; `secret` signs a webhook's messages.
    """

    __tablename__ = "notice_channel"
    __table_args__ = (UniqueConstraint("site_id", "kind", "target"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[ChannelKind] = mapped_column(word_type(ChannelKind, "channel_kind"))
    target: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str | None] = mapped_column(String(100), default=None)
    events: Mapped[list[str]] = mapped_column(JSON)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    site: Mapped[Site] = relationship()


class Notice(Base):
    """A message to one channel about one occurrence, written in the transaction in which that occurred.

    `key` names the occurrence: it is told to a channel once. `public_id` goes out with every attempt, so that a
    receiver knows a repeated message.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("channel_id", "key"),
        Index(
            "ix_notice_pending",
            "next_attempt_at",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    channel_id: Mapped[int] = mapped_column(ForeignKey("notice_channel.id"))
    event: Mapped[NoticeEvent] = mapped_column(word_type(NoticeEvent, "notice_event"))
    key: Mapped[str] = mapped_column(String(120))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[NoticeStatus] = mapped_column(word_type(NoticeStatus, "notice_status"), default=NoticeStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    error: Mapped[str | None] = mapped_column(String(200), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    channel: Mapped[NoticeChannel] = relationship()


__all__ = ["ChannelKind", "Notice", "NoticeChannel", "NoticeEvent", "NoticeStatus"]
