"""The dollars of a day: what may be spent at most is set aside before a request is sent, so that no cap is overrun.

A day is one of UTC. A site's cap is in its automation settings, an account's counts all of its sites together.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from igny8_assets.ai.provider import Misconfigured
from igny8_assets.store.amounts import usd_text
from igny8_assets.store.models import Account, AutomationConfig, DailyCost, Site


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


def reserve(session: Session, site_id: int, model: str, usd_pico: int | None, now: datetime) -> Reservation:
    """Set the most that a request may cost aside, in the transaction that stores it as sent.

    Args:
        usd_pico: that cost; nothing when the model has no price.

    Raises:
        BudgetReached: the site's or the account's cap of this day would be overrun.
        Misconfigured: there is a cap, and the model has no price to hold it by.
    """
    day = day_of(now)
    account_id, account_cap, site_cap = session.execute(
        select(Account.id, Account.daily_usd_cap_pico, AutomationConfig.daily_usd_cap_pico)
        .join(Site, Site.account_id == Account.id)
        .outerjoin(AutomationConfig, AutomationConfig.site_id == Site.id)
        .where(Site.id == site_id)
    ).one()
    if usd_pico is None and (site_cap is not None or account_cap is not None):
        raise Misconfigured(
            f"a daily cap in dollars is set, and {model} has no price; add it to the file that IGNY8_PRICES names"
        )
    if account_cap is not None:
        # Sites of one account take turns, so that each sees what the others have set aside.
        session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    _open_day(session, site_id, day)
    session.execute(
        update(DailyCost)
        .where(DailyCost.site_id == site_id, DailyCost.day == day)
        .values(possible_usd_pico=DailyCost.possible_usd_pico + (usd_pico or 0))
    )
    of_day = select(func.sum(DailyCost.known_usd_pico + DailyCost.possible_usd_pico)).where(DailyCost.day == day)
    if site_cap is not None:
        spent = session.scalar(of_day.where(DailyCost.site_id == site_id))
        _hold(int(spent or 0), site_cap, "site", usd_pico or 0)
    if account_cap is not None:
        mine = select(Site.id).where(Site.account_id == account_id)
        spent = session.scalar(of_day.where(DailyCost.site_id.in_(mine)))
        _hold(int(spent or 0), account_cap, "account", usd_pico or 0)
    return Reservation(site_id, day, usd_pico or 0)


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


def _hold(spent: int, cap: int, whose: str, wanted: int) -> None:
    if spent > cap:
        raise BudgetReached(
            f"the {whose}'s cap of {usd_text(cap)} a day is reached: {usd_text(spent - wanted)} spent or possible, "
            f"the next request may cost {usd_text(wanted)}"
        )


def _open_day(session: Session, site_id: int, day: str) -> None:
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    values = {"site_id": site_id, "day": day, "known_usd_pico": 0, "possible_usd_pico": 0}
    session.execute(insert(DailyCost).values(values).on_conflict_do_nothing())
