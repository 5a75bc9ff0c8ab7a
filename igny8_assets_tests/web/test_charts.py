"""The charts, as a browser asks for them."""

import re

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site, utc_now
from igny8_assets_tests.factories import make_cluster, make_keyword, make_site
from igny8_assets_tests.spending import add_call, add_entry
from igny8_assets_tests.web.browser import Browser

CHARTS = "/automation/shop/charts"


def test_what_today_cost_is_drawn_and_told_in_a_table(browser: Browser, store: Store, site: Site) -> None:
    with store.write() as session:
        here = session.get_one(Site, site.id)
        add_entry(session, here, 12345, utc_now())
        add_call(session, here, utc_now(), cost_usd_pico=25 * 10**10)
        add_call(session, here, utc_now(), cost_usd_pico=None, reserved_usd_pico=25 * 10**10)
    shown = browser.get(CHARTS).text
    today = utc_now().date().isoformat()
    assert "<strong>1,234.5</strong>" in shown
    assert f"<title>{today}: $0.25–$0.50</title>" in shown
    row = re.search(rf'<tr><th scope="row">{today}</th>(.*)</tr>', shown)
    assert row is not None
    assert re.findall(r">([^<]+)</td>", row[1]) == ["1,234.5", "$0.25–$0.50"]
    heights = re.findall(r'<rect class="(\w+)"[^>]* y="([\d.]+)"[^>]* height="([\d.]+)"', shown)
    assert heights[:4] == [
        ("known", "8.00", "84.00"),
        ("possible", "8.00", "0.00"),
        ("known", "50.00", "42.00"),
        ("possible", "8.00", "42.00"),
    ]


def test_the_funnel_is_drawn_with_its_figures(browser: Browser, store: Store, site: Site) -> None:
    with store.write() as session:
        here = session.get_one(Site, site.id)
        make_keyword(session, here)
        make_keyword(session, here, cluster=make_cluster(session, here))
    shown = browser.get(CHARTS).text
    figures = dict(re.findall(r'<th scope="row">(\w+)</th><td class="number">([\d,]+)</td>', shown))
    assert figures == {
        "Keywords": "2",
        "Clustered": "1",
        "Ideas": "0",
        "Tasks": "0",
        "Drafts": "0",
        "Approved": "0",
        "Published": "0",
    }
    widths = re.findall(r'<rect class="known" x="80"[^>]* width="([\d.]+)"', shown)
    assert widths == ["170.00", "85.00", *["0.00"] * 5]


def test_a_site_without_costs_has_charts_of_noughts(browser: Browser) -> None:
    shown = browser.get(CHARTS).text
    assert "<strong>0.0</strong>" in shown
    assert "<strong>$0.00</strong>" in shown
    assert 'class="possible"' not in shown


def test_another_accounts_charts_are_not_there(browser: Browser, store: Store) -> None:
    with store.write() as session:
        make_site(session, "foreign")
    assert browser.get("/automation/foreign/charts").status_code == 404
