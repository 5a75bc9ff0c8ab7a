"""Content: the texts, and what people decide about them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.review import decisions
from igny8_assets.review.access import find_content
from igny8_assets.review.lineage import lineage_of
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Content, ContentStatus, Illustration, ReviewDecision, Site
from igny8_assets.web.api.content_answers import (
    Approval,
    ContentAnswer,
    ContentChanges,
    ContentSummary,
    DecisionFacts,
    Publication,
    Rejection,
    TextVersion,
)
from igny8_assets.web.api.lineage_answers import LineageAnswer
from igny8_assets.web.callers import Editing, Viewing
from igny8_assets.web.cursors import DEFAULT_LIMIT, After, Limit, Order, Page, page_of
from igny8_assets.web.kept_answers import DoingOnce
from igny8_assets.web.problems import problems
from igny8_assets.web.shapes import Number, SiteSlug
from igny8_assets.web.text_downloads import KINDS, ExportFormat, texts_as_file
from igny8_assets.web.versions import IfMatch, etag_of, refuse_another_version

router = APIRouter(prefix="/sites/{site}/content", tags=["content"])


FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {kind: {} for kind in sorted(set(KINDS.values()))}}
}


@router.get("/", responses=problems())
def list_content(
    access: Viewing,
    site: SiteSlug,
    status: ContentStatus | None = None,
    illustration: Illustration | None = None,
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[ContentSummary]:
    """A site's texts, the latest first."""
    with access.reading(site) as (session, row):
        wanted = select(Content).where(Content.site_id == row.id)
        if status is not None:
            wanted = wanted.where(Content.status == status)
        if illustration is not None:
            wanted = wanted.where(Content.illustration == illustration)
        orders = [Order(Content.id, is_falling=True)]
        return page_of(session, wanted, orders, limit, after, lambda found: ContentSummary.of(found[0]))


@router.get("/export/", response_class=FileResponse, responses={**problems(400), **FILE})
def export_texts(
    access: Viewing,
    site: SiteSlug,
    form: Annotated[
        ExportFormat,
        Query(alias="format", description="html and md come as a zip with the pictures, csv and wxr as one file."),
    ] = ExportFormat.HTML,
    status: Annotated[
        ContentStatus | None, Query(description="Only those that stand here; without it, all but the rejected.")
    ] = None,
) -> Response:
    """Texts as a file. `missing.txt` in a zip tells of pictures that are not in the library."""
    return texts_as_file(access, site, form, status)


@router.get("/{text:int}/", responses=problems())
def get_content(access: Viewing, site: SiteSlug, text: Number, response: Response) -> ContentAnswer:
    """All of a text: its words, checks and pictures, and why it exists. The ETag is of its words and its status."""
    with access.reading(site) as (session, row):
        content = find_content(session, row, text)
        response.headers["ETag"] = etag_of(TextVersion.of(content))
        return _shown(session, row, content)


@router.patch("/{text:int}/", responses=problems(400, 412, 428))
def update_content(
    access: Editing, site: SiteSlug, text: Number, changes: ContentChanges, response: Response, if_match: IfMatch = None
) -> ContentAnswer:
    """Change a text: it is cleaned and checked anew, and an approval is void."""
    from igny8_assets.review.editing import edit

    with access.store.write() as session:
        row = access.site(session, site)
        take_turn(session, row.id)
        refuse_another_version(if_match, TextVersion.of(find_content(session, row, text)))
        content = edit(session, row, text, access.caller.label, **changes.model_dump())
        session.flush()
        response.headers["ETag"] = etag_of(TextVersion.of(content))
        return _shown(session, row, content)


@router.post("/{text:int}/approve/", response_model=ContentSummary, responses=problems(400))
def approve_content(access: Editing, once: DoingOnce, site: SiteSlug, text: Number, approval: Approval) -> Response:
    """Approve a draft as it was read."""

    def approve(session: Session) -> ContentSummary:
        row = access.site(session, site)
        seen = approval.content_hash
        return ContentSummary.of(decisions.approve(session, row, text, access.caller.label, seen_hash=seen))

    return once.do(approve)


@router.post("/{text:int}/reject/", response_model=ContentSummary, responses=problems(400))
def reject_content(access: Editing, once: DoingOnce, site: SiteSlug, text: Number, rejection: Rejection) -> Response:
    """Reject a text, with the reason; with `write_again` the next attempt is told it."""

    def reject(session: Session) -> ContentSummary:
        row, again = access.site(session, site), rejection.write_again
        return ContentSummary.of(
            decisions.reject(session, row, text, access.caller.label, rejection.reason, write_again=again)
        )

    return once.do(reject)


@router.post("/{text:int}/publish/", response_model=ContentSummary, responses=problems(400))
def publish_content(
    access: Editing, once: DoingOnce, site: SiteSlug, text: Number, publication: Publication
) -> Response:
    """Note that an approved text stands on the web."""

    def publish(session: Session) -> ContentSummary:
        row = access.site(session, site)
        return ContentSummary.of(decisions.mark_published(session, row, text, access.caller.label, publication.url))

    return once.do(publish)


@router.get("/{text:int}/decisions/", responses=problems())
def list_decisions(
    access: Viewing, site: SiteSlug, text: Number, limit: Limit = DEFAULT_LIMIT, after: After = None
) -> Page[DecisionFacts]:
    """What people decided about a text, the latest first."""
    with access.reading(site) as (session, row):
        wanted = select(ReviewDecision).where(ReviewDecision.content_id == find_content(session, row, text).id)
        orders = [Order(ReviewDecision.id, is_falling=True)]
        return page_of(session, wanted, orders, limit, after, lambda found: DecisionFacts.of(found[0]))


def _shown(session: Session, site: Site, content: Content) -> ContentAnswer:
    return ContentAnswer.told(content, LineageAnswer.of(lineage_of(session, site, content)))
