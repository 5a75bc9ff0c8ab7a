"""Keywords: what people search for."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from igny8_assets.keywords.normalising import normalise
from igny8_assets.store.models import Cluster, Keyword, KeywordStatus
from igny8_assets.web.api.keywords_answers import ImportAnswer, KeywordFacts, NamedKeywords
from igny8_assets.web.callers import Editing, Viewing
from igny8_assets.web.cursors import DEFAULT_LIMIT, After, Limit, Order, Page, page_of
from igny8_assets.web.kept_answers import DoingOnce, IdempotencyKey
from igny8_assets.web.keyword_uploads import NO_LIMIT_HERE, import_upload, receiving
from igny8_assets.web.problems import problems
from igny8_assets.web.shapes import LARGEST_NUMBER, Changed, Kept, SiteSlug
from igny8_assets.web.uploads import Upload

router = APIRouter(prefix="/sites/{site}/keywords", tags=["keywords"])

FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "CSV, TSV, text, .xlsx or .zip."},
                    "sector": {
                        "type": "string",
                        "maxLength": 80,
                        "description": "The sector of new keywords; without it, the default one.",
                    },
                },
            },
            "encoding": {"file": {"contentType": "application/octet-stream"}},
        }
    },
}


async def _upload(request: Request, access: Editing, site: SiteSlug) -> AsyncIterator[Upload]:
    async with receiving(request, access, site) as upload:
        yield upload


# Gone before the answer is sent: whoever has the answer finds nothing left of the upload.
Received = Annotated[Upload, Depends(_upload, scope="function")]


@router.post("/import/", responses=problems(400), openapi_extra={"requestBody": FORM}, max_body_size=NO_LIMIT_HERE)
def import_keywords(
    access: Editing,
    site: SiteSlug,
    upload: Received,
    _again: IdempotencyKey = None,
) -> ImportAnswer:
    """Import a keyword export; a file counts once by its content, however often it is sent."""
    return import_upload(access, site, upload)


@router.get("/", responses=problems())
def list_keywords(
    access: Viewing,
    site: SiteSlug,
    status: KeywordStatus | None = None,
    cluster: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER, description="Those of this cluster.")] = None,
    text: Annotated[str | None, Kept, Query(max_length=200, description="What they contain, in any case.")] = None,
    min_volume: Annotated[int | None, Query(ge=0, le=LARGEST_NUMBER, description="Searches a month.")] = None,
    max_difficulty: Annotated[int | None, Query(ge=0, le=100)] = None,
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[KeywordFacts]:
    """A site's keywords, the most searched first."""
    beside = aliased(Keyword)
    with access.reading(site) as (session, row):
        wanted = (
            select(Keyword, Cluster.name, beside.text)
            .outerjoin(Cluster, Cluster.id == Keyword.cluster_id)
            .outerjoin(beside, beside.id == Keyword.reason_keyword_id)
            .where(Keyword.site_id == row.id, *_chosen(status, cluster, text, min_volume, max_difficulty))
        )
        orders = [Order(func.coalesce(Keyword.volume, -1), is_falling=True), Order(Keyword.id)]
        return page_of(session, wanted, orders, limit, after, _facts)


@router.post("/ignore/", response_model=Changed, responses=problems(400))
def ignore_keywords(access: Editing, once: DoingOnce, site: SiteSlug, named: NamedKeywords) -> Response:
    """Take keywords out of the work; mapped ones leave their clusters."""
    from igny8_assets.review.ignoring import ignore

    return once.do(lambda session: Changed(changed=ignore(session, access.site(session, site), named.keywords)))


@router.post("/unignore/", response_model=Changed, responses=problems(400))
def unignore_keywords(access: Editing, once: DoingOnce, site: SiteSlug, named: NamedKeywords) -> Response:
    """Put ignored keywords back into their clusters; those whose cluster is no more are new again."""
    from igny8_assets.review.ignoring import unignore

    return once.do(
        lambda session: Changed(changed=unignore(session, access.site(session, site), named.keywords).number)
    )


def _chosen(
    status: KeywordStatus | None,
    cluster: int | None,
    text: str | None,
    min_volume: int | None,
    max_difficulty: int | None,
) -> list[Any]:
    chosen: list[Any] = []
    if status is not None:
        chosen.append(Keyword.status == status)
    if cluster is not None:
        chosen.append(Keyword.cluster_id == cluster)
    if text is not None and normalise(text):
        chosen.append(Keyword.normalised.contains(normalise(text), autoescape=True))
    if min_volume is not None:
        chosen.append(Keyword.volume >= min_volume)
    if max_difficulty is not None:
        chosen.append(Keyword.difficulty <= max_difficulty)
    return chosen


def _facts(row: Any) -> KeywordFacts:
    from igny8_assets.review.why_there import why_there

    keyword, cluster, beside = row[:3]
    return KeywordFacts.of(keyword, cluster, why_there(keyword.reason, beside, keyword.reason_amount))
