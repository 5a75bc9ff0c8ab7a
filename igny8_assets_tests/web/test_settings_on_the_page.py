"""A site's settings on its page."""

import html
import re

import pytest

from igny8_assets.automation.configuration import Configuration
from igny8_assets.web.pages.settings_form import GROUPS
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import Client


def settings_of(browser: Browser) -> dict[str, str]:
    """What the form would send as it is."""
    shown = browser.get("/automation/shop/settings").text
    sent = dict(re.findall(r'name="(\w+)" type="(?:number|time)"[^>]* value="([^"]*)"', shown))
    sent["version"] = html.unescape(re.findall(r'name="version" value="([^"]*)"', shown)[0])
    return sent


def test_an_admin_saves_settings_and_no_one_overwrites_anothers(anyone: Client, admin: Client) -> None:
    browser = Browser(admin.address)
    browser.log_in(admin.key)
    sent = settings_of(browser)
    saved = browser.post("/automation/shop/settings", **{**sent, "reopen_after": "9", "stage_4_cap": "3"})
    assert (saved.status_code, "Saved." in saved.text) == (200, True)
    now = admin.get("/automation/config/", site_id="shop")
    assert (now["reopen_after"], now["stage_4_cap"], now["is_enabled"], now["weekday"]) == (9, 3, False, 0)
    late = browser.post("/automation/shop/settings", **{**sent, "reopen_after": "7"})
    assert (late.status_code, "changed since" in late.text) == (412, True)
    assert admin.get("/automation/config/", site_id="shop") == now


@pytest.mark.parametrize(("field", "value"), [("weekday", "7"), ("scheduled_time", "25:00"), ("stage_1_cap", "x")])
def test_a_bad_setting_is_said_in_the_form_and_nothing_is_saved(admin: Client, field: str, value: str) -> None:
    browser = Browser(admin.address)
    browser.log_in(admin.key)
    before = admin.get("/automation/config/", site_id="shop")
    refused = browser.post("/automation/shop/settings", **{**settings_of(browser), "reopen_after": "9", field: value})
    assert refused.status_code == 400
    assert f": {value} is not allowed" in refused.text
    assert field not in refused.text
    assert admin.get("/automation/config/", site_id="shop") == before


def test_settings_are_chosen_by_words_and_who_may_not_save_them_can_not_fill_them_in(
    admin: Client, viewer: Client
) -> None:
    shown = {}
    for client in (admin, viewer):
        browser = Browser(client.address)
        browser.log_in(client.key)
        shown[client] = browser.get("/automation/shop/settings").text
    assert '<option value="4">4. Tasks → Content</option>' in shown[admin]
    assert '<option value="topic">a topic</option>' in shown[admin]
    assert "<fieldset>" in shown[admin]
    assert "<fieldset>" not in shown[viewer]


def test_the_weekday_is_chosen_by_its_name(admin: Client) -> None:
    browser = Browser(admin.address)
    browser.log_in(admin.key)
    browser.post("/automation/shop/settings", **{**settings_of(browser), "weekday": "6"})
    assert admin.get("/automation/config/", site_id="shop")["weekday"] == 6
    shown = browser.get("/automation/shop/settings").text
    assert '<option value="0">Monday</option>' in shown
    assert '<option value="6" selected>Sunday</option>' in shown


def test_the_page_says_when_the_schedule_is_due(admin: Client) -> None:
    browser = Browser(admin.address)
    browser.log_in(admin.key)
    assert "The schedule is off." in browser.get("/automation/shop").text
    browser.post("/automation/shop/settings", **{**settings_of(browser), "is_enabled": "on"})
    due = admin.get("/automation/config/", site_id="shop")["next_run_at"]
    for path in ("", "/controls"):
        assert (
            f"Next run (UTC): <strong>{due[:10]} {due[11:19]}</strong>" in browser.get(f"/automation/shop{path}").text
        )


def test_an_editor_sees_the_settings_and_can_not_save_them(browser: Browser) -> None:
    sent = settings_of(browser)
    assert "Only an admin" in browser.get("/automation/shop/settings").text
    assert browser.post("/automation/shop/settings", **sent).status_code == 403


def test_the_form_has_every_setting() -> None:
    assert {name for _, names in GROUPS for name in names} == set(Configuration.model_fields)
