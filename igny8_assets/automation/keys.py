"""Keys of the HTTP API and the page: making them, revoking them, and finding who shows one."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from igny8_assets.errors import NotFound, UserError
from igny8_assets.store.models import Account, ApiKey, KeyRole, KeySite, Site, utc_now

PREFIX = "igny8_"
"""What every key begins with, so that one that leaked can be recognised."""
_BYTES = 32
LONGEST_LABEL = 80
_RANK = {role: place for place, role in enumerate(KeyRole)}


@dataclass(frozen=True)
class NewKey:
    """A key that was just made: its row, and the key itself, which is shown this once."""

    row: ApiKey
    secret: str


def covers(role: KeyRole, needed: KeyRole) -> bool:
    """Whether a role may do what another may."""
    return _RANK[role] >= _RANK[needed]


def add_key(
    session: Session,
    account: Account,
    label: str,
    role: KeyRole,
    sites: Sequence[Site] = (),
    *,
    is_limited: bool = True,
) -> NewKey:
    """Make a key.

    Args:
        label: the person or program that uses it; recorded with what it decides.
        sites: the only sites it is for; without any, all of the account, those added later too.
        is_limited: whether its requests are limited in number.

    Raises:
        UserError: the label is empty or too long, or a site is not the account's.
    """
    label = label.strip()
    if not 1 <= len(label) <= LONGEST_LABEL or not label.isprintable():
        raise UserError(f"a key's label has 1 to {LONGEST_LABEL} printable characters; name who will use it")
    for site in sites:
        if site.account_id != account.id:
            raise UserError(f"site {site.slug!r} is not of account {account.name!r}; name its own by --account")
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    row = ApiKey(account_id=account.id, label=label, role=role, is_limited=is_limited, key_sha256=digest_of(secret))
    row.sites = [KeySite(site_id=site_id) for site_id in sorted({site.id for site in sites})]
    session.add(row)
    session.flush()
    return NewKey(row, secret)


def revoke_key(session: Session, key_id: int) -> bool:
    """End a key; whoever logged in with it is out at their next request.

    Returns:
        Whether it was valid until now.

    Raises:
        NotFound: there is no such key.
    """
    row = session.get(ApiKey, key_id)
    if row is None:
        raise NotFound(f"there is no key {key_id}; `igny8 key list` shows them")
    was_valid = row.revoked_at is None
    if was_valid:
        row.revoked_at = utc_now()
    return was_valid


def digest_of(secret: str) -> str:
    """What is kept of a key. It is 32 random bytes, so a fast digest is as safe as a slow one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def find_key(session: Session, secret: str) -> ApiKey | None:
    """The key that someone shows, unless there is none such or it was revoked."""
    # Every request asks for a key and its sites: one statement gives both.
    shown = select(ApiKey).where(ApiKey.key_sha256 == digest_of(secret), ApiKey.revoked_at.is_(None))
    valid = shown.options(joinedload(ApiKey.sites))
    return session.scalars(valid).unique().one_or_none()
