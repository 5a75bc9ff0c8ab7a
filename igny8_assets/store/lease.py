"""The lease of a site: which run may write for it, by compare-and-swap, with a fencing token that only rises."""

from datetime import datetime, timedelta

from sqlalchemy import Float, bindparam, func, select, update
from sqlalchemy.orm import Session

from igny8_assets.store.database import Store
from igny8_assets.store.models import SiteLease

_LEASES = SiteLease.metadata.tables[SiteLease.__tablename__]
_HELD = (
    _LEASES.c.site_id == bindparam("site"),
    _LEASES.c.token == bindparam("held"),
    _LEASES.c.run_id.is_not(None),
)
# Every saving transaction begins with one of these: by the server's clock, without asking it first.
_HOLD_FOR = (
    update(_LEASES)
    .where(*_HELD)
    .values(expires_at=func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, bindparam("seconds", type_=Float)))
)
_HOLD_UNTIL = update(_LEASES).where(*_HELD).values(expires_at=bindparam("until"))


class LeaseLost(Exception):
    """Another run has taken the site; whoever meets this may write nothing more."""


def acquire(store: Store, session: Session, site_id: int, run_id: str, seconds: float) -> int | None:
    """Take a site's lease if nobody holds it.

    Returns:
        The fencing token, or nothing when another run holds the lease.
    """
    now = store.now(session)
    return session.execute(
        update(SiteLease)
        .where(SiteLease.site_id == site_id, (SiteLease.run_id.is_(None)) | (SiteLease.expires_at <= now))
        .values(token=SiteLease.token + 1, run_id=run_id, expires_at=now + timedelta(seconds=seconds))
        .returning(SiteLease.token)
    ).scalar_one_or_none()


def hold(store: Store, session: Session, site_id: int, token: int, seconds: float) -> None:
    """Prove that the lease is still held, and renew it: the first statement of every saving transaction.

    Raises:
        LeaseLost: the token is no longer the lease's.
    """
    known = {"site": site_id, "held": token}
    if store.is_sqlite:
        until = store.now(session) + timedelta(seconds=seconds)
        held = session.connection().execute(_HOLD_UNTIL, {**known, "until": until})
    else:
        held = session.connection().execute(_HOLD_FOR, {**known, "seconds": seconds})
    if held.rowcount != 1:
        raise LeaseLost


def has_run_out(held: SiteLease, run_id: str, now: datetime) -> bool:
    """Whether a run does not hold its site's lease any more."""
    return held.run_id != run_id or held.expires_at <= now


def take_turn(session: Session, site_id: int) -> None:
    """Wait for whoever else writes for a site, a run's saves included, until this transaction is over.

    Rows read after this are as the others left them, so that two changes of one row are both counted. SQLite has
    one writer at a time anyway.
    """
    session.execute(select(SiteLease.token).where(SiteLease.site_id == site_id).with_for_update())


def give_up(session: Session, site_id: int, token: int | None) -> None:
    """Release a lease; one that is no longer ours is left alone."""
    session.execute(update(SiteLease).where(SiteLease.site_id == site_id, SiteLease.token == token).values(run_id=None))


def revoke(session: Session, site_id: int, run_id: str) -> None:
    """Take the lease from a run that is dead; the token rises, so that a zombie of it can write nothing."""
    session.execute(
        update(SiteLease)
        .where(SiteLease.site_id == site_id, SiteLease.run_id == run_id)
        .values(run_id=None, token=SiteLease.token + 1)
    )
