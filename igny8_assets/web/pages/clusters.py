"""The planner's clusters: what a site will write about, what became of each, and how people arrange them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.review import arranging
from igny8_assets.review.clusters import read_cluster
from igny8_assets.review.ignoring import ignore
from igny8_assets.review.outcomes import outcomes_of
from igny8_assets.stages.distinct_names import LONGEST_CLUSTER_NAME
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Cluster, ClusterStatus, KeyRole
from igny8_assets.web.api.clusters_answers import ClusterFacts
from igny8_assets.web.callers import access_of
from igny8_assets.web.cursors import After, Order, page_of
from igny8_assets.web.pages.done import done
from igny8_assets.web.pages.keywords import some_keywords
from igny8_assets.web.pages.rendering import page, texts
from igny8_assets.web.pages.status_filter import chosen_status
from igny8_assets.web.pages.treemap import HEIGHT, LINE, WIDTH, treemap_of
from igny8_assets.web.sessions import Visitor, checked_token
from igny8_assets.web.shapes import LARGEST_NUMBER, RowNumber
from igny8_assets.web.versions import etag_of, refuse_another_version

router = APIRouter(prefix="/automation/{slug}/clusters", include_in_schema=False, dependencies=[Depends(checked_token)])

ROWS = 50
MEMBERS_SHOWN = 500
TARGETS_OFFERED = 2000
Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
Chosen = Annotated[list[str], Form(default_factory=list, max_length=MEMBERS_SHOWN)]
Known = Annotated[str, Query(max_length=20)]
STATUSES = [one.value for one in ClusterStatus]


@router.get("")
def list_clusters(request: Request, caller: Visitor, slug: str, status: Known = "", after: After = None) -> Response:
    """The clusters, the most searched first, over a treemap of them."""
    access = access_of(request, caller)
    with access.reading(slug) as (session, site):
        wanted = select(Cluster).where(Cluster.site_id == site.id)
        if (only := chosen_status(status, STATUSES)) is not None:
            wanted = wanted.where(Cluster.status == only)
        orders = [Order(Cluster.volume, is_falling=True), Order(Cluster.id)]
        found = page_of(session, wanted, orders, ROWS, after, lambda row: ClusterFacts.of(row[0]))
        return page(
            request,
            "clusters.html",
            site=site,
            sites=access.sites(session),
            caller=caller,
            clusters=found.items,
            outcomes=outcomes_of(session, [one.id for one in found.items]),
            next=found.next,
            only=only,
            statuses=STATUSES,
            treemap=treemap_of(session, site) if after is None and only is None else None,
            width=WIDTH,
            height=HEIGHT,
            line=LINE,
            may_arrange=caller.may(KeyRole.EDITOR),
        )


@router.get("/{number}")
def show_cluster(request: Request, caller: Visitor, slug: str, number: Number) -> Response:
    """A cluster with its keywords and why each is there, and what may be done with them."""
    access = access_of(request, caller)
    with access.reading(slug) as (session, site):
        view = read_cluster(session, site, number)
        facts = ClusterFacts.of(view.cluster)
        return page(
            request,
            "cluster.html",
            site=site,
            sites=access.sites(session),
            caller=caller,
            cluster=facts,
            version=etag_of(facts),
            outcome=outcomes_of(session, [number])[number],
            members=view.members[:MEMBERS_SHOWN],
            others=_targets(session, view.cluster),
            longest=LONGEST_CLUSTER_NAME,
            may_arrange=caller.may(KeyRole.EDITOR),
        )


def _targets(session: Session, cluster: Cluster) -> list[tuple[int, str]]:
    """The clusters that its keywords may move to, by name."""
    wanted = (
        select(Cluster.id, Cluster.name)
        .where(Cluster.site_id == cluster.site_id, Cluster.market == cluster.market, Cluster.id != cluster.id)
        .order_by(Cluster.volume.desc(), Cluster.id)
        .limit(TARGETS_OFFERED)
    )
    return sorted(((number, name) for number, name in session.execute(wanted)), key=lambda one: one[1].casefold())


@router.post("/merge")
def merge(
    request: Request,
    caller: Visitor,
    slug: str,
    chosen: Annotated[list[RowNumber], Form(default_factory=list, max_length=ROWS)],
) -> Response:
    """Put the chosen clusters into the most searched of them."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        site = access.site(session, slug)
        if len(set(chosen)) < 2:
            raise UserError(texts()["planner"]["choose_two"])
        take_turn(session, site.id)
        first = session.scalar(
            select(Cluster.id)
            .where(Cluster.site_id == site.id, Cluster.id.in_(chosen))
            .order_by(Cluster.volume.desc(), Cluster.id)
            .limit(1)
        )
        into = chosen[0] if first is None else first
        arranging.merge(session, site, into, [one for one in dict.fromkeys(chosen) if one != into])
    return done(request, "merged", _at(slug, into))


@router.post("/{number}/rename")
def rename(
    request: Request,
    caller: Visitor,
    slug: str,
    number: Number,
    version: Annotated[str, Form(max_length=64)],
    name: Annotated[str, Form()] = "",
) -> Response:
    """Give the cluster a name that stays, unless another changed it meanwhile."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        site = access.site(session, slug)
        take_turn(session, site.id)
        refuse_another_version(version, ClusterFacts.of(read_cluster(session, site, number).cluster))
        arranging.rename(session, site, number, name)
    return done(request, "renamed")


@router.post("/{number}/split")
def split(
    request: Request,
    caller: Visitor,
    slug: str,
    number: Number,
    chosen: Chosen,
    name: Annotated[str, Form()] = "",
) -> Response:
    """Put the chosen keywords into a cluster of their own."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        site = access.site(session, slug)
        made = arranging.split(session, site, number, some_keywords(chosen), name=name or None)
        session.flush()
        new = made.id
    return done(request, "split", _at(slug, new))


@router.post("/move")
def move(
    request: Request,
    caller: Visitor,
    slug: str,
    chosen: Chosen,
    to: Annotated[int, Form(ge=1, le=LARGEST_NUMBER)],
) -> Response:
    """Put the chosen keywords into another cluster."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        arranging.move(session, access.site(session, slug), some_keywords(chosen), to)
    return done(request, "moved", _at(slug, to))


@router.post("/{number}/ignore")
def ignore_keywords(request: Request, caller: Visitor, slug: str, number: Number, chosen: Chosen) -> Response:
    """Take the chosen keywords out of the work."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        site = access.site(session, slug)
        ignore(session, site, some_keywords(chosen))
        session.flush()
        left = session.get(Cluster, number)
    return done(request, "ignored", _at(slug, number if left is not None else None))


def _at(slug: str, number: int | None) -> str:
    """The address of a cluster, or of the list of them."""
    return f"/automation/{slug}/clusters" + ("" if number is None else f"/{number}")
