"""When a site is due: the same moments that pandas and dateutil find, and the cases that people trip over."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd
import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.automation.slots import Rule, next_slot
from igny8_assets.store.models import Frequency

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
RULES = st.builds(
    Rule,
    frequency=st.sampled_from(Frequency),
    time=st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45, 59])),
    weekday=st.integers(0, 6),
    day_of_month=st.integers(1, 31),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
# The bounds have to be without a zone.
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def rule(frequency: Frequency = Frequency.DAILY, at: str = "02:30", zone: str = "Europe/Berlin", **days: int) -> Rule:
    return Rule(frequency, time.fromisoformat(at), days.get("weekday", 0), days.get("day", 1), ZoneInfo(zone))


def after(rule: Rule, moment: str) -> str:
    return next_slot(rule, datetime.fromisoformat(moment)).isoformat()


def oracle(rule: Rule, moment: datetime) -> datetime:
    """The same by dateutil's recurrence rules and pandas' reading of local times."""
    start = moment.astimezone(rule.zone).date() - timedelta(days=2)
    days = {
        Frequency.DAILY: lambda: rrule.rrule(rrule.DAILY, dtstart=start, count=6),
        Frequency.WEEKLY: lambda: rrule.rrule(rrule.WEEKLY, byweekday=rule.weekday, dtstart=start, count=3),
        # The last of the month's days up to the wanted one.
        Frequency.MONTHLY: lambda: rrule.rrule(
            rrule.MONTHLY, bymonthday=range(1, rule.day_of_month + 1), bysetpos=-1, dtstart=start, count=3
        ),
    }[rule.frequency]()
    moments = (
        pd.Timestamp.combine(day.date(), rule.time)
        .tz_localize(rule.zone, nonexistent="shift_forward", ambiguous=True)
        .tz_convert(UTC)
        .to_pydatetime()
        for day in days
    )
    return min(found for found in moments if found > moment)


@given(RULES, MOMENTS)
@settings(max_examples=300, deadline=None)
def test_a_slot_is_where_two_libraries_put_it(rule: Rule, moment: datetime) -> None:
    assert next_slot(rule, moment) == oracle(rule, moment)


@given(st.data(), st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]))
@settings(max_examples=100, deadline=None)
def test_around_a_change_of_the_clock_too(data: st.DataObject, zone: str) -> None:
    changes = [
        moment
        for before, moment in pairwise(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(8784))
        if before.astimezone(ZoneInfo(zone)).utcoffset() != moment.astimezone(ZoneInfo(zone)).utcoffset()
    ]
    change = data.draw(st.sampled_from(changes))
    moment = change + timedelta(minutes=data.draw(st.integers(-2000, 200)))
    local = (change + timedelta(minutes=data.draw(st.integers(-70, 70)))).astimezone(ZoneInfo(zone))
    daily = Rule(Frequency.DAILY, local.time(), 0, 1, ZoneInfo(zone))
    assert next_slot(daily, moment) == oracle(daily, moment)


@given(RULES, MOMENTS)
@settings(max_examples=100, deadline=None)
def test_no_slot_comes_twice_and_none_is_left_out(rule: Rule, moment: datetime) -> None:
    first = next_slot(rule, moment)
    second = next_slot(rule, first)
    assert moment < first < second
    assert next_slot(rule, second - timedelta(seconds=1)) == second
    longest = {Frequency.DAILY: 2, Frequency.WEEKLY: 8, Frequency.MONTHLY: 32}[rule.frequency]
    assert second - first <= timedelta(days=longest, hours=3)


def test_a_time_in_the_spring_gap_is_due_when_the_gap_ends() -> None:
    assert after(rule(), "2026-03-28T12:00+00:00") == "2026-03-29T01:00:00+00:00"


def test_a_time_that_occurs_twice_in_autumn_is_due_the_first_time_only() -> None:
    assert after(rule(), "2026-10-24T12:00+00:00") == "2026-10-25T00:30:00+00:00"
    assert after(rule(), "2026-10-25T00:30+00:00") == "2026-10-26T01:30:00+00:00"


def test_a_day_that_a_zone_left_out_is_due_when_the_next_day_begins() -> None:
    samoa = rule(at="02:30", zone="Pacific/Apia")
    assert after(samoa, "2011-12-30T00:00+00:00") == "2011-12-30T10:00:00+00:00"
    assert after(samoa, "2011-12-30T10:00+00:00") == "2011-12-30T12:30:00+00:00"


@pytest.mark.parametrize(
    ("day", "moment", "due"),
    [
        (31, "2026-02-01", date(2026, 2, 28)),
        (31, "2028-02-01", date(2028, 2, 29)),
        (30, "2026-04-30", date(2026, 4, 30)),
        (31, "2026-04-30", date(2026, 4, 30)),
        (1, "2026-12-01", date(2026, 12, 1)),
    ],
)
def test_a_month_that_is_too_short_is_due_on_its_last_day(day: int, moment: str, due: date) -> None:
    monthly = rule(Frequency.MONTHLY, "12:00", "UTC", day=day)
    assert next_slot(monthly, datetime.fromisoformat(moment + "T00:00+00:00")).date() == due


def test_a_weekly_slot_is_on_its_weekday() -> None:
    weekly = rule(Frequency.WEEKLY, "09:00", "America/New_York", weekday=4)
    assert after(weekly, "2026-11-23T00:00+00:00") == "2026-11-27T14:00:00+00:00"
