"""The commands of the review gate: what waits for a person, and what the person decides."""

from typing import Annotated

import typer
from sqlalchemy import or_, select

from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import Limit, Reviewer, SiteArgument, TextArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, say, show_rows
from igny8_assets.store.models import Content, ContentStatus, Illustration


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Review: nothing is published that a person did not approve.")
    noun.command("list", help="Show what waits for a decision, and what is approved.")(list_)
    noun.command("approve", help="Approve a draft as it is now.")(approve)
    noun.command("reject", help="Reject a text, with the reason.")(reject)
    noun.command("mark-published", help="Note where an approved text stands on the web.")(mark_published)
    app.add_typer(noun, name="review")


def list_(site: SiteArgument, limit: Limit = 100, as_json: AsJson = False) -> None:
    """Show the drafts that are ready, and the approved texts."""
    with open_installation() as installation, installation.store.read() as session:
        ready = (Content.status == ContentStatus.DRAFT) & (Content.illustration == Illustration.READY)
        wanted = (
            select(Content)
            .where(Content.site_id == find_site(session, site).id, or_(ready, Content.status == ContentStatus.APPROVED))
            .order_by(Content.status.desc(), Content.id)
            .limit(limit)
        )
        rows = []
        for content in session.scalars(wanted):
            findings = content.quality.get("findings", [])
            rows.append(
                {
                    "id": content.id,
                    "title": content.title,
                    "words": content.word_count,
                    "warnings": sum(finding["verdict"] == "warn" for finding in findings),
                    "blocks": sum(finding["verdict"] == "block" for finding in findings),
                    "status": content.status.value,
                    "reviewer": content.reviewer,
                    "content_hash": content.content_hash,
                }
            )
    if not as_json:
        # The whole hash is for programs; a person reads its beginning.
        rows = [{**row, "content_hash": str(row["content_hash"])[:12]} for row in rows]
    show_rows(rows, as_json=as_json, empty=f"nothing of {site} waits for review; `igny8 overview {site}` says why")


def approve(
    site: SiteArgument,
    text: TextArgument,
    reviewer: Reviewer,
    seen: Annotated[
        str | None, typer.Option("--hash", help="The hash of what you read; another text is not approved.")
    ] = None,
) -> None:
    """Approve a draft."""
    from igny8_assets.review import decisions

    with open_installation() as installation, installation.store.write() as session:
        content = decisions.approve(session, find_site(session, site), text, reviewer, seen_hash=seen)
    say(f"text {text} is approved by {content.reviewer} as {content.content_hash[:12]}")


def reject(
    site: SiteArgument,
    text: TextArgument,
    reviewer: Reviewer,
    reason: Annotated[str, typer.Option(help="Why; if it is written again, the writer is told.")],
    write_again: Annotated[bool, typer.Option("--write-again", help="Have it written again; charged again.")] = False,
) -> None:
    """Reject a text."""
    from igny8_assets.review import decisions

    with open_installation() as installation, installation.store.write() as session:
        decisions.reject(session, find_site(session, site), text, reviewer, reason, write_again=write_again)
    again = f"; its task is pending again, `igny8 run {site}` writes it" if write_again else ""
    say(f"text {text} is rejected{again}")


def mark_published(
    site: SiteArgument,
    text: TextArgument,
    reviewer: Reviewer,
    url: Annotated[str, typer.Option(help="Where it stands on the web.")],
) -> None:
    """Note that a text is published."""
    from igny8_assets.review import decisions

    with open_installation() as installation, installation.store.write() as session:
        content = decisions.mark_published(session, find_site(session, site), text, reviewer, url)
    say(f"text {text} is published at {content.published_url}")
