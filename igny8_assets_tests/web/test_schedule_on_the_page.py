"""Turning a site's schedule on and off on its page."""

from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationConfig, Site
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import Client


def logged_in(client: Client) -> Browser:
    browser = Browser(client.address)
    browser.log_in(client.key)
    return browser


def is_on(store: Store, site: Site) -> bool:
    with store.read() as session:
        return session.get_one(AutomationConfig, site.id).is_enabled


def test_an_admin_turns_it_on_and_off_and_sees_when_it_is_due(admin: Client, store: Store, site: Site) -> None:
    browser = logged_in(admin)
    assert "The schedule is off." in browser.get("/automation/shop/controls").text
    assert browser.post("/automation/shop/schedule/on").headers["HX-Trigger"] == "igny8:run"
    assert is_on(store, site)
    shown = browser.get("/automation/shop/controls").text
    assert "Next run (UTC): <strong>2" in shown
    assert "Turn the schedule off" in shown
    browser.post("/automation/shop/schedule/off")
    assert not is_on(store, site)


def test_an_editor_is_told_who_may(editor: Client, store: Store, site: Site) -> None:
    browser = logged_in(editor)
    shown = browser.get("/automation/shop/controls").text
    assert "<strong>Turn the schedule on:</strong> Only an admin&#39;s key may change the settings." in shown
    assert browser.post("/automation/shop/schedule/on").status_code == 403
    assert not is_on(store, site)


def test_it_is_on_or_off_and_nothing_else(admin: Client, site: Site) -> None:
    assert logged_in(admin).post("/automation/shop/schedule/maybe").status_code == 404
