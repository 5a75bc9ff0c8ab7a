"""Who may use the HTTP API and the page: keys, their sites and logins, and answers kept for repeated requests."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from igny8_assets.store.models.base import Base, Id, UtcDateTime, utc_now, word_type
from igny8_assets.store.models.sites import Account


class KeyRole(StrEnum):
    """What a key may do, each more than the one before: look; work on texts and steer runs; change settings."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"


class ApiKey(Base):
    """A key of an account; only its SHA-256 is kept. Its label names the person who decides with it."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    role: Mapped[KeyRole] = mapped_column(word_type(KeyRole, "key_role"), default=KeyRole.VIEWER)
    is_limited: Mapped[bool] = mapped_column(default=True)
    key_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    account: Mapped[Account] = relationship()
    sites: Mapped[list["KeySite"]] = relationship(order_by="KeySite.site_id")


class KeySite(Base):
    """A site for which a key is; a key without any is for all sites of its account."""

    __tablename__ = "api_key_site"

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)


class PageLogin(Base):
    """A browser that was let in with a key; only the SHA-256 of what its cookie holds is kept."""

    __tablename__ = "page_login"
    __table_args__ = (Index("ix_page_login_created_at", "created_at"),)

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class KeptAnswer(Base):
    """What a request with an Idempotency-Key was answered, written in the transaction that did what it asked for."""

    __tablename__ = "kept_answer"
    __table_args__ = (Index("ix_kept_answer_created_at", "created_at"),)

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[Any] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
