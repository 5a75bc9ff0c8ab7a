"""Keywords that mean harm, or are only strange, from the upload to the article's page, in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from igny8_assets.settings import load_settings
from igny8_assets.stages.run_log import RunLog
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Site
from igny8_assets_tests.web.launching import launching
from igny8_assets_tests.web.serving import Client
from igny8_assets_tests.web.tabs import IN_A_BROWSER

pytestmark = IN_A_BROWSER

SCRIPT = "<script>alert(1)</script>"
PICTURE = '<img src=x onerror="alert(2)">'
LONG = "grinder" * 28 + "abcd"
RIGHT_TO_LEFT = "مطحنة قهوة يدوية"
EMOJI = "☕🔥👩‍🍳"
FIRST = [f"{SCRIPT} grinder", f"{PICTURE} kettle", LONG, RIGHT_TO_LEFT, f"{EMOJI} scale"]
# Of two that are alike a cluster is made, and a text.
SECOND = [
    f"best {SCRIPT} grinder",
    f"best {PICTURE} kettle",
    LONG[:-1],
    f"{RIGHT_TO_LEFT} رخيصة",
    f"best {EMOJI} scale",
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export of them under a name that is no better, with a row that is too long."""
    made = tmp_path / f"{EMOJI} {RIGHT_TO_LEFT}.csv"
    rows = ['"' + text.replace('"', '""') + '",100' for text in (*FIRST, *SECOND, LONG + "!")]
    made.write_text("Keyword,Volume\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return made


def assert_harmless(page: Any) -> None:
    """Nothing on the page was made of a keyword but text, and nothing is wider than a telephone."""
    assert page.locator("script:not([src]), img[onerror], img[src='x']").count() == 0
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    page.set_viewport_size({"width": 1280, "height": 800})


def upload(page: Any, export: Path) -> None:
    page.get_by_label("Keyword export").set_input_files(export)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("rejected: 1.").wait_for()
    assert f"{EMOJI} {RIGHT_TO_LEFT}" in page.locator("#upload-notice").inner_text()
    page.get_by_text("What was rejected, and why").click()
    assert_harmless(page)


def run(page: Any) -> None:
    page.get_by_role("button", name="Run now").click()
    page.get_by_role("button", name="Start the run").click()
    page.locator("#history").get_by_role("cell", name="Completed", exact=True).wait_for(timeout=120_000)
    assert_harmless(page)


def test_they_are_text_wherever_they_are_shown(
    page: Any, editor: Client, store: Store, site: Site, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(page, export)
    with launching(store, monkeypatch):
        run(page)
    with store.read() as session:
        run_id = session.scalars(select(AutomationRun.id)).one()
    for text in FIRST:
        # As an item that failed would be told of.
        RunLog(load_settings(), run_id).write(text)
        page.get_by_role("log").get_by_text(text).wait_for()
    assert_harmless(page)
    page.get_by_role("link", name="Review").click()
    assert_harmless(page)
    addresses = [one.get_attribute("href") for one in page.get_by_role("main").get_by_role("link").all()]
    told = ""
    for address in addresses:
        page.goto(editor.address + address)
        told += page.get_by_role("region", name="Why it exists").inner_text()
        assert_harmless(page)
    assert [text for text in (*FIRST, *SECOND) if text not in told] == []
