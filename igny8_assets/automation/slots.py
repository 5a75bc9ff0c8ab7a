"""When a site is due next: its calendar rule, in its own time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, floor
from typing import assert_never
from zoneinfo import ZoneInfo

from igny8_assets.store.models import AutomationConfig, Frequency, Site


@dataclass(frozen=True)
class Rule:
    """Every day, every week on a weekday (0 is Monday), or every month on a day (or its last day), at a local time."""

    frequency: Frequency
    time: time
    weekday: int
    day_of_month: int
    zone: ZoneInfo

    @classmethod
    def of(cls, config: AutomationConfig, site: Site) -> "Rule":
        """The rule of a site's settings."""
        return cls(
            config.frequency, config.scheduled_time, config.weekday, config.day_of_month, ZoneInfo(site.time_zone)
        )


def next_slot(rule: Rule, after: datetime) -> datetime:
    """The first slot later than a moment, in UTC.

    A local time that does not exist on its day is due at the first instant after the gap; one that occurs twice is
    due the first time.
    """
    # A day before: a calendar day that a zone left out altogether is due on the day that follows it.
    first = after.astimezone(rule.zone).date() - timedelta(days=1)
    slots = (_instant(datetime.combine(day, rule.time), rule.zone) for day in _days(rule, first))
    return next(slot for slot in slots if slot > after)


def _days(rule: Rule, first: date) -> Iterator[date]:
    """The days of the rule from `first` on."""
    match rule.frequency:
        case Frequency.DAILY:
            step, day = 1, first
        case Frequency.WEEKLY:
            step, day = 7, first + timedelta(days=(rule.weekday - first.weekday()) % 7)
        case Frequency.MONTHLY:
            yield from (day for day in _monthly(rule.day_of_month, first) if day >= first)
            return
        case _:
            assert_never(rule.frequency)
    while True:
        yield day
        day += timedelta(days=step)


def _monthly(day_of_month: int, first: date) -> Iterator[date]:
    month = first.replace(day=1)
    while True:
        following = (month + timedelta(days=31)).replace(day=1)
        yield min(month + timedelta(days=day_of_month - 1), following - timedelta(days=1))
        month = following


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment of a local time, in UTC."""
    # Fold 0 reads a time in a gap by the offset before it, fold 1 by the one after it (PEP 495).
    by_offset_before = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    by_offset_after = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if by_offset_before <= by_offset_after:
        return by_offset_before
    return _end_of_gap(floor(by_offset_after.timestamp()), ceil(by_offset_before.timestamp()), zone)


def _end_of_gap(before: int, after: int, zone: ZoneInfo) -> datetime:
    """The first second with the offset of `after`, which `before` has not yet."""
    offset = _offset(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offset:
            after = middle
        else:
            before = middle
    return datetime.fromtimestamp(after, UTC)


def _offset(timestamp: int, zone: ZoneInfo) -> timedelta | None:
    return datetime.fromtimestamp(timestamp, zone).utcoffset()
