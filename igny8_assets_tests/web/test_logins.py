"""How long a login to the page lasts."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from igny8_assets.automation.keys import revoke_key
from igny8_assets.automation.logins import SECONDS
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import ApiKey, PageLogin, Site, utc_now
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import API, Client, serving


def is_in(browser: Browser) -> bool:
    return not browser.get("/automation/shop").url.endswith("/login")


def copy_of(browser: Browser) -> Browser:
    """Another browser to which someone carried the cookies."""
    other = Browser(browser.address)
    other.session.cookies.update(browser.session.cookies)
    return other


def test_logging_out_ends_it_for_whoever_copied_the_cookie_too(browser: Browser) -> None:
    thief = copy_of(browser)
    assert is_in(thief)
    browser.post("/logout")
    assert not is_in(browser)
    assert not is_in(thief)


def test_logging_out_of_one_browser_leaves_another_in(browser: Browser, editor: Client) -> None:
    other = Browser(editor.address)
    other.log_in(editor.key)
    browser.post("/logout")
    assert is_in(other)


def test_a_login_is_over_after_twelve_hours_and_then_forgotten(browser: Browser, store: Store, editor: Client) -> None:
    with store.write() as session:
        session.execute(update(PageLogin).values(created_at=utc_now() - timedelta(seconds=SECONDS)))
    assert not is_in(browser)
    browser.log_in(editor.key)
    assert is_in(browser)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(PageLogin)) == 1


def test_a_wrong_key_ends_nothing(browser: Browser) -> None:
    assert browser.log_in("igny8_wrong").status_code == 403
    assert is_in(browser)


@pytest.mark.parametrize("end", ["revoke", "log out"])
def test_the_events_of_a_login_end_with_it(browser: Browser, store: Store, end: str) -> None:
    thief = copy_of(browser)
    with thief.session.get(f"{browser.address}/automation/shop/events", stream=True, timeout=30) as stream:
        lines = stream.iter_lines()
        assert next(lines) == b"event: state"
        if end == "revoke":
            with store.write() as session:
                revoke_key(session, session.scalars(select(ApiKey.id)).one())
        else:
            browser.post("/logout")
        assert not any(line.startswith(b"event:") for line in lines)


def test_events_are_not_asked_for_by_head(browser: Browser) -> None:
    assert browser.session.head(f"{browser.address}/automation/shop/events", timeout=30).status_code == 405


def test_the_page_counts_among_the_requests_of_its_key(store: Store, site: Site, editor: Client) -> None:
    with serving(store, load_settings().model_copy(update={"web_requests_per_minute": 5})) as anyone:
        client, visitor = Client(anyone.address, editor.key), Browser(anyone.address)
        visitor.log_in(editor.key)
        answers = [client.ask("GET", f"{API}/sites/").status_code for _ in range(6)]
        assert answers[-1] == 429
        refused = visitor.get("/automation/shop/controls")
        assert (refused.status_code, "wait" in refused.text) == (429, True)
