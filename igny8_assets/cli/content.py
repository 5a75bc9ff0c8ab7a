"""The commands about texts: showing them, writing them out, letting an image go."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import LARGEST_ID, Limit, SiteArgument, TextArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, amount, print_json, say, show_facts, show_rows
from igny8_assets.store.models import Content, ContentStatus, Site


class Form(StrEnum):
    """The formats of an export."""

    HTML = "html"
    MD = "md"
    CSV = "csv"
    WXR = "wxr"


Status = Annotated[ContentStatus | None, typer.Option(help="Only those that stand here.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Content: the texts.")
    noun.command("list", help="Show a site's texts.")(list_)
    noun.command("show", help="Show a text with its checks and images.")(show)
    noun.command("export", help="Write texts as HTML, Markdown, CSV or WordPress WXR.")(export)
    noun.command("remove-image", help="Let a text go without one of its images.")(remove_image)
    app.add_typer(noun, name="content")


def list_(site: SiteArgument, status: Status = None, limit: Limit = 100, as_json: AsJson = False) -> None:
    """Show texts."""
    with open_installation() as installation, installation.store.read() as session:
        wanted = _texts(find_site(session, site), status).limit(limit)
        rows = [
            {
                "id": content.id,
                "title": content.title,
                "keyphrase": content.keyphrase,
                "words": content.word_count,
                "quality": content.quality.get("verdict"),
                "images": content.illustration.value.replace("_", " "),
                "status": content.status.value,
                "reason": content.review_reason or content.failure_reason,
            }
            for content in session.scalars(wanted)
        ]
    show_rows(rows, as_json=as_json, empty=f"{site} has no such texts; `igny8 run {site}` writes them")


def show(site: SiteArgument, text: TextArgument, as_json: AsJson = False) -> None:
    """Show a text."""
    from igny8_assets.review.access import find_content
    from igny8_assets.review.exporting.markdown import to_markdown

    with open_installation() as installation, installation.store.read() as session:
        content = find_content(session, find_site(session, site), text)
        facts, images = _facts(content), _images(content)
        summary = [{**image, "location": image["location"] and Path(image["location"]).name} for image in images]
        findings, html, json_ld = content.quality.get("findings", []), content.html, content.json_ld
    if as_json:
        print_json({**facts, "images": images, "findings": findings, "html": html, "json_ld": json_ld})
        return
    show_facts(facts, as_json=False)
    say("")
    show_rows(summary, as_json=False, empty="no images yet")
    say("")
    notable = [finding for finding in findings if finding["verdict"] != "pass"]
    show_rows(
        notable, as_json=False, empty=f"all of {len(findings)} checks pass" if findings else "no checks were made"
    )
    say("\n" + to_markdown(html))


def export(
    site: SiteArgument,
    form: Annotated[
        Form, typer.Option("--format", help="html and md make a folder, csv and wxr one file.")
    ] = Form.HTML,
    status: Annotated[
        ContentStatus | None, typer.Option(help="Only those that stand here; without it, all but the rejected.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder or file; without it, the site's folder of drafts, or standard output."),
    ] = None,
) -> None:
    """Write texts out."""
    from igny8_assets.media.library import ImageLibrary
    from igny8_assets.review.exporting.exports import FOLDER_FORMATS, export_content, remove_rejected

    with open_installation() as installation, installation.store.read() as session:
        settings = installation.settings
        row = find_site(session, site)
        wanted = _texts(row, status)
        if status is None:
            wanted = wanted.where(Content.status != ContentStatus.REJECTED)
        contents = session.scalars(wanted.options(selectinload(Content.images))).all()
        ours = out is None and form in FOLDER_FORMATS
        target = settings.drafts / row.slug if ours else out
        done = export_content(row, contents, form, target, ImageLibrary(settings.images))
        if ours and status is None:
            remove_rejected(session, row, settings.drafts / row.slug)
    for line in done.missing:
        say(line)
    if done.target is not None:
        if form in FOLDER_FORMATS:
            say(f"wrote {amount(done.texts, 'text')} and {amount(done.images, 'image')} to {done.target}")
        else:
            say(f"wrote {amount(done.texts, 'text')} to {done.target}; html and md bring the images along")
    if done.missing:
        raise typer.Exit(1)


def remove_image(
    site: SiteArgument,
    image: Annotated[int, typer.Argument(metavar="IMAGE", min=1, max=LARGEST_ID, help="The image's number.")],
) -> None:
    """Let a text go without an image."""
    from igny8_assets.review import removing

    with open_installation() as installation, installation.store.write() as session:
        row = removing.remove_image(session, find_site(session, site), image)
        content = row.content
    say(f"image {image} is removed; text {content.id} is {content.status.value}, images: {content.illustration.value}")


def _texts(site: Site, status: ContentStatus | None) -> Select[Content]:
    wanted = select(Content).where(Content.site_id == site.id).order_by(Content.id)
    return wanted if status is None else wanted.where(Content.status == status)


def _facts(content: Content) -> dict[str, Any]:
    return {
        "id": content.id,
        "title": content.title,
        "slug": content.slug,
        "status": content.status.value,
        "illustration": content.illustration.value,
        "keyphrase": content.keyphrase,
        "meta_title": content.meta_title,
        "meta_description": content.meta_description,
        "words": content.word_count,
        "quality": content.quality.get("verdict"),
        "content_hash": content.content_hash,
        "reviewer": content.reviewer,
        "reviewed_at": content.reviewed_at,
        "review_reason": content.review_reason,
        "published_url": content.published_url,
        "note": content.provenance.get("note"),
        "created_at": content.created_at,
    }


def _images(content: Content) -> list[dict[str, Any]]:
    return [
        {
            "image": image.id,
            "role": image.role,
            "status": image.status.value,
            "alt_text": image.alt_text,
            "location": image.location,
            "failure": image.failure_reason,
        }
        for image in content.images
    ]
