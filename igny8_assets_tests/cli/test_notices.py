"""Notices on the command line."""

import pytest
from sqlalchemy import select

from igny8_assets.store import outbox
from igny8_assets.store.database import Store
from igny8_assets.store.models import Notice, NoticeEvent, NoticeStatus, Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.notices.receivers import http_receiver, mail_server

FACTS = {"site": "shop", "site_name": "Shop", "run_id": "5d3c", "stages": []}
SLACK = "https://hooks.slack.example/services/T0/B0/token"


def test_a_webhook_is_added_its_secret_shown_once_and_its_path_never(igny8: Igny8, site: Site) -> None:
    added = igny8("notices", "add", site.slug, "webhook", "https://crm.example/hook/7f3a", "--on", "run_failed")
    assert added.code == 0
    assert "goes to https://crm.example/… (run_failed)" in added.out
    assert "whsec_" in added.out
    listed = igny8("notices", "channels", site.slug)
    assert "https://crm.example/…" in listed.out
    assert "whsec_" not in listed.out
    assert "7f3a" not in added.out + listed.out


def test_without_events_a_channel_is_told_everything(igny8: Igny8, site: Site) -> None:
    igny8("notices", "add", site.slug, "slack", SLACK)
    [channel] = igny8("notices", "channels", site.slug, "--json").json
    assert channel["events"] == ["run_completed", "run_failed", "run_paused", "run_skipped", "review_ready"]


def test_adding_an_address_again_changes_its_events(igny8: Igny8, site: Site) -> None:
    igny8("notices", "add", site.slug, "slack", SLACK)
    igny8("notices", "remove", site.slug, 1)
    igny8("notices", "add", site.slug, "slack", SLACK, "--on", "review_ready")
    [channel] = igny8("notices", "channels", site.slug, "--json").json
    assert (channel["channel"], channel["events"]) == (1, ["review_ready"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("webhook", "ftp://crm.example"), "is no address of a webhook"),
        (("slack", "hooks.slack.example"), "is no address of a slack"),
        (("slack", "https://" + "x" * 500), "may have 500 characters"),
        (("slack", SLACK, "--on", "run_faild"), "'run_faild' is no event"),
        (("email", "ops"), "is no e-mail address"),
        (("email", "ops@shop.example, other@shop.example"), "is no e-mail address"),
        (("email", "ops@shop.example"), "IGNY8_SMTP_HOST is not set"),
        (("pigeon", "x"), "igny8 notices add --help"),
    ],
)
def test_what_can_not_be_sent_to_is_refused(igny8: Igny8, site: Site, arguments: tuple[str, ...], words: str) -> None:
    assert_refused(igny8("notices", "add", site.slug, *arguments), words)
    assert igny8("notices", "channels", site.slug, "--json").json == []


def test_a_channel_of_another_site_is_not_found(igny8: Igny8, site: Site) -> None:
    assert_refused(igny8("notices", "remove", site.slug, 7), "has no channel 7")


def test_a_test_message_is_sent_at_once(igny8: Igny8, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as box:
        monkeypatch.setenv("IGNY8_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("IGNY8_SMTP_PORT", str(box.port))
        monkeypatch.setenv("IGNY8_SMTP_SECURITY", "none")
        monkeypatch.setenv("IGNY8_SMTP_FROM", "igny8@shop.example")
        igny8("notices", "add", site.slug, "email", "ops@shop.example")
        assert igny8("notices", "test", site.slug, 1).out == "delivered to ops@shop.example\n"
        assert [mail["Subject"] for mail in box.messages] == ["shop: this is a test message"]
        box.refusals.append("550 no such user")
        refused = igny8("notices", "test", site.slug, 1)
    assert refused.code == 1
    assert refused.out == "not delivered to ops@shop.example: the mail server said 550: no such user\n"


def test_a_message_that_was_given_up_is_shown_and_can_be_sent_again(igny8: Igny8, site: Site, store: Store) -> None:
    with http_receiver() as receiver:
        igny8("notices", "add", site.slug, "webhook", receiver.url("/"))
        with store.write() as session:
            outbox.put(session, site.id, NoticeEvent.RUN_FAILED, "a", FACTS)
            session.flush()
            message = session.scalars(select(Notice)).one()
            message.status, message.error = NoticeStatus.DEAD, "the receiver answered 500"
        [shown] = igny8("notices", "list", site.slug, "--status", "dead", "--json").json
        assert (shown["event"], shown["error"]) == ("run_failed", "the receiver answered 500")
        assert igny8("notices", "retry", shown["notice"]).code == 0
    assert igny8("notices", "list", site.slug, "--json").json[0]["status"] == "pending"
    assert_refused(igny8("notices", "retry", shown["notice"]), "is pending, not dead")
    assert_refused(igny8("notices", "retry", 99), "there is no notice 99")


def test_the_end_of_a_run_here_delivers_its_news_and_a_receiver_that_is_down_does_not_fail_it(
    igny8: Igny8, site: Site
) -> None:
    with http_receiver() as receiver:
        igny8("notices", "add", site.slug, "webhook", receiver.url("/"))
        igny8("notices", "add", site.slug, "slack", "http://127.0.0.1:9/services/T0/B0/token")
        ended = igny8("run", site.slug, "--stages", "3")
    assert ended.code == 0
    assert "notice 2 could not be sent to http://127.0.0.1:9/…: the receiver could not be reached" in ended.out
    assert "token" not in ended.out
    assert len(receiver.requests) == 1
    assert {row["status"] for row in igny8("notices", "list", site.slug, "--json").json} == {"sent", "pending"}
