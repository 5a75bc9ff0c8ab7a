"""Logins to the page: a key that was shown once lets its browser in until it logs out, or the time is over."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from igny8_assets.automation.keys import digest_of
from igny8_assets.store.models import ApiKey, PageLogin, utc_now

SECONDS = 12 * 3600
"""How long a login lasts."""
_BYTES = 32


def add_login(session: Session, key: ApiKey) -> str:
    """Let in who showed the key; logins that are over are forgotten.

    Returns:
        What the browser shows from now on; only its digest is kept.
    """
    session.execute(delete(PageLogin).where(PageLogin.created_at <= _earliest()))
    token = secrets.token_urlsafe(_BYTES)
    session.add(PageLogin(token_sha256=digest_of(token), api_key_id=key.id))
    return token


def end_login(session: Session, token: str) -> None:
    """Let in no more who shows this."""
    session.execute(delete(PageLogin).where(PageLogin.token_sha256 == digest_of(token)))


def key_of_login(session: Session, token: str) -> ApiKey | None:
    """The key of who is logged in, unless the login is over or the key was revoked."""
    valid = (
        select(ApiKey)
        .join(PageLogin, PageLogin.api_key_id == ApiKey.id)
        .where(PageLogin.token_sha256 == digest_of(token), PageLogin.created_at > _earliest())
        .where(ApiKey.revoked_at.is_(None))
        .options(joinedload(ApiKey.sites))
    )
    return session.scalars(valid).unique().one_or_none()


def logins_of(session: Session, account_id: int) -> frozenset[str]:
    """The digests of an account's logins that are not over."""
    valid = (
        select(PageLogin.token_sha256)
        .join(ApiKey, PageLogin.api_key_id == ApiKey.id)
        .where(ApiKey.account_id == account_id, ApiKey.revoked_at.is_(None), PageLogin.created_at > _earliest())
    )
    return frozenset(session.scalars(valid))


def _earliest() -> datetime:
    return utc_now() - timedelta(seconds=SECONDS)
