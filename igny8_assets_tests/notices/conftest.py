"""A site whose news goes somewhere."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from igny8_assets.notices.channels import add_channel
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import ChannelKind, Notice, NoticeChannel, NoticeEvent, Site, utc_now
from igny8_assets_tests.notices.receivers import Mailbox, Receiver, http_receiver, mail_server
from igny8_assets_tests.pipeline.sites import make_site


@pytest.fixture
def site(store: Store) -> Site:
    """A site without channels."""
    return make_site(store)


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that the settings name."""
    with mail_server() as box:
        monkeypatch.setenv("IGNY8_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("IGNY8_SMTP_PORT", str(box.port))
        monkeypatch.setenv("IGNY8_SMTP_SECURITY", "none")
        monkeypatch.setenv("IGNY8_SMTP_FROM", "igny8@shop.example")
        yield box


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP server that takes everything."""
    with http_receiver() as running:
        yield running


def tell(store: Store, site: Site, kind: ChannelKind, target: str, *events: NoticeEvent) -> NoticeChannel:
    """Add a channel."""
    with store.write() as session:
        return add_channel(session, session.get_one(Site, site.id), load_settings(), kind, target, events)


def messages(store: Store) -> list[Notice]:
    """All messages in the outbox, in the order in which they were written."""
    with store.read() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def let_time_pass(store: Store) -> None:
    """Make every waiting message due."""
    with store.write() as session:
        session.execute(update(Notice).values(next_attempt_at=utc_now() - timedelta(seconds=1)))
