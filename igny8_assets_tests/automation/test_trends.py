"""What each day cost, and how far a site's rows have come."""

from datetime import UTC, date, datetime, timedelta, timezone

from igny8_assets.automation.trends import funnel, spent_daily
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    ContentStatus,
    EntryKind,
    KeywordStatus,
    Site,
)
from igny8_assets_tests.factories import make_cluster, make_content, make_keyword, make_site
from igny8_assets_tests.spending import add_call, add_entry

TODAY = date(2026, 11, 26)


def test_each_day_of_utc_has_what_was_charged_and_paid_on_it(store: Store) -> None:
    just_before = datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)
    # The same moment and the next one, as a clock two hours east shows them.
    east = timezone(timedelta(hours=2))
    with store.write() as session:
        site, other = make_site(session), make_site(session, "other")
        add_entry(session, site, 30, just_before)
        add_entry(session, site, 5, just_before.astimezone(east) + timedelta(seconds=1))
        add_entry(session, site, 7, datetime(2026, 11, 23, 0, 0, tzinfo=UTC) - timedelta(seconds=1))
        add_entry(session, other, 11, just_before)
        add_entry(session, site, 100, just_before, EntryKind.RESERVE)
        add_call(session, site, just_before, cost_usd_pico=2 * 10**12)
        add_call(session, site, just_before, cost_usd_pico=None, reserved_usd_pico=10**12)
        add_call(session, other, just_before, cost_usd_pico=10**12)
    with store.read() as session:
        days = spent_daily(session, session.get_one(Site, site.id), TODAY, 4)
    told = [(one.day.day, one.tenths, one.usd_pico, one.possible_usd_pico) for one in days]
    assert told == [(23, 0, 0, 0), (24, 30, 2 * 10**12, 10**12), (25, 5, 0, 0), (26, 0, 0, 0)]


def test_a_refund_lowers_its_day(store: Store) -> None:
    moment = datetime(2026, 11, 26, 12, tzinfo=UTC)
    with store.write() as session:
        site = make_site(session)
        add_entry(session, site, 30, moment)
        add_entry(session, site, -10, moment, EntryKind.REFUND)
    with store.read() as session:
        (day,) = spent_daily(session, session.get_one(Site, site.id), TODAY, 1)
    assert day.tenths == 20


def test_a_row_counts_at_each_step_that_it_has_come_to(store: Store) -> None:
    with store.write() as session:
        site = make_site(session)
        cluster = make_cluster(session, site)
        for status in (KeywordStatus.NEW, KeywordStatus.ORPHANED, KeywordStatus.IGNORED):
            make_keyword(session, site, status=status)
        for _ in range(2):
            make_keyword(session, site, cluster=cluster)
        for become in ContentStatus:
            make_content(session, site, status=become)
    with store.read() as session:
        steps = funnel(session, session.get_one(Site, site.id))
    assert steps == {
        "keywords": 5,
        "clustered": 2,
        "ideas": 4,
        "tasks": 4,
        "drafts": 4,
        "approved": 2,
        "published": 1,
    }


def test_a_site_without_anything_has_noughts(store: Store) -> None:
    with store.write() as session:
        site = make_site(session)
    with store.read() as session:
        here = session.get_one(Site, site.id)
        assert set(funnel(session, here).values()) == {0}
        assert [one.tenths for one in spent_daily(session, here, TODAY, 2)] == [0, 0]
