"""The channels of a site: adding, showing and removing them."""

import base64
import secrets
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.headerregistry import Address
from urllib.parse import urlsplit

from pydantic import AnyHttpUrl, TypeAdapter, ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.settings import Settings
from igny8_assets.store.models import ChannelKind, Notice, NoticeChannel, NoticeEvent, NoticeStatus, Site, utc_now

EVENTS = tuple(event for event in NoticeEvent if event != NoticeEvent.TEST)
REMOVED = "the channel was removed"
SECRET_PREFIX = "whsec_"  # noqa: S105 - no secret itself
"""How the Standard Webhooks specification marks a secret."""
SECRET_BYTES = 24
LONGEST_TARGET = 500


def add_channel(
    session: Session, site: Site, settings: Settings, kind: ChannelKind, target: str, events: Sequence[NoticeEvent] = ()
) -> NoticeChannel:
    """Have a site's news sent to an address; an address that it has already gets these events instead.

    Args:
        target: an e-mail address, or the URL of a Slack webhook or of any receiver.
        events: what to tell; none means everything.

    Raises:
        UserError: the address can't be one, or mail can't be sent as the settings stand.
    """
    target = target.strip()
    _refuse_unusable(kind, target, settings)
    channel = session.scalar(
        select(NoticeChannel).where(
            NoticeChannel.site_id == site.id, NoticeChannel.kind == kind, NoticeChannel.target == target
        )
    )
    if channel is None:
        channel = NoticeChannel(site_id=site.id, kind=kind, target=target)
        if kind == ChannelKind.WEBHOOK:
            channel.secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        session.add(channel)
    channel.events = [event.value for event in events or EVENTS]
    channel.removed_at = None
    session.flush()
    return channel


def channels_of(session: Session, site: Site) -> Sequence[NoticeChannel]:
    """A site's channels, in the order in which they were added."""
    mine = (NoticeChannel.site_id == site.id, NoticeChannel.removed_at.is_(None))
    return session.scalars(select(NoticeChannel).where(*mine).order_by(NoticeChannel.id)).all()


def find_channel(session: Session, site: Site, number: int) -> NoticeChannel:
    """A site's channel.

    Raises:
        NotFound: the site has none of this number.
    """
    channel = session.get(NoticeChannel, number)
    if channel is None or channel.site_id != site.id or channel.removed_at is not None:
        raise NotFound(f"site {site.slug!r} has no channel {number}; `igny8 notices channels {site.slug}` shows them")
    return channel


def remove_channel(session: Session, channel: NoticeChannel) -> None:
    """Send nothing more to a channel; what still waits for it is dead."""
    channel.removed_at = utc_now()
    session.execute(
        update(Notice)
        .where(Notice.channel_id == channel.id, Notice.status == NoticeStatus.PENDING)
        .values(status=NoticeStatus.DEAD, error=REMOVED)
    )


def parse_events(text: str) -> list[NoticeEvent]:
    """Read `run_failed,review_ready`; nothing means everything.

    Raises:
        UserError: one is no event.
    """
    found: list[NoticeEvent] = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        if word not in EVENTS:
            raise UserError(f"{word!r} is no event; they are {', '.join(EVENTS)}")
        found.append(NoticeEvent(word))
    return list(dict.fromkeys(found))


def shown_target(channel: NoticeChannel) -> str:
    """The address as it may be shown: the path of a URL lets whoever knows it write there."""
    if channel.kind == ChannelKind.EMAIL:
        return channel.target
    parts = urlsplit(channel.target)
    return f"{parts.scheme}://{parts.hostname}{'' if parts.port is None else f':{parts.port}'}/…"


def _refuse_unusable(kind: ChannelKind, target: str, settings: Settings) -> None:
    if len(target) > LONGEST_TARGET:
        raise UserError(f"an address may have {LONGEST_TARGET} characters; this one has {len(target)}")
    if kind != ChannelKind.EMAIL:
        try:
            TypeAdapter(AnyHttpUrl).validate_python(target)
        except ValidationError:
            raise UserError(f"{target[:60]!r} is no address of a {kind.value}; write it like https://…") from None
        return
    try:
        address = Address(addr_spec=target)
    except (HeaderParseError, ValueError, IndexError):
        address = None
    if address is None or not address.domain or not target.isprintable() or " " in target:
        raise UserError(f"{target[:60]!r} is no e-mail address; write it like name@example.com")
    for name in ("smtp_host", "smtp_from"):
        if not getattr(settings, name):
            raise UserError(f"mail can't be sent: IGNY8_{name.upper()} is not set; set it in the environment or .env")
