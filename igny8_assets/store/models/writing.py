"""Texts, their images, and what people decided about them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from igny8_assets.store.models.base import Attempted, Base, Counted, Id, UtcDateTime, utc_now, word_type
from igny8_assets.store.models.planning import Task


class ContentStatus(StrEnum):
    """Where a text stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"


class Illustration(StrEnum):
    """What a text still needs before it can be reviewed."""

    NEEDS_PROMPTS = "needs_prompts"
    NEEDS_IMAGES = "needs_images"
    READY = "ready"


class ImageStatus(StrEnum):
    """Where an image stands."""

    PENDING = "pending"
    GENERATED = "generated"
    FAILED = "failed"
    REMOVED = "removed"


class Decision(StrEnum):
    """What a person decided about a text."""

    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"
    EDITED = "edited"


class Content(Counted, Attempted, Base):
    """A text as it would be published.

    `task_attempt` is the attempt of the task that made it: one attempt makes one text. `reviewed_hash` is the
    content hash that a person looked at; a review counts only while it equals `content_hash`.
    """

    __tablename__ = "content"
    __table_args__ = (
        UniqueConstraint("site_id", "slug"),
        UniqueConstraint("task_id", "task_attempt"),
        Index("ix_content_status", "site_id", "status", "illustration"),
    )
    counted_as = "content"
    counted_by = ("status", "illustration", "failure_reason")

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    task_attempt: Mapped[int]
    title: Mapped[str] = mapped_column(String(150))
    slug: Mapped[str] = mapped_column(String(120))
    keyphrase: Mapped[str] = mapped_column(String(200))
    meta_title: Mapped[str] = mapped_column(String(150))
    meta_description: Mapped[str] = mapped_column(String(400))
    html: Mapped[str]
    json_ld: Mapped[str] = mapped_column(default="")
    outline: Mapped[list[str]] = mapped_column(JSON, default=list)
    word_count: Mapped[int]
    quality: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    provenance: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content_hash: Mapped[str] = mapped_column(String(64))
    illustration: Mapped[Illustration] = mapped_column(
        word_type(Illustration, "illustration"), default=Illustration.NEEDS_PROMPTS, active_history=True
    )
    status: Mapped[ContentStatus] = mapped_column(
        word_type(ContentStatus, "content_status"), default=ContentStatus.DRAFT, active_history=True
    )
    reviewer: Mapped[str | None] = mapped_column(String(120), default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reviewed_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    review_reason: Mapped[str | None] = mapped_column(default=None)
    published_url: Mapped[str | None] = mapped_column(String(2000), default=None)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("automation_run.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    task: Mapped[Task] = relationship()
    images: Mapped[list["Image"]] = relationship(back_populates="content", order_by="Image.id")

    @staticmethod
    def amounts(values: dict[str, Any]) -> dict[str, int]:
        """By status; drafts also by what they need, and those whose prompts failed apart."""
        amounts = {str(values["status"]): 1}
        if values["status"] == ContentStatus.DRAFT:
            failed = values["failure_reason"] and values["illustration"] == Illustration.NEEDS_PROMPTS
            amounts["prompts_failed" if failed else str(values["illustration"])] = 1
        return amounts


class Image(Counted, Attempted, Base):
    """A picture of a text; `location` is our own copy."""

    __tablename__ = "image"
    __table_args__ = (
        UniqueConstraint("content_id", "role"),
        Index("ix_image_status", "site_id", "status"),
        # Ids are part of the ledger's keys: that of a deleted image must never be given to another.
        {"sqlite_autoincrement": True},
    )
    counted_as = "image"
    counted_by = ("status",)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    content_id: Mapped[int] = mapped_column(ForeignKey("content.id"))
    role: Mapped[str] = mapped_column(String(20))
    prompt: Mapped[str] = mapped_column(String(1500))
    alt_text: Mapped[str] = mapped_column(String(125))
    caption: Mapped[str] = mapped_column(String(150), default="")
    location: Mapped[str | None] = mapped_column(String(2000), default=None)
    name: Mapped[str | None] = mapped_column(String(255), default=None)
    width: Mapped[int | None] = mapped_column(default=None)
    height: Mapped[int | None] = mapped_column(default=None)
    format: Mapped[str | None] = mapped_column(String(10), default=None)
    provider: Mapped[str | None] = mapped_column(String(20), default=None)
    sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    status: Mapped[ImageStatus] = mapped_column(
        word_type(ImageStatus, "image_status"), default=ImageStatus.PENDING, active_history=True
    )
    run_id: Mapped[str | None] = mapped_column(ForeignKey("automation_run.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    content: Mapped[Content] = relationship(back_populates="images")

    @staticmethod
    def amounts(values: dict[str, Any]) -> dict[str, int]:
        """By status; pending is what stage 6 has to do."""
        return {str(values["status"]): 1}


class ReviewDecision(Base):
    """One decision of one person about one exact text; never changed afterwards."""

    __tablename__ = "review_decision"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    content_id: Mapped[int] = mapped_column(ForeignKey("content.id"), index=True)
    decision: Mapped[Decision] = mapped_column(word_type(Decision, "decision"))
    reviewer: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
