"""The page, as a browser asks for it."""

import html
import json
import re

import pytest
from sqlalchemy import select

from igny8_assets.automation.keys import revoke_key
from igny8_assets.settings import load_settings
from igny8_assets.stages.run_log import RunLog
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, ApiKey, AutomationRun, KeyRole, RunStatus, Site
from igny8_assets_tests.factories import make_keyword, make_site
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import Client, with_key

HOSTILE = "<script>alert(1)</script>"


def run_of(store: Store) -> AutomationRun:
    with store.read() as session:
        return session.scalars(select(AutomationRun)).one()


def test_whoever_is_not_logged_in_comes_to_the_login(anyone: Client, site: Site) -> None:
    stranger = Browser(anyone.address)
    assert stranger.get("/automation/shop").url.endswith("/login")
    assert stranger.get("/automation/shop/state", allow_redirects=False).status_code == 303
    assert stranger.log_in("igny8_wrong").status_code == 403
    assert stranger.get("/automation/shop").url.endswith("/login")


def test_the_cookie_is_for_this_site_and_no_script(editor: Client) -> None:
    cookie = Browser(editor.address).log_in(editor.key).headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "igny8_session" in cookie


def test_behind_a_proxy_with_tls_the_cookie_never_goes_without_it(editor: Client) -> None:
    behind = Browser(editor.address)
    behind.session.headers["X-Forwarded-Proto"] = "https"
    answer = behind.session.get(f"{editor.address}/login", timeout=60)
    assert answer.headers["Set-Cookie"].endswith("; secure")
    assert "Strict-Transport-Security" in answer.headers


def test_behind_a_proxy_logins_are_counted_for_whom_it_names(anyone: Client) -> None:
    def tried(address: str) -> int:
        visitor = Browser(anyone.address)
        visitor.session.headers["X-Forwarded-For"] = address
        return visitor.log_in("igny8_wrong").status_code

    assert [tried("203.0.113.7") for _ in range(21)] == [403] * 20 + [429]
    assert tried("203.0.113.8") == 403


def test_the_key_that_signs_cookies_is_readable_by_its_owner_alone(browser: Browser) -> None:
    assert (load_settings().folder / "session.key").stat().st_mode & 0o777 == 0o600


def test_a_run_is_started_paused_resumed_and_canceled(browser: Browser, store: Store) -> None:
    for action, status in (
        ("run_now", RunStatus.QUEUED),
        ("pause", RunStatus.PAUSED),
        ("resume", RunStatus.QUEUED),
        ("cancel", RunStatus.CANCELED),
    ):
        assert browser.post(f"/automation/shop/{action}").status_code == 200
        assert run_of(store).status == status


def test_a_refusal_is_told_in_the_notice_of_the_page_or_of_the_dialog_that_covers_it(browser: Browser) -> None:
    refused = browser.post("/automation/shop/pause")
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (409, "#notice")
    browser.post("/automation/shop/run_now")
    browser.session.headers["HX-Target"] = "run-now-notice"
    refused = browser.post("/automation/shop/run_now")
    assert (refused.status_code, "HX-Retarget" in refused.headers) == (409, False)
    assert "has a run that is queued" in refused.text


def test_before_a_run_its_cost_is_told(browser: Browser, store: Store, site: Site) -> None:
    with store.write() as session:
        for _ in range(5):
            make_keyword(session, session.get_one(Site, site.id))
    shown = browser.get("/automation/shop/run_now").text
    assert "Pending now: <strong>1</strong>" in shown
    assert "Credits: <strong>10,000</strong>" in shown
    assert "The balance covers what is pending now." in shown
    assert 'hx-post="/automation/shop/run_now"' in shown


def test_a_run_that_the_balance_does_not_cover_can_not_be_started(browser: Browser, store: Store, site: Site) -> None:
    with store.write() as session:
        session.get_one(Account, site.account_id).balance_tenths = 0
        for _ in range(5):
            make_keyword(session, session.get_one(Site, site.id))
    shown = browser.get("/automation/shop/run_now").text
    assert "The balance does not cover what is pending now." in shown
    assert "hx-post" not in shown
    assert browser.post("/automation/shop/run_now").status_code == 402


@pytest.mark.parametrize("token", ["", "another"])
def test_a_change_without_the_pages_token_is_refused(browser: Browser, store: Store, token: str) -> None:
    assert browser.post("/automation/shop/run_now", token=token).status_code == 403
    with store.read() as session:
        assert session.scalar(select(AutomationRun)) is None


def test_a_change_that_another_site_sends_is_refused(browser: Browser, store: Store) -> None:
    browser.session.headers["Sec-Fetch-Site"] = "cross-site"
    assert browser.post("/automation/shop/run_now").status_code == 403
    with store.read() as session:
        assert session.scalar(select(AutomationRun)) is None


def test_a_viewer_sees_why_nothing_can_be_pressed_and_is_refused(viewer: Client, store: Store) -> None:
    browser = Browser(viewer.address)
    browser.log_in(viewer.key)
    shown = browser.get("/automation/shop").text
    assert shown.count("disabled") == 5
    assert "Your key may look only." in shown
    assert browser.get("/automation/shop/run_now").status_code == 403
    assert browser.post("/automation/shop/run_now").status_code == 403


def test_another_accounts_site_is_not_there(browser: Browser, store: Store) -> None:
    with store.write() as session:
        make_site(session, "foreign")
    for path in ("", "/controls", "/run_now", "/estimate", "/log", "/history", "/state", "/events"):
        assert browser.get(f"/automation/foreign{path}").status_code == 404
    assert browser.post("/automation/foreign/run_now").status_code == 404


def test_a_revoked_key_is_out_at_the_next_request(browser: Browser, store: Store) -> None:
    with store.write() as session:
        revoke_key(session, session.scalars(select(ApiKey.id)).one())
    assert browser.get("/automation/shop").url.endswith("/login")


def test_an_account_whose_writer_is_off_has_no_page(browser: Browser, store: Store, site: Site) -> None:
    with store.write() as session:
        session.get_one(Account, site.account_id).writer_enabled = False
    answer = browser.get("/automation")
    assert answer.status_code == 403
    assert "The writer of this account is off" in answer.text


def test_only_an_account_whose_writer_is_on_has_automation_in_its_navigation(
    browser: Browser, store: Store, site: Site
) -> None:
    link = '<a href="/automation/shop">Automation</a>'
    assert link in browser.get("/automation/shop/review").text
    with store.write() as session:
        session.get_one(Site, site.id).account.writer_enabled = False
    assert link not in browser.get("/automation/shop/review").text
    there = browser.get("/automation").text
    assert link not in there
    assert '<a href="/automation/shop/review">Review</a>' in there


def test_names_and_logs_are_shown_as_text(anyone: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        row = session.get_one(Site, site.id)
        row.name = HOSTILE
    key = with_key(anyone, store, site, KeyRole.EDITOR, label=HOSTILE)
    browser = Browser(anyone.address)
    browser.log_in(key.key)
    browser.post("/automation/shop/run_now")
    RunLog(load_settings(), run_of(store).id).write(HOSTILE)
    for path in ("", "/log", "/history", "/controls"):
        assert HOSTILE not in browser.get(f"/automation/shop{path}").text
    assert "&lt;script&gt;" in browser.get("/automation/shop/log").text


def test_a_stream_tells_the_site_as_it_changes(browser: Browser, store: Store, site: Site) -> None:
    with browser.session.get(f"{browser.address}/automation/shop/events", stream=True, timeout=60) as stream:
        told = (json.loads(line[6:]) for line in stream.iter_lines(decode_unicode=True) if line.startswith("data: "))
        assert "1 pending" not in next(told)["cards"]
        with store.write() as session:
            make_keyword(session, session.get_one(Site, site.id))
        assert "1 pending" in next(told)["cards"]


def test_a_page_that_is_not_there_is_told_as_a_page(browser: Browser) -> None:
    for path, status in (
        ("/nothing", 404),
        ("/automation/shop/log?lines=7", 422),
        ("/automation/shop/review/x", 404),
        ("/automation/shop/zzz", 404),
    ):
        answer = browser.get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert 'role="alert"' in answer.text


def test_the_page_needs_nothing_from_elsewhere(browser: Browser) -> None:
    shown = browser.get("/automation/shop").text
    for path in re.findall(r'(?:src|href)="([^"#]+)"', shown):
        assert path.startswith("/")
        assert browser.get(path).status_code == 200


def test_head_tells_what_get_would_without_its_body(browser: Browser) -> None:
    for path in ("/healthz", "/automation/shop"):
        answer = browser.session.head(browser.address + path, timeout=60)
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("kind", ["keywords", "clusters", "ideas", "tasks"])
def test_a_status_that_there_is_not_is_refused(browser: Browser, kind: str) -> None:
    answer = browser.get(f"/automation/shop/{kind}?status=zzz")
    assert (answer.status_code, "There is no such status" in answer.text) == (400, True)
    assert browser.get(f"/automation/shop/{kind}?status=").status_code == 200


def test_what_is_refused_is_told_without_commands_and_names_of_form_fields(browser: Browser) -> None:
    gone = browser.get("/automation/shop/clusters/7").text
    assert "no cluster 7" in html.unescape(gone)
    assert "igny8 clusters" not in gone
    refused = browser.post("/automation/shop/ideas/priority", chosen="1", priority="2000").text
    assert "priority has to be at most 1000" in refused
    assert "body." not in refused


def test_the_estimate_says_when_the_whole_run_may_need_more_than_there_is(
    browser: Browser, store: Store, site: Site
) -> None:
    with store.write() as session:
        make_keyword(session, session.get_one(Site, site.id), "burr mill")
        account = session.get_one(Account, site.account_id)
        account.balance_tenths = 5
    shown = browser.get("/automation/shop/estimate").text
    assert "covers what is pending now" in shown
    assert "may need more than the balance" in shown
