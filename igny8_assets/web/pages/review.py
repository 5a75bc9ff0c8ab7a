"""The review: the texts that wait for a person, one text with all that speaks for and against it, and the decision."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound
from igny8_assets.review.access import LONGEST_REASON, find_content, find_image
from igny8_assets.review.decisions import LONGEST_URL, approve, mark_published, reject
from igny8_assets.review.editing import LONGEST, LONGEST_HTML, edit
from igny8_assets.review.exporting.pictures import FEATURED, figure, illustrated, pictures_of
from igny8_assets.review.image_prompts import LONGEST as LONGEST_OF_IMAGES
from igny8_assets.review.image_prompts import edit_image
from igny8_assets.review.lineage import lineage_of
from igny8_assets.review.redoing import redo
from igny8_assets.review.removing import remove_image
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Content, ContentStatus, Illustration, Image, KeyRole, ReviewDecision, Site
from igny8_assets.web.api.images_answers import ImageFacts
from igny8_assets.web.callers import Caller, access_of
from igny8_assets.web.pages import pictures_elsewhere
from igny8_assets.web.pages.done import done
from igny8_assets.web.pages.rendering import page, texts
from igny8_assets.web.pictures import picture_of
from igny8_assets.web.sessions import Visitor, checked_token
from igny8_assets.web.text_downloads import ExportFormat, texts_as_file
from igny8_assets.web.versions import etag_of, refuse_another_version

router = APIRouter(prefix="/automation/{slug}/review", include_in_schema=False, dependencies=[Depends(checked_token)])

MOST_LISTED = 200
VERDICTS = ("block", "warn", "pass")
"""What stands against a text comes first."""
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
def waiting(request: Request, caller: Visitor, slug: str) -> Response:
    """The drafts that are ready, and what was decided, the latest first."""
    access = access_of(request, caller)
    ready = (Content.status == ContentStatus.DRAFT) & (Content.illustration == Illustration.READY)
    with access.reading(slug) as (session, site):
        wanted = select(Content).where(Content.site_id == site.id).order_by(Content.id.desc()).limit(MOST_LISTED)
        return page(
            request,
            "review.html",
            site=site,
            sites=access.sites(session),
            caller=caller,
            to_keep=_statuses_of(session, site),
            forms=list(ExportFormat),
            waiting=session.scalars(wanted.where(ready)).all(),
            decided=session.scalars(wanted.where(Content.status != ContentStatus.DRAFT)).all(),
        )


@router.get("/download")
def texts_to_keep(
    request: Request,
    caller: Visitor,
    slug: str,
    status: Literal["draft", "approved", "published"],
    form: Annotated[ExportFormat, Query(alias="format")],
) -> Response:
    """The texts of a status as a file."""
    return texts_as_file(access_of(request, caller), slug, form, ContentStatus(status))


@router.get("/{number}")
def article(request: Request, caller: Visitor, slug: str, number: Number) -> Response:
    """A text with its pictures, its quality report, and what people decided about it."""
    access = access_of(request, caller)
    with access.reading(slug) as (session, site):
        content = find_content(session, site, number)
        decisions = select(ReviewDecision).where(ReviewDecision.content_id == content.id).order_by(ReviewDecision.id)
        return page(
            request,
            "article.html",
            site=site,
            sites=access.sites(session),
            caller=caller,
            content=content,
            body=_body(content, f"/automation/{slug}/review/images"),
            lineage=lineage_of(session, site, content),
            findings=sorted(content.quality.get("findings", []), key=lambda one: VERDICTS.index(one["verdict"])),
            decisions=session.scalars(decisions).all(),
            versions={image.id: etag_of(ImageFacts.of(image)) for image in content.images},
            may_decide=caller.may(KeyRole.EDITOR),
            longest={
                **LONGEST,
                **LONGEST_OF_IMAGES,
                "html": LONGEST_HTML,
                "reason": LONGEST_REASON,
                "url": LONGEST_URL,
            },
        )


@router.post("/{number}/approve")
def approve_it(
    request: Request, caller: Visitor, slug: str, number: Number, seen: Annotated[str, Form(max_length=64)]
) -> Response:
    """Approve the text that was read."""
    return _changed(
        request,
        caller,
        slug,
        number,
        "approved",
        lambda session, site: approve(session, site, number, caller.label, seen_hash=seen),
    )


@router.post("/{number}/reject")
def reject_it(
    request: Request,
    caller: Visitor,
    slug: str,
    number: Number,
    reason: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
    write_again: Annotated[bool, Form()] = False,
) -> Response:
    """Reject the text, with the reason."""
    return _changed(
        request,
        caller,
        slug,
        number,
        "rejected",
        lambda session, site: reject(session, site, number, caller.label, reason, write_again=write_again),
    )


@router.post("/{number}/published")
def publish_it(
    request: Request, caller: Visitor, slug: str, number: Number, url: Annotated[str, Form(max_length=LONGEST_URL)]
) -> Response:
    """Note that the text stands on the web, and where."""
    return _changed(
        request,
        caller,
        slug,
        number,
        "published",
        lambda session, site: mark_published(session, site, number, caller.label, url),
    )


@router.post("/{number}/edit")
def edit_it(
    request: Request,
    caller: Visitor,
    slug: str,
    number: Number,
    seen: Annotated[str, Form(max_length=64)],
    title: Annotated[str, Form()],
    meta_title: Annotated[str, Form()],
    meta_description: Annotated[str, Form()],
    html: Annotated[str, Form()],
) -> Response:
    """Change the text that was read; an approval of it is void."""

    def change(session: Session, site: Site) -> Content:
        return edit(
            session,
            site,
            number,
            caller.label,
            title=title,
            meta_title=meta_title,
            meta_description=meta_description,
            html=html,
            seen_hash=seen,
        )

    return _changed(request, caller, slug, number, "edited", change)


@router.post("/{number}/images/{image}")
def change_image(
    request: Request,
    caller: Visitor,
    slug: str,
    number: Number,
    image: Number,
    version: Annotated[str, Form(max_length=64)],
    prompt: Annotated[str, Form()],
    alt_text: Annotated[str, Form()],
    again: Annotated[bool, Form()] = False,
) -> Response:
    """Change what a picture is to show and how it is told, and have it made again; an approval of the text is void."""

    def change(session: Session, site: Site) -> None:
        take_turn(session, site.id)
        refuse_another_version(version, ImageFacts.of(_image_of(session, site, number, image)))
        edit_image(session, site, image, caller.label, prompt=prompt, alt_text=alt_text)
        if again:
            redo(session, site, 6, image)

    return _changed(request, caller, slug, number, "picture_again" if again else "picture_changed", change)


@router.post("/{number}/images/{image}/remove")
def remove_it(request: Request, caller: Visitor, slug: str, number: Number, image: Number) -> Response:
    """Let the text go on without a picture."""

    def remove(session: Session, site: Site) -> None:
        take_turn(session, site.id)
        _image_of(session, site, number, image)
        remove_image(session, site, image)

    return _changed(request, caller, slug, number, "picture_removed", remove)


def _statuses_of(session: Session, site: Site) -> list[str]:
    """Where the texts that may be wanted elsewhere stand."""
    found = set(session.scalars(select(Content.status).where(Content.site_id == site.id).distinct()))
    wanted = (ContentStatus.APPROVED, ContentStatus.PUBLISHED, ContentStatus.DRAFT)
    return [status.value for status in wanted if status in found]


def _image_of(session: Session, site: Site, number: int, image: int) -> Image:
    row = find_image(session, site, image)
    if row.content_id != number:
        raise NotFound(f"text {number} has no image {image}")
    return row


def _changed(
    request: Request, caller: Caller, slug: str, number: int, what: str, work: Callable[[Session, Site], Any]
) -> Response:
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        work(session, access.site(session, slug))
    return done(request, what, f"/automation/{slug}/review/{number}")


def _body(content: Content, address: str) -> str:
    """The text as it would be published, with its pictures in their places."""
    numbers = {image.name: image.id for image in content.images}
    pictures = pictures_of(content, lambda name, _: f"{address}/{numbers[name]}")
    first = "".join(figure(picture) for picture in pictures if picture.role == FEATURED)
    return first + illustrated(pictures_elsewhere.told(content.html, texts()["images"]["elsewhere"]), pictures)


@router.get("/images/{number}")
def picture(request: Request, caller: Visitor, slug: str, number: Number) -> Response:
    """A picture's bytes, under an address that changes with them."""
    access = access_of(request, caller)
    with access.reading(slug) as (session, site):
        image = find_image(session, site, number)
    return picture_of(image, access.settings, seen=request.headers.get("If-None-Match"))
