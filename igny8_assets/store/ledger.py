"""Credits: an append-only ledger in integers of tenths; a balance is the sum of its account's entries.

A price is reserved when an item is taken, charged in the transaction that saves the rows it paid for, and what
was reserved is released in the same transaction; an item that saves nothing has its reservation released alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from igny8_assets.errors import NotFound, UserError
from igny8_assets.store.models import ACTIVE, Account, AutomationConfig, AutomationRun, CreditEntry, EntryKind, utc_now

LARGEST_GRANT_TENTHS = 10**15


_ACCOUNTS, _RUNS = (model.metadata.tables[model.__tablename__] for model in (Account, AutomationRun))
# Statements that go with every item are put together once: that takes longer than to execute them.
_MOVE = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.id == bindparam("account"), _ACCOUNTS.c.balance_tenths + bindparam("tenths") >= 0)
    .values(balance_tenths=_ACCOUNTS.c.balance_tenths + bindparam("tenths"))
)
_CHARGE_RUN = (
    update(_RUNS)
    .where(_RUNS.c.id == bindparam("run"))
    .values(total_credits_tenths=_RUNS.c.total_credits_tenths + bindparam("charged"))
)
_CAPS = (
    select(AutomationConfig.daily_credits_cap_tenths, Account.daily_credits_cap_tenths)
    .join(Account, Account.id == bindparam("account"))
    .where(AutomationConfig.site_id == bindparam("site"))
)
_ENTRY = insert(CreditEntry.metadata.tables[CreditEntry.__tablename__])


class InsufficientCredits(Exception):
    """An account's balance does not cover a reservation; nothing was written."""


class CapReached(Exception):
    """A cap of the day leaves no room for a reservation; nothing was written. The message is the reason."""


@dataclass(frozen=True)
class Work:
    """A piece of work that costs credits. Its key `site:stage:item:attempt` can be charged once."""

    account_id: int
    site_id: int
    site: str
    run_id: str
    launch: int
    stage: int
    item: str
    attempt: int

    @property
    def key(self) -> str:
        """The idempotency key of its charge."""
        return f"{self.site}:{self.stage}:{self.item}:{self.attempt}"

    @property
    def reservation_key(self) -> str:
        """The idempotency key of its reservation; a later launch reserves anew."""
        return f"reserve:{self.key}:{self.run_id}:{self.launch}"


def _release_key(reservation_key: str) -> str:
    return "release:" + reservation_key


def grant(session: Session, account_id: int, tenths: int, *, key: str, note: str | None = None) -> bool:
    """Give an account credits.

    Args:
        tenths: how much, in tenths of a credit; more than zero.
        key: the same key gives once; giving again is no error.

    Returns:
        Whether this call gave them.

    Raises:
        UserError: the amount is not positive or absurdly large, or the key gave another amount or account before.
    """
    if not 0 < tenths <= LARGEST_GRANT_TENTHS:
        raise UserError("a grant must be more than 0 and at most 100,000,000,000,000 credits")
    earlier = session.scalar(select(CreditEntry).where(CreditEntry.idempotency_key == f"grant:{key}"))
    if earlier is not None:
        if (earlier.account_id, earlier.amount_tenths) != (account_id, tenths):
            raise UserError(f"the key {key!r} was used for another grant; choose a new key for a new one")
        return False
    _move(session, account_id, tenths)
    session.add(
        CreditEntry(
            account_id=account_id,
            kind=EntryKind.GRANT,
            amount_tenths=tenths,
            idempotency_key=f"grant:{key}",
            note=note,
        )
    )
    return True


def reserve(session: Session, work: Work, tenths: int) -> None:
    """Set the price of a piece of work aside.

    Raises:
        InsufficientCredits: the balance is smaller than the price.
        CapReached: the site's or the account's cap of this day (UTC) would be overrun.
    """
    _hold_caps(session, work, tenths)
    _move(session, work.account_id, -tenths)
    _enter(session, _entry(work, EntryKind.RESERVE, -tenths, work.reservation_key))


def settle(session: Session, work: Work, reserved: int, charged: int) -> None:
    """Charge a piece of work, giving back what was reserved for it; `charged` is at most `reserved`."""
    if not 0 <= charged <= reserved:
        raise ValueError(f"charged {charged} of {reserved} tenths reserved for {work.key}")
    if reserved > charged:
        _move(session, work.account_id, reserved - charged)
    release = _entry(work, EntryKind.RELEASE, reserved, _release_key(work.reservation_key))
    if not charged:
        _enter(session, release)
        return
    _enter(session, release, _entry(work, EntryKind.CHARGE, -charged, work.key))
    session.connection().execute(_CHARGE_RUN, {"run": work.run_id, "charged": charged})


def release_open(session: Session, run_id: str) -> int:
    """Give back every reservation of a run that was neither settled nor released.

    Returns:
        How many tenths were given back.
    """
    released = aliased(CreditEntry)
    reservations = session.scalars(
        select(CreditEntry).where(
            CreditEntry.run_id == run_id,
            CreditEntry.kind == EntryKind.RESERVE,
            ~select(released.id).where(released.idempotency_key == "release:" + CreditEntry.idempotency_key).exists(),
        )
    ).all()
    for entry in reservations:
        _move(session, entry.account_id, -entry.amount_tenths)
        session.add(
            CreditEntry(
                account_id=entry.account_id,
                site_id=entry.site_id,
                run_id=entry.run_id,
                stage=entry.stage,
                item=entry.item,
                kind=EntryKind.RELEASE,
                amount_tenths=-entry.amount_tenths,
                idempotency_key=_release_key(entry.idempotency_key),
            )
        )
    return -sum(entry.amount_tenths for entry in reservations)


def balance(session: Session, account_id: int) -> int:
    """What an account can still spend, in tenths."""
    found = session.scalar(select(Account.balance_tenths).where(Account.id == account_id))
    if found is None:
        raise NotFound(f"there is no account {account_id}")
    return found


def sum_of_entries(session: Session, account_id: int) -> int:
    """The sum of an account's entries, in tenths: what its balance must equal."""
    total = session.scalar(select(func.sum(CreditEntry.amount_tenths)).where(CreditEntry.account_id == account_id))
    return int(total or 0)


def spent_since(session: Session, moment: datetime, *, account_id: int, site_id: int | None = None) -> int:
    """What a site of an account, or the whole account, was charged since a moment and has reserved now, in tenths."""
    mine = [CreditEntry.account_id == account_id]
    active = select(AutomationRun.id).where(AutomationRun.account_id == account_id, AutomationRun.status.in_(ACTIVE))
    if site_id is not None:
        mine.append(CreditEntry.site_id == site_id)
        active = active.where(AutomationRun.site_id == site_id)
    charged = select(func.sum(CreditEntry.amount_tenths)).where(
        *mine, CreditEntry.kind == EntryKind.CHARGE, CreditEntry.created_at >= moment
    )
    # Whenever it was reserved, it will be charged now; a release of today gives no room that was taken yesterday.
    reserved = select(func.sum(CreditEntry.amount_tenths)).where(
        *mine, CreditEntry.kind.in_([EntryKind.RESERVE, EntryKind.RELEASE]), CreditEntry.run_id.in_(active)
    )
    return -int(session.scalar(charged) or 0) - int(session.scalar(reserved) or 0)


def _hold_caps(session: Session, work: Work, tenths: int) -> None:
    caps = session.connection().execute(_CAPS, {"account": work.account_id, "site": work.site_id}).first()
    if caps is None or caps == (None, None):
        return
    # Sites of one account take turns, so that each sees what the others have reserved.
    session.execute(select(Account.id).where(Account.id == work.account_id).with_for_update())
    midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    for whose, cap, site_id in (("site", caps[0], work.site_id), ("account", caps[1], None)):
        if cap is None:
            continue
        spent = spent_since(session, midnight, account_id=work.account_id, site_id=site_id)
        if spent + tenths > cap:
            raise CapReached(
                f"the {whose}'s cap of {cap / 10} credits a day leaves {max(0, cap - spent) / 10}, "
                f"the next item costs {tenths / 10}"
            )


def _entry(work: Work, kind: EntryKind, tenths: int, key: str) -> dict[str, Any]:
    return {
        "account_id": work.account_id,
        "site_id": work.site_id,
        "run_id": work.run_id,
        "stage": work.stage,
        "item": work.item,
        "kind": kind,
        "amount_tenths": tenths,
        "idempotency_key": key,
    }


def _enter(session: Session, *entries: dict[str, Any]) -> None:
    session.connection().execute(_ENTRY, entries)


def _move(session: Session, account_id: int, tenths: int) -> None:
    moved = session.connection().execute(_MOVE, {"account": account_id, "tenths": tenths})
    if moved.rowcount != 1:
        raise InsufficientCredits
