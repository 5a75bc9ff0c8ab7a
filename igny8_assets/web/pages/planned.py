"""The planner's ideas and tasks: what people approve, hold back, drop and put in order before it costs anything."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.review.access import LONGEST_REASON
from igny8_assets.review.holding import Noun, drop, hold, release
from igny8_assets.review.prioritising import LARGEST_PRIORITY, set_priority
from igny8_assets.store.models import Cluster, ContentIdea, IdeaStatus, KeyRole, Site, Task, TaskStatus
from igny8_assets.web.callers import Caller, access_of
from igny8_assets.web.cursors import After, Order, page_of
from igny8_assets.web.pages.done import done
from igny8_assets.web.pages.rendering import page, texts
from igny8_assets.web.pages.status_filter import chosen_status
from igny8_assets.web.sessions import Visitor, checked_token
from igny8_assets.web.shapes import RowNumber

router = APIRouter(prefix="/automation/{slug}", include_in_schema=False, dependencies=[Depends(checked_token)])

ROWS = 50
Kind = Literal["ideas", "tasks"]
Chosen = Annotated[list[RowNumber], Form(default_factory=list, max_length=ROWS)]
NOUNS: dict[str, Noun] = {"ideas": "idea", "tasks": "task"}
STATUSES: dict[str, type[IdeaStatus] | type[TaskStatus]] = {"ideas": IdeaStatus, "tasks": TaskStatus}


@router.get("/{kind}")
def list_planned(
    request: Request,
    caller: Visitor,
    slug: str,
    kind: Kind,
    status: Annotated[str, Query(max_length=20)] = "",
    after: After = None,
) -> Response:
    """The ideas or tasks, in the order in which they are taken up."""
    access = access_of(request, caller)
    model: Any = ContentIdea if kind == "ideas" else Task
    statuses = [one.value for one in STATUSES[kind]]
    with access.reading(slug) as (session, site):
        wanted = (
            select(model, Cluster.name).join(Cluster, Cluster.id == model.cluster_id).where(model.site_id == site.id)
        )
        if (only := chosen_status(status, statuses)) is not None:
            wanted = wanted.where(model.status == only)
        orders = [Order(model.priority, is_falling=True), Order(model.volume, is_falling=True), Order(model.id)]
        found = page_of(session, wanted, orders, ROWS, after, lambda row: (row[0], row[1]))
        return page(
            request,
            "planned.html",
            site=site,
            sites=access.sites(session),
            caller=caller,
            kind=kind,
            rows=found.items,
            next=found.next,
            only=only,
            statuses=statuses,
            longest_reason=LONGEST_REASON,
            largest_priority=LARGEST_PRIORITY,
            may_arrange=caller.may(KeyRole.EDITOR),
        )


@router.post("/{kind}/hold")
def hold_planned(
    request: Request,
    caller: Visitor,
    slug: str,
    kind: Kind,
    chosen: Chosen,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Hold the chosen ones back until a person approves them."""
    return _changed(
        request, caller, slug, "held", lambda session, site: hold(session, site, NOUNS[kind], _some(chosen), reason)
    )


@router.post("/{kind}/approve")
def approve_planned(request: Request, caller: Visitor, slug: str, kind: Kind, chosen: Chosen) -> Response:
    """Let the chosen ones go on, which were held or dropped."""
    return _changed(
        request, caller, slug, "released", lambda session, site: release(session, site, NOUNS[kind], _some(chosen))
    )


@router.post("/{kind}/drop")
def drop_planned(request: Request, caller: Visitor, slug: str, kind: Kind, chosen: Chosen) -> Response:
    """Give the chosen ones up."""
    return _changed(
        request, caller, slug, "dropped", lambda session, site: drop(session, site, NOUNS[kind], _some(chosen))
    )


@router.post("/{kind}/priority")
def prioritise(
    request: Request,
    caller: Visitor,
    slug: str,
    kind: Kind,
    chosen: Chosen,
    priority: Annotated[int, Form(ge=-LARGEST_PRIORITY, le=LARGEST_PRIORITY)] = 0,
) -> Response:
    """Put the chosen ones before or after others."""

    def put(session: Session, site: Site) -> None:
        for number in _some(chosen):
            set_priority(session, site, NOUNS[kind], number, priority)

    return _changed(request, caller, slug, "prioritised", put)


def _changed(
    request: Request, caller: Caller, slug: str, what: str, work: Callable[[Session, Site], object]
) -> Response:
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        work(session, access.site(session, slug))
    return done(request, what)


def _some(chosen: list[int]) -> list[int]:
    if not chosen:
        raise UserError(texts()["planner"]["choose"])
    return chosen
