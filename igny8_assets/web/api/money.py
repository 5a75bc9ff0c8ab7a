"""Credits of the account, and what a site's requests to AI services cost in dollars."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BeforeValidator
from sqlalchemy import select

from igny8_assets.automation.costs import By, costs_of
from igny8_assets.store.models import CreditEntry, EntryKind, Site
from igny8_assets.web.api.money_answers import BalanceAnswer, CostsAnswer, EntryFacts
from igny8_assets.web.callers import Viewing
from igny8_assets.web.cursors import DEFAULT_LIMIT, After, Limit, Order, Page, page_of
from igny8_assets.web.problems import problems
from igny8_assets.web.shapes import SLUG_PATTERN, SiteSlug

router = APIRouter(tags=["credits"])


def _as_written(value: object) -> object:
    """A count of seconds since 1970 is no day that anyone means."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
        raise ValueError("should be a day, written like 2026-11-24")
    return value


Day = Annotated[date, BeforeValidator(_as_written)]


@router.get("/credits/", responses=problems())
def get_credits(access: Viewing) -> BalanceAnswer:
    """What the account has."""
    with access.store.read() as session:
        return BalanceAnswer.of(access.account(session))


@router.get("/credits/ledger/", responses=problems())
def list_ledger(
    access: Viewing,
    site: Annotated[str | None, Query(pattern=SLUG_PATTERN, description="Lines of this site.")] = None,
    run: Annotated[
        str | None, Query(min_length=36, max_length=36, pattern=r"^[0-9a-f-]+$", description="Lines of this run.")
    ] = None,
    kind: EntryKind | None = None,
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[EntryFacts]:
    """The account's ledger, the latest first; a key for some sites sees the lines of those alone."""
    with access.store.read() as session:
        account = access.account(session)
        wanted = (
            select(CreditEntry, Site.slug)
            .outerjoin(Site, Site.id == CreditEntry.site_id)
            .where(CreditEntry.account_id == account.id)
        )
        if access.caller.sites:
            wanted = wanted.where(CreditEntry.site_id.in_(access.caller.sites))
        if site is not None:
            wanted = wanted.where(CreditEntry.site_id == access.site(session, site).id)
        if run is not None:
            wanted = wanted.where(CreditEntry.run_id == access.run(session, run).id)
        if kind is not None:
            wanted = wanted.where(CreditEntry.kind == kind)
        orders = [Order(CreditEntry.id, is_falling=True)]
        return page_of(session, wanted, orders, limit, after, lambda found: EntryFacts.of(found[0], found[1]))


@router.get("/sites/{site}/costs/", responses=problems())
def get_costs(
    access: Viewing,
    site: SiteSlug,
    by: By = "stage",
    since: Annotated[Day | None, Query(description="From this UTC day on.", examples=["2026-11-01"])] = None,
) -> CostsAnswer:
    """What a site's requests to AI services cost."""
    moment = None if since is None else datetime.combine(since, time(), UTC)
    with access.reading(site) as (session, row):
        return CostsAnswer.of(by, costs_of(session, row, by=by, since=moment))
