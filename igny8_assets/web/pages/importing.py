"""Sending a keyword export from the page."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from igny8_assets.store.models import KeyRole
from igny8_assets.web.callers import access_of
from igny8_assets.web.keyword_uploads import NO_LIMIT_HERE, import_upload, receiving
from igny8_assets.web.pages.rendering import fragment
from igny8_assets.web.sessions import Visitor, checked_token
from igny8_assets.web.uploads import Upload

router = APIRouter(prefix="/automation/{slug}/keywords", include_in_schema=False, dependencies=[Depends(checked_token)])


async def _upload(request: Request, caller: Visitor, slug: str) -> AsyncIterator[Upload]:
    async with receiving(request, access_of(request, caller, KeyRole.EDITOR), slug) as upload:
        yield upload


@router.post("/import", max_body_size=NO_LIMIT_HERE)
def import_keywords(
    request: Request, caller: Visitor, slug: str, upload: Annotated[Upload, Depends(_upload, scope="function")]
) -> HTMLResponse:
    """Import a keyword export and tell what came of it."""
    done = import_upload(access_of(request, caller, KeyRole.EDITOR), slug, upload)
    return HTMLResponse(fragment("_imported.html", done=done), headers={"HX-Trigger": "igny8:run"})
