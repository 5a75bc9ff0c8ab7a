"""Sending a keyword export from the page in a real browser."""

from pathlib import Path
from typing import Any

from sqlalchemy import select

from igny8_assets.automation.sites import add_sector
from igny8_assets.store.database import Store
from igny8_assets.store.models import Keyword, Site
from igny8_assets_tests.web.tabs import IN_A_BROWSER

pytestmark = IN_A_BROWSER


def test_an_export_is_chosen_and_sent_and_the_cards_and_the_estimate_tell_of_it(page: Any, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("Keyword,Volume\ncoffee grinder,900\nburr grinder,50\n,5\n")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Keywords → Clusters"))
    page.get_by_label("Keyword export").set_input_files(export)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("rows: 3, new: 2, merged with known ones: 0, rejected: 1.").wait_for()
    card.get_by_text("2 pending").wait_for()
    page.locator("#estimate").get_by_text("Pending now: 0.4").wait_for()
    page.get_by_text("What was rejected, and why").click()
    page.get_by_text("Line 4: the keyword is empty").wait_for()


def test_an_export_goes_into_the_sector_that_is_chosen(page: Any, store: Store, site: Site, tmp_path: Path) -> None:
    with store.write() as session:
        other = add_sector(session, session.get_one(Site, site.id), "Kettles").id
    export = tmp_path / "export.csv"
    export.write_text("Keyword\ngooseneck kettle\n")
    page.reload()
    page.get_by_label("Into the sector").select_option("Kettles")
    page.get_by_label("Keyword export").set_input_files(export)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("rows: 1, new: 1").wait_for()
    with store.read() as session:
        assert session.scalars(select(Keyword.sector_id)).all() == [other]


def test_a_file_that_is_too_large_is_not_sent(page: Any, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("Keyword\ncoffee grinder\n")
    field = page.get_by_label("Keyword export")
    field.evaluate("field => { field.dataset.most = 10; }")
    field.set_input_files(export)
    assert "larger than the server takes" in field.evaluate("field => field.validationMessage")
    page.get_by_role("button", name="Upload").click()
    assert page.locator("#upload-notice").inner_text() == ""
    field.evaluate("field => { field.dataset.most = 1000; }")
    field.set_input_files([])
    field.set_input_files(export)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("rows: 1, new: 1").wait_for()
