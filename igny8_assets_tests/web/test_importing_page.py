"""Sending a keyword export from the page, as a browser's requests."""

import pytest
import requests

from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.factories import make_site
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import Client

EXPORT = "Keyword,Volume,KD\nCoffee Grinder,900,12\nburr grinder,,\n,5,1\n"


def send(browser: Browser, text: str = EXPORT, *, token: str | None = None, slug: str = "shop") -> requests.Response:
    shown = browser.token if token is None else token
    return browser.session.post(
        f"{browser.address}/automation/{slug}/keywords/import",
        files={"file": ("export.csv", text.encode())},
        headers={"HX-Request": "true", "HX-Target": "upload-notice", **({"X-CSRF-Token": shown} if shown else {})},
        timeout=60,
    )


def keywords(client: Client) -> list[str]:
    return [one["text"] for one in client.get("/sites/shop/keywords/")["items"]]


def test_an_export_is_sent_and_what_came_of_it_is_told(browser: Browser, editor: Client) -> None:
    answer = send(browser)
    assert answer.status_code == 200
    assert "rows: 3, new: 2, merged with known ones: 0, rejected: 1." in answer.text
    assert "Line 4: the keyword is empty" in answer.text
    assert keywords(editor) == ["Coffee Grinder", "burr grinder"]
    assert "It was imported before" in send(browser).text


def test_a_file_that_can_not_be_read_is_told_in_a_line(browser: Browser) -> None:
    refused = send(browser, "Keyword\n")
    assert refused.status_code == 400
    assert "HX-Retarget" not in refused.headers
    assert refused.text.count("<p") == 1
    assert "export.csv" in refused.text


@pytest.mark.parametrize("token", ["", "another"])
def test_a_file_without_the_pages_token_is_refused_unread(browser: Browser, editor: Client, token: str) -> None:
    assert send(browser, token=token).status_code == 403
    assert keywords(editor) == []
    assert not (load_settings().folder / "uploads").exists()


def test_the_token_in_the_form_does_not_do_for_a_file(browser: Browser, editor: Client) -> None:
    address = f"{browser.address}/automation/shop/keywords/import"
    sent = browser.session.post(
        address, data={"csrf": browser.token}, files={"file": ("export.csv", EXPORT)}, timeout=60
    )
    assert sent.status_code == 403
    assert keywords(editor) == []


def test_a_viewer_has_no_form_and_is_refused_unread(viewer: Client) -> None:
    browser = Browser(viewer.address)
    browser.log_in(viewer.key)
    assert "Upload keywords" not in browser.get("/automation/shop").text
    assert send(browser).status_code == 403
    assert not (load_settings().folder / "uploads").exists()


def test_another_accounts_site_takes_no_file(browser: Browser, store: Store, site: Site) -> None:
    with store.write() as session:
        make_site(session, "foreign")
    assert send(browser, slug="foreign").status_code == 404


def test_a_file_may_be_larger_than_any_other_request(browser: Browser) -> None:
    row = "burr grinder," + "9" * 900_000
    assert "rows: 10, new: 1," in send(browser, "Keyword,Volume\n" + f"{row}\n" * 10).text
    refused = browser.post("/automation/shop/pause", more="x" * 9_000_000)
    assert refused.status_code == 413
