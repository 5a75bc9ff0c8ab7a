"""The settings dialog in a real browser, with what a person may type there."""

import pytest

from igny8_assets_tests.web.serving import Client
from igny8_assets_tests.web.tabs import IN_A_BROWSER, open_tab

pytestmark = IN_A_BROWSER


@pytest.mark.parametrize(
    ("label", "value", "complaint"),
    [
        ("Stage 4: tasks (texts to write)", "0", "has to be at least 1"),
        ("Tasks (texts to write) a run", "many", "has to be a whole number"),
        ("Dollars a day (UTC)", "-1", "has to be at least 0"),
    ],
)
def test_a_bad_value_is_told_in_the_dialog_and_nothing_is_saved(
    admin: Client, label: str, value: str, complaint: str
) -> None:
    before = admin.get("/automation/config/", site_id="shop")
    with open_tab(admin) as page:
        page.get_by_role("button", name="Settings").click()
        dialog = page.get_by_role("dialog", name="Settings")
        dialog.get_by_label("Ideas per cluster").fill("7")
        typed = dialog.get_by_label(label, exact=True)
        # What the browser itself does not take is sent all the same.
        typed.evaluate("field => { field.type = 'text'; field.form.noValidate = true; }")
        typed.fill(value)
        dialog.get_by_role("button", name="Save", exact=True).click()
        alert = dialog.get_by_role("alert")
        alert.wait_for()
        assert alert.inner_text().startswith(f"{label}: {value} is not allowed; it {complaint}")
        assert alert.is_visible()
    assert admin.get("/automation/config/", site_id="shop") == before


def test_the_browser_itself_does_not_send_a_batch_of_nought(admin: Client) -> None:
    before = admin.get("/automation/config/", site_id="shop")
    with open_tab(admin) as page:
        page.get_by_role("button", name="Settings").click()
        dialog = page.get_by_role("dialog", name="Settings")
        field = dialog.get_by_label("Stage 4: tasks")
        field.fill("0")
        dialog.get_by_role("button", name="Save", exact=True).click()
        assert field.evaluate("field => field.validity.rangeUnderflow")
        assert dialog.locator("#settings-notice").inner_text() == ""
    assert admin.get("/automation/config/", site_id="shop") == before


def test_good_values_are_saved_and_seen_when_the_dialog_opens_again(admin: Client) -> None:
    with open_tab(admin) as page:
        page.get_by_role("button", name="Settings").click()
        dialog = page.get_by_role("dialog", name="Settings")
        dialog.get_by_label("Runs by itself").check()
        dialog.get_by_label("How often").select_option("weekly")
        dialog.get_by_label("Weekday (weekly)").select_option("Sunday")
        dialog.get_by_role("button", name="Save", exact=True).click()
        dialog.get_by_text("Saved.").wait_for()
        page.keyboard.press("Escape")
        page.get_by_text("Next run (UTC):").wait_for()
        page.get_by_role("button", name="Settings").click()
        assert dialog.get_by_label("Weekday (weekly)").input_value() == "6"
    now = admin.get("/automation/config/", site_id="shop")
    assert (now["is_enabled"], now["frequency"], now["weekday"]) == (True, "weekly", 6)
