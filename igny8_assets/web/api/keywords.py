"""Keywords: what people search for."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from igny8_assets.store.models import KeywordStatus
from igny8_assets.web.api.keywords_answers import ImportAnswer, KeywordFacts, NamedKeywords
from igny8_assets.web.callers import Editing, Viewing
from igny8_assets.web.cursors import DEFAULT_LIMIT, After, Limit, Page
from igny8_assets.web.kept_answers import DoingOnce, IdempotencyKey
from igny8_assets.web.keyword_lists import WantedKeywords, page_of_keywords
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


@router.post("/import/", responses=problems(400, 408), openapi_extra={"requestBody": FORM}, max_body_size=NO_LIMIT_HERE)
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
    wanted = WantedKeywords(status, cluster, text, min_volume, max_difficulty)
    with access.reading(site) as (session, row):
        return page_of_keywords(session, row, wanted, limit, after)


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
