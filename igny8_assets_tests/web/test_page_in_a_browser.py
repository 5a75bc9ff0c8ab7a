"""The page in a real browser."""

from typing import Any

import pytest

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.settings import load_settings
from igny8_assets.stages.run_log import RunLog
from igny8_assets.store.database import Store
from igny8_assets.store.models import Launcher, Site, Trigger
from igny8_assets_tests.factories import make_content, make_keyword
from igny8_assets_tests.web.serving import Client
from igny8_assets_tests.web.tabs import IN_A_BROWSER, open_tab

pytestmark = IN_A_BROWSER


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
    dialog = page.get_by_role("dialog", name="Run now")
    dialog.get_by_text("Pending now: 0.6").wait_for()
    assert page.locator("#run .status").count() == 0
    dialog.get_by_role("button", name="Start the run").click()
    page.locator("#run .status", has_text="Queued").wait_for()
    assert not dialog.is_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("No run is queued, running or paused.").first.wait_for()
    page.locator("#history").get_by_role("cell", name="Canceled", exact=True).wait_for()


def test_a_refused_control_says_why(page: Any) -> None:
    pause = page.get_by_role("button", name="Pause")
    assert pause.is_disabled()
    assert "No run is queued" in page.locator("#why-pause").inner_text()


def test_a_run_is_looked_at_and_started_by_keyboard_and_the_focus_comes_back(page: Any) -> None:
    button = page.get_by_role("button", name="Run now")
    dialog = page.get_by_role("dialog", name="Run now")
    for leave in ("Escape", "Enter"):
        button.focus()
        page.keyboard.press("Enter")
        dialog.get_by_role("button", name="Close").and_(page.locator(":focus")).wait_for()
        page.keyboard.press(leave)
        dialog.wait_for(state="hidden")
        button.and_(page.locator(":focus")).wait_for()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Close").and_(page.locator(":focus")).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#why-run_now", has_text="Queued").wait_for()
    button.and_(page.locator(":focus")).wait_for()


def test_a_run_that_another_started_meanwhile_is_told_in_the_dialog(page: Any, editor: Client) -> None:
    page.get_by_role("button", name="Run now").click()
    dialog = page.get_by_role("dialog", name="Run now")
    dialog.get_by_role("button", name="Start the run").wait_for()
    editor.post("/automation/run_now/", site_id="shop")
    dialog.get_by_role("button", name="Start the run").click()
    dialog.get_by_text("has a run that is queued").wait_for()


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
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", level=1, name="Another title for the same text").wait_for()
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("approved, Ada").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", ["Settings", "Run now"])
def test_axe_finds_no_serious_violation(page: Any, scheme: str, opened: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    page.get_by_text("The figures as tables").click()
    page.get_by_role("button", name=opened).click()
    page.get_by_role("dialog", name=opened).wait_for()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_nothing_is_wider_than_a_narrow_window(page: Any) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    page.get_by_text("The figures as tables").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


@pytest.mark.parametrize(
    "harm", ["alert('harm')", "document.body.append(Object.assign(document.createElement('script'), {text: 'harm'}))"]
)
def test_a_box_that_opens_or_a_script_that_is_held_back_fails_a_test(editor: Client, harm: str) -> None:
    with pytest.raises(AssertionError, match=r"harm|Content Security Policy"), open_tab(editor) as page:
        page.evaluate(harm)


def test_a_click_that_does_not_reach_the_server_says_so(page: Any) -> None:
    page.get_by_role("heading", name="Charts").wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name="Run now").click()
    page.get_by_text("No answer came from the server").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Run now").click()
    page.get_by_role("dialog", name="Run now").wait_for()


def test_a_server_that_is_gone_is_told_until_it_is_back(page: Any) -> None:
    page.get_by_role("heading", name="Charts").wait_for()
    # An open stream outlives what the browser is told of the network; a new page has none.
    page.route("**/events", lambda route: route.abort("internetdisconnected"))
    page.reload()
    page.get_by_role("heading", name="Charts").wait_for()
    page.route("**/state", lambda route: route.abort("internetdisconnected"))
    page.get_by_text("The server does not answer as it should. What you see is as of").wait_for()
    page.unroute("**/state")
    page.locator("#connection:empty").wait_for(state="attached")


def test_a_double_click_asks_once(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Run now").click()
    page.get_by_role("button", name="Start the run").dblclick()
    page.locator("#run .status", has_text="Queued").wait_for()
    assert len(asked) == 1


def test_the_log_follows_unless_one_scrolled_up_to_read(page: Any, store: Store, site: Site) -> None:
    with store.write() as session:
        request = RunRequest(Trigger.MANUAL, Launcher.DAEMON)
        run_id = request_run(session, session.get_one(Site, site.id), load_settings(), request).id
    log, lines = page.locator("#log"), RunLog(load_settings(), run_id)
    for number in range(80):
        lines.write(f"line {number}")
    at_the_end = "log => log.scrollHeight - log.scrollTop - log.clientHeight < 2"
    log.get_by_text("line 79").wait_for()
    assert log.evaluate(at_the_end)
    log.evaluate("log => { log.scrollTop = 0; }")
    lines.write("one more")
    log.get_by_text("one more").wait_for()
    assert log.evaluate("log => log.scrollTop") == 0
    log.evaluate("log => { log.scrollTop = log.scrollHeight; }")
    lines.write("and another")
    log.get_by_text("and another").wait_for()
    assert log.evaluate(at_the_end)
