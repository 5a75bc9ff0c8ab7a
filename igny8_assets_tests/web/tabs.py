"""Tabs of a real browser in which someone is logged in."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from igny8_assets.web.pages.rendering import texts
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
# A refusal and a server that is away are told on the page; the browser tells of them as of faults too.
TOLD_ON_THE_PAGE = re.compile(
    r"Failed to load resource: (.* status of (400|402|409|412|413|422) |net::ERR_INTERNET_DISCONNECTED)"
    r"|htmx:(sendError|afterRequest), "
)

_WORDS = texts()
ASKED_BEFORE = {_WORDS["cancel_sure"], _WORDS["planner"]["merge_sure"], _WORDS["images"]["remove_sure"]}
"""What the page asks before what can't be undone; a tab says yes."""

IN_A_BROWSER = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"), reason="no browser is installed; apt-get install chromium"
    ),
]


@contextmanager
def open_tab(client: Client) -> Iterator[Any]:
    """A tab on the automation page; fails if a script fails, a policy is broken or a box of another's opens in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        tab = browser.new_page()
        complaints: list[str] = []

        def hear(message: Any) -> None:
            if message.type == "error" and not TOLD_ON_THE_PAGE.match(message.text):
                complaints.append(message.text)

        def close(dialog: Any) -> None:
            if dialog.type == "confirm" and dialog.message in ASKED_BEFORE:
                dialog.accept()
                return
            complaints.append(f"{dialog.type}: {dialog.message}")
            dialog.dismiss()

        tab.on("console", hear)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("dialog", close)
        tab.goto(f"{client.address}/automation")
        tab.get_by_label("Key").fill(client.key or "")
        tab.get_by_role("button", name="Log in").click()
        tab.get_by_role("heading", level=1).first.wait_for()
        yield tab
        assert complaints == [], complaints
        browser.close()
