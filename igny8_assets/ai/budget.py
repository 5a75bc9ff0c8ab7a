"""The dollars of a day: what may be spent at most is set aside before a request is sent, so that no cap is overrun.

A day is one of UTC. A site's cap is in its automation settings, an account's counts all of its sites together.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
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


def is_capped(session: Session, site_id: int) -> bool:
    """Whether a cap in dollars holds for a site."""
    return _caps(session, site_id)[1:] != (None, None)


def reserve(session: Session, site_id: int, model: str, usd_pico: int | None, now: datetime) -> Reservation | Wait:
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
    account_id, account_cap, site_cap = _caps(session, site_id)
    if usd_pico is None and (site_cap is not None or account_cap is not None):
        raise Misconfigured(
            f"a daily cap in dollars is set, and {model} has no price; add it to the file that IGNY8_PRICES names"
        )
    if account_cap is not None:
        # Sites of one account take turns, so that each sees what the others have set aside.
        session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    siblings = select(Site.id).where(Site.account_id == account_id)
    for whose, cap, sites in (("site", site_cap, [site_id]), ("account", account_cap, siblings)):
        if cap is not None and not _has_room(session, whose, cap, sites, wanted, now):
            return Wait(SETTLING_SECONDS)
    _open_day(session, site_id, day)
    session.execute(
        update(DailyCost)
        .where(DailyCost.site_id == site_id, DailyCost.day == day)
        .values(possible_usd_pico=DailyCost.possible_usd_pico + wanted)
    )
    return Reservation(site_id, day, wanted)


def settle(session: Session, reservation: Reservation, usd_pico: int | None) -> None:
    """Put what a request cost in the place of what was set aside; an unknown cost stays possible."""
    if usd_pico is None or (usd_pico, reservation.usd_pico) == (0, 0):
        return
    session.execute(
        update(DailyCost)
        .where(DailyCost.site_id == reservation.site_id, DailyCost.day == reservation.day)
        .values(
            possible_usd_pico=DailyCost.possible_usd_pico - reservation.usd_pico,
            known_usd_pico=DailyCost.known_usd_pico + usd_pico,
        )
    )


def _caps(session: Session, site_id: int) -> tuple[int, int | None, int | None]:
    """The site's account, that account's cap, and the site's."""
    account_id, of_account, of_site = session.execute(
        select(Account.id, Account.daily_usd_cap_pico, AutomationConfig.daily_usd_cap_pico)
        .join(Site, Site.account_id == Account.id)
        .outerjoin(AutomationConfig, AutomationConfig.site_id == Site.id)
        .where(Site.id == site_id)
    ).one()
    return account_id, of_account, of_site


def _has_room(session: Session, whose: str, cap: int, sites: Any, wanted: int, now: datetime) -> bool:
    """Whether a request fits under a cap now; what is in flight may yet cost less than was set aside for it."""
    set_aside = DailyCost.known_usd_pico + DailyCost.possible_usd_pico
    spent = _total(session, set_aside, DailyCost.day == day_of(now), DailyCost.site_id.in_(sites))
    if spent + wanted <= cap:
        return True
    in_flight = _total(
        session,
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


def _total(session: Session, amount: Any, *conditions: Any) -> int:
    return int(session.scalar(select(func.sum(amount)).where(*conditions)) or 0)


def _open_day(session: Session, site_id: int, day: str) -> None:
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    values = {"site_id": site_id, "day": day, "known_usd_pico": 0, "possible_usd_pico": 0}
    session.execute(insert(DailyCost).values(values).on_conflict_do_nothing())
