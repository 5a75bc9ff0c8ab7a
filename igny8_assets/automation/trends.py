"""How a site fares: what each day cost, and how far along the pipeline its rows have come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.ai.spending import Spent
from igny8_assets.automation.costs import costs_of, utc_day
from igny8_assets.store import counters
from igny8_assets.store.models import (
    ContentStatus,
    CreditEntry,
    EntryKind,
    IdeaStatus,
    KeywordStatus,
    Site,
    TaskStatus,
)


@dataclass(frozen=True)
class DaySpent:
    """What a day of UTC cost: credits charged, in tenths, and dollars known and possible beyond, in 10⁻¹²."""

    day: date
    tenths: int
    usd_pico: int
    possible_usd_pico: int


def spent_daily(session: Session, site: Site, last: date, days: int) -> list[DaySpent]:
    """What each of so many days cost up to the last one, those without a cost among them."""
    shown = [last - timedelta(days=back) for back in reversed(range(days))]
    since = datetime.combine(shown[0], time(), UTC)
    day = utc_day(session, CreditEntry.created_at)
    charged = (
        select(day, func.sum(CreditEntry.amount_tenths))
        .where(
            CreditEntry.site_id == site.id,
            CreditEntry.kind.in_([EntryKind.CHARGE, EntryKind.REFUND]),
            CreditEntry.created_at >= since,
        )
        .group_by(day)
    )
    tenths = {str(name): -int(amount) for name, amount in session.execute(charged)}
    spent = {cost.label: cost.spent for cost in costs_of(session, site, by="day", since=since)}
    return [
        DaySpent(
            one,
            tenths.get(one.isoformat(), 0),
            spent.get(one.isoformat(), Spent()).known_usd_pico,
            spent.get(one.isoformat(), Spent()).possible_usd_pico,
        )
        for one in shown
    ]


def funnel(session: Session, site: Site) -> dict[str, int]:
    """How many of a site's rows have come how far, by the name of the step, from the counters alone.

    A text counts as approved when it was published since; ignored keywords and dropped ideas count where they were.
    """
    counted = counters.read(session, site.id)

    def sum_of(entity: str, statuses: Iterable[StrEnum]) -> int:
        return sum(counted[entity, status.value] for status in statuses)

    published = ContentStatus.PUBLISHED
    return {
        "keywords": sum_of("keyword", KeywordStatus),
        "clustered": sum_of("keyword", [KeywordStatus.MAPPED]),
        "ideas": sum_of("idea", IdeaStatus),
        "tasks": sum_of("task", TaskStatus),
        "drafts": sum_of("content", ContentStatus),
        "approved": sum_of("content", [ContentStatus.APPROVED, published]),
        "published": sum_of("content", [published]),
    }
