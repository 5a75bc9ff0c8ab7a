"""The page in a real browser."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.factories import make_content, make_keyword
from igny8_assets_tests.web.serving import Client

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"), reason="no browser is installed; apt-get install chromium"
    ),
]


@pytest.fixture
def page(editor: Client) -> Iterator[Any]:
    """A tab in which an editor has logged in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        tab = browser.new_page()
        complaints: list[str] = []
        tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(f"{editor.address}/automation")
        tab.get_by_label("Key").fill(editor.key or "")
        tab.get_by_role("button", name="Log in").click()
        tab.get_by_role("heading", level=1, name="shop").wait_for()
        yield tab
        assert complaints == []
        browser.close()


def test_a_run_is_started_and_what_became_of_it_is_seen_without_loading_the_page_again(
    page: Any, store: Store, site: Site
) -> None:
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Keywords → Clusters"))
    assert "Empty" in card.inner_text()
    with store.write() as session:
        for text in ("coffee grinder", "hand coffee grinder", "manual coffee grinder"):
            make_keyword(session, session.get_one(Site, site.id), text)
    card.get_by_text("3 pending").wait_for()
    assert "Ready" in card.inner_text()
    page.get_by_role("button", name="Run now").click()
    page.locator("#run .status", has_text="Queued").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("No run is queued, running or paused.").first.wait_for()
    page.locator("#history").get_by_role("cell", name="Canceled", exact=True).wait_for()


def test_a_refused_control_says_why(page: Any) -> None:
    pause = page.get_by_role("button", name="Pause")
    assert pause.is_disabled()
    assert "No run is queued" in page.locator("#why-pause").inner_text()


def test_the_settings_open_over_the_page_and_close_again(page: Any) -> None:
    page.get_by_role("button", name="Settings").click()
    dialog = page.get_by_role("dialog", name="Settings")
    dialog.wait_for()
    assert dialog.get_by_label("How often").input_value() == "daily"
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def test_a_draft_is_opened_edited_and_approved(page: Any, store: Store, site: Site) -> None:
    with store.write() as session:
        draft = make_content(session, session.get_one(Site, site.id), images=0, illustration="ready")
    page.get_by_role("link", name="Review").click()
    page.get_by_role("link", name=draft.title).click()
    page.get_by_text("Edit", exact=True).click()
    page.get_by_label("Title", exact=True).fill("Another title for the same text")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", level=1, name="Another title for the same text").wait_for()
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("approved, Ada").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(page: Any, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("dialog").wait_for()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_nothing_is_wider_than_a_narrow_window(page: Any) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
