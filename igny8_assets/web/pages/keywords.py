"""The planner's keywords: all that a site has, found by their words, taken out of the work and back in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from igny8_assets.errors import UserError
from igny8_assets.review.ignoring import ignore, unignore
from igny8_assets.store.models import KeyRole, KeywordStatus
from igny8_assets.web.callers import access_of
from igny8_assets.web.cursors import After
from igny8_assets.web.keyword_lists import WantedKeywords, page_of_keywords
from igny8_assets.web.pages.done import done
from igny8_assets.web.pages.rendering import page, texts
from igny8_assets.web.pages.status_filter import chosen_status
from igny8_assets.web.sessions import Visitor, checked_token
from igny8_assets.web.shapes import Kept

router = APIRouter(prefix="/automation/{slug}/keywords", include_in_schema=False, dependencies=[Depends(checked_token)])

ROWS = 100
STATUSES = [one.value for one in KeywordStatus]
Chosen = Annotated[list[str], Form(default_factory=list, max_length=ROWS)]


@router.get("")
def list_keywords(
    request: Request,
    caller: Visitor,
    slug: str,
    status: Annotated[str, Query(max_length=20)] = "",
    text: Annotated[str, Kept, Query(max_length=200)] = "",
    after: After = None,
) -> Response:
    """The keywords, the most searched first."""
    access = access_of(request, caller)
    with access.reading(slug) as (session, site):
        only = chosen_status(status, STATUSES)
        wanted = WantedKeywords(None if only is None else KeywordStatus(only), text=text)
        found = page_of_keywords(session, site, wanted, ROWS, after)
        return page(
            request,
            "keywords.html",
            site=site,
            sites=access.sites(session),
            caller=caller,
            keywords=found.items,
            next=found.next,
            only=only,
            text=text,
            statuses=STATUSES,
            may_arrange=caller.may(KeyRole.EDITOR),
        )


@router.post("/ignore")
def ignore_chosen(request: Request, caller: Visitor, slug: str, chosen: Chosen) -> Response:
    """Take the chosen keywords out of the work."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        ignore(session, access.site(session, slug), some_keywords(chosen))
    return done(request, "ignored")


@router.post("/take_up")
def take_up_chosen(request: Request, caller: Visitor, slug: str, chosen: Chosen) -> Response:
    """Take the chosen keywords, which were ignored, up again."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        unignore(session, access.site(session, slug), some_keywords(chosen))
    return done(request, "taken_up")


def some_keywords(chosen: list[str]) -> list[str]:
    """What was chosen.

    Raises:
        UserError: nothing was.
    """
    if not chosen:
        raise UserError(texts()["planner"]["choose_keywords"])
    return chosen
