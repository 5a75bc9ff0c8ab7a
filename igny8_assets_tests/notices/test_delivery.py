"""The outbox: nothing is lost, nothing is sent twice without need, and what can't be sent is given up and shown."""

import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from igny8_assets.errors import Refusal
from igny8_assets.notices import delivery
from igny8_assets.notices.channels import remove_channel
from igny8_assets.notices.delivery import CLAIM_SECONDS, LONGEST_PAUSE_SECONDS, deliver_due, pause_seconds, try_again
from igny8_assets.settings import Settings, load_settings
from igny8_assets.store import outbox
from igny8_assets.store.database import Store
from igny8_assets.store.models import ChannelKind, Notice, NoticeChannel, NoticeEvent, NoticeStatus, Site, utc_now
from igny8_assets_tests.notices.conftest import let_time_pass, messages, tell
from igny8_assets_tests.notices.receivers import Receiver
from igny8_assets_tests.pipeline.sites import make_site

FACTS = {"site": "camp", "site_name": "Camp Shop", "run_id": "5d3c"}


def happen(store: Store, site: Site, key: str) -> None:
    with store.write() as session:
        outbox.put(session, site.id, NoticeEvent.RUN_COMPLETED, key, FACTS)


def deliver(store: Store) -> list[NoticeStatus]:
    return [attempt.status for attempt in deliver_due(store, load_settings())]


def test_a_message_is_sent_once(store: Store, site: Site, receiver: Receiver) -> None:
    tell(store, site, ChannelKind.WEBHOOK, receiver.url("/"))
    happen(store, site, "a")
    assert (deliver(store), deliver(store)) == ([NoticeStatus.SENT], [])
    [message] = messages(store)
    assert (message.status, message.attempts, message.error) == (NoticeStatus.SENT, 1, None)


def test_what_is_rolled_back_is_told_to_nobody(store: Store, site: Site, receiver: Receiver) -> None:
    tell(store, site, ChannelKind.WEBHOOK, receiver.url("/"))
    with pytest.raises(ZeroDivisionError), store.write() as session:
        outbox.put(session, site.id, NoticeEvent.RUN_COMPLETED, "a", FACTS)
        raise ZeroDivisionError
    assert messages(store) == []


def test_ten_senders_at_once_send_each_message_once(store: Store, site: Site, receiver: Receiver) -> None:
    tell(store, site, ChannelKind.WEBHOOK, receiver.url("/"))
    for number in range(20):
        happen(store, site, str(number))
    settings = load_settings()
    senders = [threading.Thread(target=deliver_due, args=(store, settings)) for _ in range(10)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    sent = [request.headers["webhook-id"] for request in receiver.requests]
    assert sorted(sent) == sorted(message.public_id for message in messages(store))


def test_a_failure_is_tried_again_later_and_after_so_many_attempts_given_up(
    store: Store, site: Site, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_NOTICE_ATTEMPTS", "3")
    tell(store, site, ChannelKind.WEBHOOK, receiver.url("/"))
    happen(store, site, "a")
    receiver.answers += [(503, {})] * 3
    for status in (NoticeStatus.PENDING, NoticeStatus.PENDING, NoticeStatus.DEAD):
        assert deliver(store) == [status]
        # Not at once.
        assert deliver(store) == []
        let_time_pass(store)
    assert deliver(store) == []
    [message] = messages(store)
    assert (message.attempts, message.error) == (3, "the receiver answered 503")
    with store.write() as session:
        try_again(session.get_one(Notice, message.id))
    assert deliver(store) == [NoticeStatus.SENT]


def test_a_receiver_that_asks_to_wait_is_left_alone_so_long(store: Store, site: Site, receiver: Receiver) -> None:
    tell(store, site, ChannelKind.WEBHOOK, receiver.url("/"))
    happen(store, site, "a")
    receiver.answers.append((429, {"Retry-After": "900"}))
    deliver(store)
    [message] = messages(store)
    assert message.next_attempt_at > utc_now() + timedelta(seconds=800)


def test_a_receiver_that_is_down_does_not_hold_up_the_others(store: Store, site: Site, receiver: Receiver) -> None:
    tell(store, site, ChannelKind.WEBHOOK, "http://127.0.0.1:9/")
    tell(store, site, ChannelKind.WEBHOOK, receiver.url("/"))
    for key in ("a", "b"):
        happen(store, site, key)
    # The one that is down is asked once.
    assert sorted(deliver(store)) == [NoticeStatus.PENDING, NoticeStatus.SENT, NoticeStatus.SENT]


def test_a_message_whose_sender_died_is_sent_by_another_under_the_same_id(
    store: Store, site: Site, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(store, site, ChannelKind.WEBHOOK, receiver.url("/"))
    happen(store, site, "a")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        # Dies after the receiver took it and before that was noted.
        patched.setattr(delivery, "_mark", _die)
        deliver(store)
    assert deliver(store) == []
    with store.write() as session:
        session.execute(update(Notice).values(next_attempt_at=utc_now() + timedelta(seconds=0.0)))
    assert deliver(store) == [NoticeStatus.SENT]
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len(receiver.requests) == 2


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_message_in_hand_is_left_to_its_sender_for_a_while(
    store: Store, site: Site, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(store, site, ChannelKind.WEBHOOK, receiver.url("/"))
    happen(store, site, "a")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(delivery, "send", _die)
        deliver(store)
    [message] = messages(store)
    assert message.next_attempt_at > utc_now() + timedelta(seconds=CLAIM_SECONDS / 2)


def test_a_removed_channel_gets_nothing_more(store: Store, site: Site, receiver: Receiver) -> None:
    channel = tell(store, site, ChannelKind.WEBHOOK, receiver.url("/"))
    happen(store, site, "a")
    with store.write() as session:
        remove_channel(session, session.get_one(NoticeChannel, channel.id))
    happen(store, site, "b")
    assert deliver(store) == []
    [message] = messages(store)
    assert (message.status, message.error) == (NoticeStatus.DEAD, "the channel was removed")
    with pytest.raises(Refusal, match="was removed"), store.write() as session:
        try_again(session.get_one(Notice, message.id))


def test_only_the_messages_of_one_site_are_sent_when_it_is_named(store: Store, site: Site, receiver: Receiver) -> None:
    other = make_site(store, "other")
    for one in (site, other):
        tell(store, one, ChannelKind.WEBHOOK, receiver.url("/"))
        happen(store, one, one.slug)
    assert len(deliver_due(store, load_settings(), site_id=other.id)) == 1
    assert [message.status for message in messages(store)] == [NoticeStatus.PENDING, NoticeStatus.SENT]


@given(attempts=st.integers(1, 100), wanted=st.floats(0, 3600))
def test_a_pause_grows_to_an_hour_and_is_never_shorter_than_the_receiver_asked(attempts: int, wanted: float) -> None:
    settings = Settings(_env_file=None)
    pause = pause_seconds(attempts, wanted, settings)
    assert max(wanted, 0.8 * settings.notice_retry_seconds) <= pause <= 1.2 * LONGEST_PAUSE_SECONDS
