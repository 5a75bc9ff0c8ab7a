"""From a real export to an approved text, in a real browser, while a real run goes on."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.pipeline.real_exports import EXPORTS
from igny8_assets_tests.pipeline.sites import configure
from igny8_assets_tests.web.launching import Gates, launching
from igny8_assets_tests.web.tabs import IN_A_BROWSER

FOLDER = os.environ.get("IGNY8_REAL_EXPORTS", "")
pytestmark = [
    *IN_A_BROWSER,
    pytest.mark.skipif(not FOLDER, reason="IGNY8_REAL_EXPORTS does not name the folder of the real exports"),
]


def card(page: Any, name: str) -> Any:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name, exact=True))


def test_an_export_is_uploaded_run_paused_resumed_and_a_draft_of_it_approved(
    page: Any, store: Store, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(store, site, stage_1_cap=300, stage_2_cap=2, stage_3_cap=2, stage_4_cap=2)
    gates = Gates(monkeypatch, 1, 2, 4, 5, 6)
    with launching(store, monkeypatch, gates):
        upload(page)
        start(page)
        watch_planning(page, gates)
        pause_and_resume_while_writing(page, gates)
        watch_imaging(page, gates)
        page.locator("#history").get_by_role("cell", name="Completed", exact=True).wait_for()
    read_the_log(page)
    approve_the_first_draft(page)
    page.get_by_role("link", name="Automation").click()
    page.locator("#charts").get_by_role("img", name="From keywords").wait_for()
    page.get_by_text("The figures as tables").click()
    assert page.get_by_role("row", name="Approved").get_by_role("cell").inner_text() == "1"
    assert page.locator("#history").get_by_role("cell", name="Completed", exact=True).count() == 1


def upload(page: Any) -> None:
    page.get_by_label("Keyword export").set_input_files(Path(FOLDER) / EXPORTS[0])
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("rows: 3,000").wait_for()
    card(page, "Keywords → Clusters").get_by_text("pending").wait_for()


def start(page: Any) -> None:
    page.get_by_role("button", name="Run now").click()
    dialog = page.get_by_role("dialog", name="Run now")
    dialog.get_by_text("Pending now: 60").wait_for()
    dialog.get_by_text("The balance covers what is pending now.").wait_for()
    dialog.get_by_role("button", name="Start the run").click()
    page.locator("#run .status", has_text="Running").wait_for()


def watch_planning(page: Any, gates: Gates) -> None:
    for stage, name in ((1, "Keywords → Clusters"), (2, "Clusters → Ideas")):
        card(page, name).get_by_text("Active").wait_for()
        card(page, name).get_by_text(re.compile("^0 of [1-9]")).wait_for()
        card(page, name).get_by_role("progressbar").wait_for()
        gates.let(stage)


def pause_and_resume_while_writing(page: Any, gates: Gates) -> None:
    writing = card(page, "Ideas → Tasks → Content")
    writing.get_by_text("0 of 2").wait_for()
    gates.let(4, 1)
    writing.get_by_text("1 of 2").wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("It pauses after the items in hand.").wait_for()
    gates.let(4)
    page.locator("#run", has_text="Paused, Stage 4. paused by request").wait_for()
    page.get_by_role("button", name="Resume").click()


def watch_imaging(page: Any, gates: Gates) -> None:
    for stage, name, total in ((5, "Content → Image Prompts", 2), (6, "Image Prompts → Images", 6)):
        card(page, name).get_by_text(f"0 of {total}").wait_for()
        gates.let(stage, 1)
        card(page, name).get_by_text(f"1 of {total}").wait_for()
        gates.let(stage)
    card(page, "Image Prompts → Images").get_by_text("Complete").wait_for()
    card(page, "Manual Review Gate").get_by_text("2 pending").wait_for()


def read_the_log(page: Any) -> None:
    page.get_by_label("Lines").select_option("500")
    log = page.get_by_role("log")
    log.get_by_text("completed").wait_for()
    told = log.inner_text()
    lines = ("launch 1 began", "paused by request", "launch 2 began", "6 of 6 done, 0 failed", "completed")
    places = [told.index(line) for line in lines]
    assert places == sorted(places)


def approve_the_first_draft(page: Any) -> None:
    page.get_by_role("link", name="Review").click()
    waiting = page.get_by_role("region", name="Waiting for a decision").get_by_role("link")
    assert waiting.count() == 2
    waiting.first.click()
    page.get_by_role("article").get_by_role("img").first.wait_for()
    # Each picture has an "Edit" too.
    page.get_by_role("region", name="Decide", exact=True).get_by_text("Edit", exact=True).click()
    page.get_by_label("Title", exact=True).fill("A title that a person gave")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", level=1, name="A title that a person gave").wait_for()
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("approved, Ada").wait_for()
