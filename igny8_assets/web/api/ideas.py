"""Ideas: texts that could be written."""

from typing import cast

from fastapi import APIRouter, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.review.holding import drop, find_planned, hold, release
from igny8_assets.review.prioritising import set_priority
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import ContentIdea, IdeaStatus, Site
from igny8_assets.web.api.planned_answers import Holding, IdeaFacts, Named, NewPriority
from igny8_assets.web.callers import Editing, Viewing
from igny8_assets.web.cursors import DEFAULT_LIMIT, After, Limit, Order, Page, page_of
from igny8_assets.web.kept_answers import DoingOnce
from igny8_assets.web.problems import problems
from igny8_assets.web.shapes import Changed, Number, SiteSlug
from igny8_assets.web.versions import IfMatch, etag_of, refuse_another_version

router = APIRouter(prefix="/sites/{site}/ideas", tags=["ideas"])

IN_TURN = [
    Order(ContentIdea.priority, is_falling=True),
    Order(ContentIdea.volume, is_falling=True),
    Order(ContentIdea.id),
]


@router.get("/", responses=problems())
def list_ideas(
    access: Viewing,
    site: SiteSlug,
    status: IdeaStatus | None = None,
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[IdeaFacts]:
    """A site's ideas, in the order in which they are taken up."""
    with access.reading(site) as (session, row):
        wanted = select(ContentIdea).where(ContentIdea.site_id == row.id)
        if status is not None:
            wanted = wanted.where(ContentIdea.status == status)
        return page_of(session, wanted, IN_TURN, limit, after, lambda found: IdeaFacts.of(found[0]))


@router.get("/{idea:int}/", responses=problems())
def get_idea(access: Viewing, site: SiteSlug, idea: Number, response: Response) -> IdeaFacts:
    """An idea; the ETag is for changing its priority."""
    with access.reading(site) as (session, row):
        shown = _shown(session, row, idea)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.patch("/{idea:int}/", responses=problems(400, 412, 428))
def prioritise_idea(
    access: Editing, site: SiteSlug, idea: Number, new: NewPriority, response: Response, if_match: IfMatch = None
) -> IdeaFacts:
    """Put an idea before or after others; refused once it has cost something."""
    with access.store.write() as session:
        row = access.site(session, site)
        take_turn(session, row.id)
        refuse_another_version(if_match, _shown(session, row, idea))
        set_priority(session, row, "idea", idea, new.priority)
        session.flush()
        shown = _shown(session, row, idea)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.post("/hold/", response_model=Changed, responses=problems(400))
def hold_ideas(access: Editing, once: DoingOnce, site: SiteSlug, named: Holding) -> Response:
    """Hold ideas back until a person releases them; those that are held get the new reason."""

    def do(session: Session) -> Changed:
        return Changed(changed=hold(session, access.site(session, site), "idea", named.ids, named.reason))

    return once.do(do)


@router.post("/release/", response_model=Changed, responses=problems(400))
def release_ideas(access: Editing, once: DoingOnce, site: SiteSlug, named: Named) -> Response:
    """Let held or dropped ideas go on."""
    return once.do(lambda session: Changed(changed=release(session, access.site(session, site), "idea", named.ids)))


@router.post("/drop/", response_model=Changed, responses=problems(400))
def drop_ideas(access: Editing, once: DoingOnce, site: SiteSlug, named: Named) -> Response:
    """Give ideas up; naming them in a release brings them back."""
    return once.do(lambda session: Changed(changed=drop(session, access.site(session, site), "idea", named.ids)))


def _shown(session: Session, site: Site, number: int) -> IdeaFacts:
    return IdeaFacts.of(cast(ContentIdea, find_planned(session, site, "idea", number)))
