"""The dollars of a day: what may be spent at most is set aside before a request is sent, so that no cap is overrun.

A day is one of UTC. A site's cap is in its automation settings, an account's counts all of its sites together.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from igny8_assets.ai.pace import Wait
from igny8_assets.ai.provider import Misconfigured
from igny8_assets.store.amounts import usd_text
from igny8_assets.store.models import Account, AICall, AutomationConfig, CallStatus, DailyCost, Site

SETTLING_SECONDS = 0.2
"""When what is in flight leaves no room under a cap: how long until some of it may be known."""


class BudgetReached(Exception):
    """A cap of the day leaves no room for the next request; the message is the reason that a person reads."""


@dataclass(frozen=True)
class Reservation:
    """What was set aside for a request, in 10⁻¹² dollar, and on which day."""

    site_id: int
    day: str
    usd_pico: int


def day_of(moment: datetime) -> str:
    """The UTC day of a moment, `YYYY-MM-DD`."""
    return moment.strftime("%Y-%m-%d")


# Statements that go with every request are put together once: that takes longer than to execute them.
_CAPS = (
    select(Account.id, Account.daily_usd_cap_pico, AutomationConfig.daily_usd_cap_pico)
    .join(Site, Site.account_id == Account.id)
    .outerjoin(AutomationConfig, AutomationConfig.site_id == Site.id)
    .where(Site.id == bindparam("site"))
)
_DAYS = DailyCost.metadata.tables[DailyCost.__tablename__]
_OF_DAY = (_DAYS.c.site_id == bindparam("site")) & (_DAYS.c.day == bindparam("of"))
_ADD = (
    update(_DAYS)
    .where(_OF_DAY)
    .values(
        known_usd_pico=_DAYS.c.known_usd_pico + bindparam("known"),
        possible_usd_pico=_DAYS.c.possible_usd_pico + bindparam("possible"),
    )
)


def is_capped(session: Session, site_id: int) -> bool:
    """Whether a cap in dollars holds for a site."""
    return _caps(session.connection(), site_id)[1:] != (None, None)


def reserve(
    connection: Connection, site_id: int, model: str, usd_pico: int | None, now: datetime
) -> Reservation | Wait:
    """Set the most that a request may cost aside, in the transaction that stores it as sent.

    Args:
        usd_pico: that cost; nothing when the model has no price.

    Returns:
        What was set aside, or how long to wait when only requests in flight leave no room.

    Raises:
        BudgetReached: the site's or the account's cap of this day would be overrun.
        Misconfigured: there is a cap, and the model has no price to hold it by.
    """
    day, wanted = day_of(now), usd_pico or 0
    account_id, account_cap, site_cap = _caps(connection, site_id)
    if usd_pico is None and (site_cap is not None or account_cap is not None):
        raise Misconfigured(
            f"a daily cap in dollars is set, and {model} has no price; add it to the file that IGNY8_PRICES names"
        )
    if account_cap is not None:
        # Sites of one account take turns, so that each sees what the others have set aside.
        connection.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    siblings = select(Site.id).where(Site.account_id == account_id)
    for whose, cap, sites in (("site", site_cap, [site_id]), ("account", account_cap, siblings)):
        if cap is not None and not _has_room(connection, whose, cap, sites, wanted, now):
            return Wait(SETTLING_SECONDS)
    if wanted and not _add(connection, site_id, day, possible=wanted):
        _open_day(connection, site_id, day)
        _add(connection, site_id, day, possible=wanted)
    return Reservation(site_id, day, wanted)


def settle(connection: Connection, reservation: Reservation, usd_pico: int | None) -> None:
    """Put what a request cost in the place of what was set aside; an unknown cost stays possible."""
    site_id, day = reservation.site_id, reservation.day
    if usd_pico is None or (usd_pico, reservation.usd_pico) == (0, 0):
        return
    if not _add(connection, site_id, day, known=usd_pico, possible=-reservation.usd_pico):
        _open_day(connection, site_id, day)
        _add(connection, site_id, day, known=usd_pico, possible=-reservation.usd_pico)


def _add(connection: Connection, site_id: int, day: str, *, known: int = 0, possible: int = 0) -> bool:
    """Add to the figures of a day, if it has any."""
    added = {"site": site_id, "of": day, "known": known, "possible": possible}
    return connection.execute(_ADD, added).rowcount == 1


def _caps(connection: Connection, site_id: int) -> tuple[int, int | None, int | None]:
    """The site's account, that account's cap, and the site's."""
    account_id, of_account, of_site = connection.execute(_CAPS, {"site": site_id}).one()
    return account_id, of_account, of_site


def _has_room(connection: Connection, whose: str, cap: int, sites: Any, wanted: int, now: datetime) -> bool:
    """Whether a request fits under a cap now; what is in flight may yet cost less than was set aside for it."""
    set_aside = DailyCost.known_usd_pico + DailyCost.possible_usd_pico
    spent = _total(connection, set_aside, DailyCost.day == day_of(now), DailyCost.site_id.in_(sites))
    if spent + wanted <= cap:
        return True
    in_flight = _total(
        connection,
        AICall.reserved_usd_pico,
        AICall.status == CallStatus.SENT,
        AICall.deadline > now,
        AICall.site_id.in_(sites),
    )
    if spent - in_flight + wanted <= cap:
        return False
    raise BudgetReached(
        f"the {whose}'s cap of {usd_text(cap)} a day is reached: {usd_text(spent)} spent or possible, "
        f"the next request may cost {usd_text(wanted)}"
    )


def _total(connection: Connection, amount: Any, *conditions: Any) -> int:
    return int(connection.scalar(select(func.sum(amount)).where(*conditions)) or 0)


def _open_day(connection: Connection, site_id: int, day: str) -> None:
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    values = {"site_id": site_id, "day": day, "known_usd_pico": 0, "possible_usd_pico": 0}
    connection.execute(insert(DailyCost).values(values).on_conflict_do_nothing())
