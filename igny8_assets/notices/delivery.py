"""Delivering what stands in the outbox: each message is claimed, sent, and marked; a failure waits and is tried again.

A process that dies between sending and marking leaves a message that is sent once more under the same id.
"""

import random
import time
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import Refusal
from igny8_assets.notices.channels import REMOVED, shown_target
from igny8_assets.notices.senders import NotDelivered, send
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Notice, NoticeChannel, NoticeStatus, utc_now

CLAIM_SECONDS = 120.0
"""After so long a message whose sender fell silent is tried by another; a sender gives up long before."""
LONGEST_PAUSE_SECONDS = 3600.0
LONGEST_ERROR = 200


@dataclass(frozen=True)
class Attempt:
    """What came of trying to send a message."""

    number: int
    channel: str
    status: NoticeStatus
    error: str | None


def deliver_due(
    store: Store, settings: Settings, *, site_id: int | None = None, seconds: float = 30.0
) -> list[Attempt]:
    """Send the messages that are due, the oldest first, until none is left or the time is up.

    A channel that does not take one is left alone for the rest of this call.

    Args:
        site_id: only this site's.
        seconds: after so long no other message is begun.
    """
    deadline = time.monotonic() + seconds
    attempts: list[Attempt] = []
    silent: set[int] = set()
    while time.monotonic() < deadline:
        with store.write() as session:
            notice = _next_due(session, site_id, silent)
            if notice is not None:
                _claim(notice)
        if notice is None:
            break
        attempt = _deliver(store, settings, notice)
        attempts.append(attempt)
        if attempt.error is not None:
            silent.add(notice.channel_id)
    return attempts


def deliver_one(store: Store, settings: Settings, number: int) -> Attempt:
    """Send a message now, whenever it would be due."""
    with store.write() as session:
        notice = session.get_one(Notice, number, with_for_update=True)
        _claim(notice)
    return _deliver(store, settings, notice)


def _deliver(store: Store, settings: Settings, notice: Notice) -> Attempt:
    error: NotDelivered | None = None
    try:
        send(notice, settings)
    except NotDelivered as failure:
        error = failure
    with store.write() as session:
        marked = session.get_one(Notice, notice.id, with_for_update=True)
        _mark(marked, error, settings)
        return Attempt(marked.id, shown_target(notice.channel), marked.status, marked.error)


def _next_due(session: Session, site_id: int | None, silent: set[int]) -> Notice | None:
    due = (
        select(Notice)
        .join(NoticeChannel, NoticeChannel.id == Notice.channel_id)
        .where(
            Notice.status == NoticeStatus.PENDING,
            Notice.next_attempt_at <= utc_now(),
            NoticeChannel.id.not_in(list(silent)),
        )
        .order_by(Notice.next_attempt_at, Notice.id)
        .limit(1)
        .with_for_update(of=Notice, skip_locked=True)
    )
    return session.scalar(due if site_id is None else due.where(NoticeChannel.site_id == site_id))


def _claim(notice: Notice) -> None:
    notice.attempts += 1
    notice.next_attempt_at = utc_now() + timedelta(seconds=CLAIM_SECONDS)
    # Read now: the sender works without a session.
    _ = notice.channel.target


def _mark(notice: Notice, error: NotDelivered | None, settings: Settings) -> None:
    if notice.status != NoticeStatus.PENDING:
        # Its channel was removed, or another sent it, meanwhile.
        return
    if error is None:
        notice.status, notice.sent_at, notice.error = NoticeStatus.SENT, utc_now(), None
        return
    notice.error = str(error)[:LONGEST_ERROR]
    if notice.attempts >= settings.notice_attempts:
        notice.status = NoticeStatus.DEAD
    notice.next_attempt_at = utc_now() + timedelta(seconds=pause_seconds(notice.attempts, error.retry_after, settings))


def pause_seconds(attempts: int, wanted: float, settings: Settings) -> float:
    """How long a message waits after so many attempts, and at least as long as the receiver wanted."""
    doubled = settings.notice_retry_seconds * 2.0 ** (attempts - 1)
    # Jitter, so that what failed together does not come back together.
    return max(wanted, min(doubled, LONGEST_PAUSE_SECONDS) * random.uniform(0.8, 1.2))  # noqa: S311


def try_again(notice: Notice) -> None:
    """Have a dead message sent again, with all its attempts.

    Raises:
        Refusal: it is not dead, or its channel was removed.
    """
    if notice.status != NoticeStatus.DEAD:
        raise Refusal(f"notice {notice.id} is {notice.status.value}, not dead", code="not_dead")
    if notice.channel.removed_at is not None:
        raise Refusal(f"notice {notice.id} can't be sent: {REMOVED}", code="channel_removed")
    notice.status, notice.attempts, notice.next_attempt_at = NoticeStatus.PENDING, 0, utc_now()
