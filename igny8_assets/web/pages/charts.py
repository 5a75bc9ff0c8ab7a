"""The charts of a site: what each day cost, and how far its keywords have come."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from igny8_assets.automation.trends import DaySpent, funnel, spent_daily
from igny8_assets.store.amounts import credits_from, usd_text
from igny8_assets.store.models import utc_now
from igny8_assets.web.callers import access_of
from igny8_assets.web.pages.rendering import fragment
from igny8_assets.web.sessions import Visitor, checked_token

router = APIRouter(prefix="/automation/{slug}/charts", include_in_schema=False, dependencies=[Depends(checked_token)])

DAYS = 30


@dataclass(frozen=True)
class Daily:
    """A chart of days: the total in words, and for each day its amount in words and as parts of the largest.

    A day's second part is what is possible beyond what is known.
    """

    name: str
    total: str
    shown: tuple[str, ...]
    parts: tuple[tuple[float, float], ...]


@router.get("")
def charts(request: Request, caller: Visitor, slug: str) -> HTMLResponse:
    """Credits and dollars of the last days, and the funnel."""
    with access_of(request, caller).reading(slug) as (session, site):
        days = spent_daily(session, site, utc_now().date(), DAYS)
        steps = funnel(session, site)
    drawn = fragment(
        "_charts.html",
        days=[one.day for one in days],
        daily=[_credits(days), _dollars(days)],
        steps=steps,
        most=max(*steps.values(), 1),
    )
    return HTMLResponse(drawn)


def _credits(days: Sequence[DaySpent]) -> Daily:
    amounts = [one.tenths for one in days]
    shown = [f"{credits_from(amount):,f}" for amount in (sum(amounts), *amounts)]
    return Daily("credits", shown[0], tuple(shown[1:]), _parts([(amount, 0) for amount in amounts]))


def _dollars(days: Sequence[DaySpent]) -> Daily:
    amounts = [(one.usd_pico, one.possible_usd_pico) for one in days]
    totals = (sum(known for known, _ in amounts), sum(possible for _, possible in amounts))
    shown = [_range(*amount) for amount in (totals, *amounts)]
    return Daily("cost", shown[0], tuple(shown[1:]), _parts(amounts))


def _range(known: int, possible: int) -> str:
    """What is known, up to what is possible: an answer that never came may have been paid for."""
    return f"{usd_text(known)}–{usd_text(known + possible)}" if possible else usd_text(known)


def _parts(amounts: Sequence[tuple[int, int]]) -> tuple[tuple[float, float], ...]:
    most = max(sum(amount) for amount in amounts) or 1
    return tuple((max(known, 0) / most, possible / most) for known, possible in amounts)
