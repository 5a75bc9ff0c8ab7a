"""Sites: what texts are written for."""

from fastapi import APIRouter, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.automation.sites import NewSite, add_site, change_site, set_status
from igny8_assets.errors import UserError
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Site, SiteStatus
from igny8_assets.web.api.sites_answers import SiteChanges, SiteFacts, SiteToAdd
from igny8_assets.web.callers import Access, Administering, Viewing
from igny8_assets.web.cursors import DEFAULT_LIMIT, After, Limit, Order, Page, page_of
from igny8_assets.web.kept_answers import DoingOnce
from igny8_assets.web.problems import problems
from igny8_assets.web.shapes import SiteSlug
from igny8_assets.web.versions import IfMatch, etag_of, refuse_another_version

router = APIRouter(prefix="/sites", tags=["sites"])


@router.get("/", responses=problems())
def list_sites(access: Viewing, limit: Limit = DEFAULT_LIMIT, after: After = None) -> Page[SiteFacts]:
    """The sites that the key is for, in the order in which they were added."""
    with access.store.read() as session:
        account = access.account(session)
        wanted = select(Site).where(Site.account_id == account.id)
        if access.caller.sites:
            wanted = wanted.where(Site.id.in_(access.caller.sites))
        return page_of(session, wanted, [Order(Site.id)], limit, after, lambda row: SiteFacts.of(row[0]))


@router.post("/", status_code=201, response_model=SiteFacts, responses=problems(400, 409))
def create_site(access: Administering, once: DoingOnce, new: SiteToAdd) -> Response:
    """Add a site to the account; a key that is for some sites only may not."""

    def add(session: Session) -> SiteFacts:
        account = access.account(session)
        if access.caller.sites:
            raise UserError(
                "this key is for some sites only; add a site with a key of the whole account",
                code="forbidden",
                status=403,
            )
        site = add_site(session, account, NewSite(**new.model_dump(exclude_none=True)))
        return SiteFacts.of(site)

    answer = once.do(add, status=201)
    # Dagster's partition is added by a sensor of its daemon.
    (access.settings.inbox / new.slug).mkdir(parents=True, exist_ok=True)
    return answer


@router.get("/{site}/", responses=problems())
def get_site(access: Viewing, site: SiteSlug, response: Response) -> SiteFacts:
    """What is known of a site; the ETag is for changing it."""
    with access.reading(site) as (_, row):
        shown = SiteFacts.of(row)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.patch("/{site}/", responses=problems(400, 412, 428))
def update_site(
    access: Administering, site: SiteSlug, changes: SiteChanges, response: Response, if_match: IfMatch = None
) -> SiteFacts:
    """Change what is known of a site; another language or country is that of what comes from now on."""
    with access.store.write() as session:
        row = access.site(session, site)
        take_turn(session, row.id)
        session.refresh(row)
        refuse_another_version(if_match, SiteFacts.of(row))
        change_site(session, row, changes.model_dump(exclude_none=True))
        session.flush()
        shown = SiteFacts.of(row)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.post("/{site}/archive/", response_model=SiteFacts, responses=problems())
def archive_site(access: Administering, once: DoingOnce, site: SiteSlug) -> Response:
    """Stop working on a site; all of it is kept."""
    return once.do(lambda session: _set(access, session, site, SiteStatus.ARCHIVED))


@router.post("/{site}/restore/", response_model=SiteFacts, responses=problems())
def restore_site(access: Administering, once: DoingOnce, site: SiteSlug) -> Response:
    """Work on an archived site again."""
    return once.do(lambda session: _set(access, session, site, SiteStatus.ACTIVE))


def _set(access: Access, session: Session, slug: str, status: SiteStatus) -> SiteFacts:
    site = access.site(session, slug)
    set_status(site, status)
    return SiteFacts.of(site)
