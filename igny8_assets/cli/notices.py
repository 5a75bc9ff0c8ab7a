"""The commands about notices: where a site's news goes, and what became of each message."""

from typing import Annotated, Any

import typer
from sqlalchemy import select

from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import ItemNumber, Limit, SiteArgument
from igny8_assets.cli.installation import OpenInstallation, open_installation
from igny8_assets.cli.output import AsJson, say, show_rows
from igny8_assets.errors import NotFound
from igny8_assets.store.models import ChannelKind, Notice, NoticeChannel, NoticeEvent, NoticeStatus, utc_now

EventsOption = Annotated[
    str,
    typer.Option(
        "--on", help="What to tell, e.g. run_failed,review_ready; without it, everything: run_completed … review_ready."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Notices: telling people about runs and texts.")
    noun.command("add", help="Send a site's news by e-mail, to Slack or to a webhook.")(add)
    noun.command("channels", help="Show where a site's news goes.")(channels)
    noun.command("remove", help="Send nothing more to a channel.")(remove)
    noun.command("test", help="Send a test message to a channel now.")(test)
    noun.command("list", help="Show the messages of a site, the latest first.")(list_)
    noun.command("retry", help="Have a message that was given up sent again.")(retry)
    app.add_typer(noun, name="notices")


def add(
    site: SiteArgument,
    kind: Annotated[ChannelKind, typer.Argument(metavar="KIND", help="email, slack or webhook.")],
    target: Annotated[str, typer.Argument(metavar="ADDRESS", help="An e-mail address or a URL.")],
    events: EventsOption = "",
) -> None:
    """Add a channel."""
    from igny8_assets.notices.channels import add_channel, parse_events, shown_target

    wanted = parse_events(events)
    with open_installation() as installation, installation.store.write() as session:
        channel = add_channel(session, find_site(session, site), installation.settings, kind, target, wanted)
        told = f"channel {channel.id}: news of {site} goes to {shown_target(channel)} ({', '.join(channel.events)})"
    say(told)
    if channel.secret:
        say(f"its messages are signed as Standard Webhooks describes, with the secret {channel.secret}")
    say(f"`igny8 notices test {site} {channel.id}` sends a test message")


def channels(site: SiteArgument, as_json: AsJson = False) -> None:
    """Show the channels."""
    from igny8_assets.notices.channels import channels_of, shown_target

    with open_installation() as installation, installation.store.read() as session:
        rows = [
            {
                "channel": channel.id,
                "kind": channel.kind.value,
                "address": shown_target(channel),
                "events": channel.events,
                "added": channel.created_at,
            }
            for channel in channels_of(session, find_site(session, site))
        ]
    show_rows(rows, as_json=as_json, empty=f"nobody is told of {site}; `igny8 notices add {site} …` changes that")


def remove(site: SiteArgument, number: ItemNumber) -> None:
    """Remove a channel."""
    from igny8_assets.notices.channels import find_channel, remove_channel, shown_target

    with open_installation() as installation, installation.store.write() as session:
        channel = find_channel(session, find_site(session, site), number)
        remove_channel(session, channel)
    say(f"nothing more is sent to {shown_target(channel)}")


def test(site: SiteArgument, number: ItemNumber) -> None:
    """Send a test message."""
    from igny8_assets.notices.channels import find_channel, shown_target
    from igny8_assets.notices.delivery import deliver_one

    with open_installation() as installation:
        with installation.store.write() as session:
            row = find_site(session, site)
            channel = find_channel(session, row, number)
            facts = {"site": row.slug, "site_name": row.name}
            moment = utc_now()
            notice = Notice(
                channel_id=channel.id, event=NoticeEvent.TEST, key=f"test:{moment.timestamp()}", facts=facts
            )
            session.add(notice)
            session.flush()
        attempt = deliver_one(installation.store, installation.settings, notice.id)
        if attempt.error is not None:
            say(f"not delivered to {shown_target(channel)}: {attempt.error}")
            raise typer.Exit(1)
        say(f"delivered to {shown_target(channel)}")


def list_(
    site: SiteArgument,
    status: Annotated[NoticeStatus | None, typer.Option(help="Only those: pending, sent or dead.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Show the messages."""
    with open_installation() as installation:
        rows = _messages(installation, site, status, limit)
    show_rows(rows, as_json=as_json, empty="there are no messages")


def _messages(
    installation: OpenInstallation, site: str, status: NoticeStatus | None, limit: int
) -> list[dict[str, Any]]:
    from igny8_assets.notices.channels import shown_target

    with installation.store.read() as session:
        found = (
            select(Notice)
            .join(NoticeChannel, NoticeChannel.id == Notice.channel_id)
            .where(NoticeChannel.site_id == find_site(session, site).id)
            .order_by(Notice.id.desc())
            .limit(limit)
        )
        return [
            {
                "notice": notice.id,
                "event": notice.event.value,
                "to": shown_target(notice.channel),
                "status": notice.status.value,
                "attempts": notice.attempts,
                "written": notice.created_at,
                "sent": notice.sent_at,
                "next_attempt": notice.next_attempt_at if notice.status == NoticeStatus.PENDING else None,
                "error": notice.error or "",
            }
            for notice in session.scalars(found if status is None else found.where(Notice.status == status))
        ]


def retry(number: ItemNumber) -> None:
    """Send a dead message again."""
    from igny8_assets.notices.delivery import try_again

    with open_installation() as installation, installation.store.write() as session:
        notice = session.get(Notice, number, with_for_update=True)
        if notice is None:
            raise NotFound(f"there is no notice {number}; `igny8 notices list SITE` shows a site's")
        try_again(notice)
    say(f"notice {number} is sent again by the daemon of `igny8 ui`, or at the end of the next `igny8 run`")
