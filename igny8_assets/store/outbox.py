"""The outbox: a message is written in the transaction in which something happened, and sent by someone else later."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.store.models import Notice, NoticeChannel, NoticeEvent


def is_heard(session: Session, site_id: int) -> bool:
    """Whether anybody is told of a site."""
    channel = select(NoticeChannel.id).where(NoticeChannel.site_id == site_id, NoticeChannel.removed_at.is_(None))
    return session.scalar(channel.limit(1)) is not None


def put(session: Session, site_id: int, event: NoticeEvent, key: str, facts: dict[str, Any]) -> None:
    """Write a message for each of a site's channels that wants to hear of such an event.

    Args:
        key: names the occurrence; a channel is told of it once, however often this is called.
        facts: what the message is made of, as JSON.
    """
    told = select(Notice.channel_id).where(Notice.key == key)
    channels = session.scalars(
        select(NoticeChannel)
        .where(NoticeChannel.site_id == site_id, NoticeChannel.removed_at.is_(None), NoticeChannel.id.not_in(told))
        .order_by(NoticeChannel.id)
    )
    session.add_all(
        Notice(channel_id=channel.id, event=event, key=key, facts=facts)
        for channel in channels
        if event in channel.events
    )
