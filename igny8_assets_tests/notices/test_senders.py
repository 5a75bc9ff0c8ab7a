"""What a receiver gets: a mailbox, a Slack webhook, and any program that checks signatures."""

import json

import pytest
from standardwebhooks import Webhook

from igny8_assets.notices.delivery import deliver_due
from igny8_assets.settings import load_settings
from igny8_assets.store import outbox
from igny8_assets.store.database import Store
from igny8_assets.store.models import ChannelKind, NoticeEvent, Site
from igny8_assets_tests.notices.conftest import let_time_pass, messages, tell
from igny8_assets_tests.notices.receivers import Mailbox, Receiver, mail_server

FACTS = {
    "site": "camp",
    "site_name": "Camp Shop",
    "run_id": "5d3c",
    "reason": "stage 4: the provider's key was refused",
    "slot": None,
    "credits_used": 12.5,
    "dagster_run_id": "77aa",
    "ready_for_review": 3,
    "stages": [{"stage": 4, "done": 5, "failed": 2, "total": 7}],
}
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.filterwarnings("ignore:Requiring AUTH"),
]


def happen(store: Store, site: Site, event: NoticeEvent = NoticeEvent.RUN_FAILED, key: str = "once") -> None:
    with store.write() as session:
        outbox.put(session, site.id, event, key, FACTS)


def deliver(store: Store) -> list[str | None]:
    return [attempt.error for attempt in deliver_due(store, load_settings())]


def test_a_mail_says_what_happened_why_and_where_to_look(store: Store, site: Site, mailbox: Mailbox) -> None:
    tell(store, site, ChannelKind.EMAIL, "ops@shop.example")
    happen(store, site)
    assert deliver(store) == [None]
    [mail] = mailbox.messages
    assert mailbox.recipients == ["ops@shop.example"]
    assert (mail["From"], mail["To"]) == ("igny8@shop.example", "ops@shop.example")
    assert mail["Subject"] == "camp: the run failed"
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "Reason: stage 4: the provider's key was refused" in text
    assert "4. Tasks → Content: 5 of 7, 2 failed" in text
    assert "http://127.0.0.1:3000/runs/77aa" in text
    assert "igny8 logs 5d3c" in text


def test_a_mail_that_is_sent_again_has_the_same_message_id(store: Store, site: Site, mailbox: Mailbox) -> None:
    mailbox.refusals.append("451 try again later")
    tell(store, site, ChannelKind.EMAIL, "ops@shop.example")
    happen(store, site)
    assert deliver(store) == ["the mail server said 451: try again later"]
    let_time_pass(store)
    assert deliver(store) == [None]
    [mail], [message] = mailbox.messages, messages(store)
    assert mail["Message-ID"] == f"<{message.public_id}@shop.example>"


def test_a_mail_server_that_asks_for_a_password_gets_it(
    store: Store, site: Site, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(store, site, ChannelKind.EMAIL, "ops@shop.example")
    happen(store, site)
    with mail_server(password="right one") as locked:
        monkeypatch.setenv("IGNY8_SMTP_PORT", str(locked.port))
        monkeypatch.setenv("IGNY8_SMTP_USER", "mailer")
        monkeypatch.setenv("IGNY8_SMTP_PASSWORD", "wrong one")
        [error] = deliver(store)
        assert error is not None
        assert error.startswith("the mail server said 535")
        monkeypatch.setenv("IGNY8_SMTP_PASSWORD", "right one")
        let_time_pass(store)
        assert deliver(store) == [None]
        assert len(locked.messages) == 1


@pytest.mark.parametrize(("security", "reason"), [("tls", "SSLError"), ("starttls", "SMTPNotSupportedError")])
def test_a_mail_is_never_sent_less_encrypted_than_the_settings_ask(
    store: Store, site: Site, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, security: str, reason: str
) -> None:
    monkeypatch.setenv("IGNY8_SMTP_SECURITY", security)
    tell(store, site, ChannelKind.EMAIL, "ops@shop.example")
    happen(store, site)
    assert deliver(store) == [f"the mail server could not be used: {reason}"]
    assert mailbox.messages == []


def test_slack_gets_a_text(store: Store, site: Site, receiver: Receiver) -> None:
    tell(store, site, ChannelKind.SLACK, receiver.url("/services/T0/B0/secret"))
    happen(store, site, NoticeEvent.REVIEW_READY)
    assert deliver(store) == [None]
    [request] = receiver.requests
    assert json.loads(request.body)["text"].startswith("*camp: 3 texts are ready for review*\n")


def test_a_webhooks_signature_holds_by_the_standard_and_names_the_message(
    store: Store, site: Site, receiver: Receiver
) -> None:
    channel = tell(store, site, ChannelKind.WEBHOOK, receiver.url("/news"))
    happen(store, site)
    assert deliver(store) == [None]
    [request], [message] = receiver.requests, messages(store)
    told = Webhook(channel.secret or "").verify(request.body, request.headers)
    assert (told["type"], told["data"]["run_id"]) == ("run_failed", "5d3c")
    assert request.headers["idempotency-key"] == request.headers["webhook-id"] == message.public_id


def test_a_receiver_that_has_moved_is_not_followed(store: Store, site: Site, receiver: Receiver) -> None:
    receiver.answers.append((302, {"Location": receiver.url("/elsewhere")}))
    tell(store, site, ChannelKind.WEBHOOK, receiver.url("/news"))
    happen(store, site)
    assert deliver(store) == ["the receiver answered 302"]
    assert [request.path for request in receiver.requests] == ["/news"]


def test_a_receiver_that_is_away_is_told_without_its_address(store: Store, site: Site) -> None:
    tell(store, site, ChannelKind.SLACK, "http://127.0.0.1:9/services/T0/B0/secret")
    happen(store, site)
    assert deliver(store) == ["the receiver could not be reached: ConnectionRefusedError"]
