"""Clusters: the topics that keywords form, and how people arrange them."""

from fastapi import APIRouter, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.review import arranging
from igny8_assets.review.clusters import read_cluster
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Cluster, ClusterStatus, Site
from igny8_assets.web.api.clusters_answers import (
    ClusterAnswer,
    ClusterFacts,
    MemberFacts,
    MergedAnswer,
    Merging,
    MovedAnswer,
    Moving,
    NewName,
    Splitting,
)
from igny8_assets.web.callers import Editing, Viewing
from igny8_assets.web.cursors import DEFAULT_LIMIT, After, Limit, Order, Page, page_of
from igny8_assets.web.kept_answers import DoingOnce
from igny8_assets.web.problems import problems
from igny8_assets.web.shapes import Number, SiteSlug
from igny8_assets.web.versions import IfMatch, etag_of, refuse_another_version

router = APIRouter(prefix="/sites/{site}/clusters", tags=["clusters"])

MEMBERS_SHOWN = 1000


@router.get("/", responses=problems())
def list_clusters(
    access: Viewing,
    site: SiteSlug,
    status: ClusterStatus | None = None,
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[ClusterFacts]:
    """A site's clusters, the most searched first."""
    with access.reading(site) as (session, row):
        wanted = select(Cluster).where(Cluster.site_id == row.id)
        if status is not None:
            wanted = wanted.where(Cluster.status == status)
        orders = [Order(Cluster.volume, is_falling=True), Order(Cluster.id)]
        return page_of(session, wanted, orders, limit, after, lambda found: ClusterFacts.of(found[0]))


@router.get("/{cluster:int}/", responses=problems())
def get_cluster(access: Viewing, site: SiteSlug, cluster: Number, response: Response) -> ClusterAnswer:
    """A cluster with its keywords, and why each is there; the ETag is for renaming it."""
    with access.reading(site) as (session, row):
        shown = _shown(session, row, cluster)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.patch("/{cluster:int}/", responses=problems(400, 412, 428))
def rename_cluster(
    access: Editing, site: SiteSlug, cluster: Number, new: NewName, response: Response, if_match: IfMatch = None
) -> ClusterAnswer:
    """Give a cluster a name that stays."""
    with access.store.write() as session:
        row = access.site(session, site)
        take_turn(session, row.id)
        refuse_another_version(if_match, _shown(session, row, cluster))
        arranging.rename(session, row, cluster, new.name)
        session.flush()
        shown = _shown(session, row, cluster)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.post("/merge/", response_model=MergedAnswer, responses=problems(400))
def merge_clusters(access: Editing, once: DoingOnce, site: SiteSlug, merging: Merging) -> Response:
    """Put clusters into one, with their keywords and ideas."""

    def merge(session: Session) -> MergedAnswer:
        done = arranging.merge(session, access.site(session, site), merging.into, merging.others)
        return MergedAnswer(cluster=ClusterFacts.of(done.cluster), clusters=done.clusters, ideas=done.ideas)

    return once.do(merge)


@router.post("/split/", status_code=201, response_model=ClusterFacts, responses=problems(400))
def split_cluster(access: Editing, once: DoingOnce, site: SiteSlug, splitting: Splitting) -> Response:
    """Put some of a cluster's keywords into a new one, which is answered."""

    def split(session: Session) -> ClusterFacts:
        row = access.site(session, site)
        return ClusterFacts.of(
            arranging.split(session, row, splitting.cluster, splitting.keywords, name=splitting.name)
        )

    return once.do(split, status=201)


@router.post("/move/", response_model=MovedAnswer, responses=problems(400))
def move_keywords(access: Editing, once: DoingOnce, site: SiteSlug, moving: Moving) -> Response:
    """Put keywords into a cluster: from others, or new and orphaned ones."""

    def move(session: Session) -> MovedAnswer:
        done = arranging.move(session, access.site(session, site), moving.keywords, moving.to)
        return MovedAnswer(
            cluster=ClusterFacts.of(done.cluster),
            keywords=done.keywords,
            deleted=list(done.deleted),
            emptied=list(done.emptied),
        )

    return once.do(move)


def _shown(session: Session, site: Site, number: int) -> ClusterAnswer:
    view = read_cluster(session, site, number)
    return ClusterAnswer(
        **ClusterFacts.of(view.cluster).model_dump(),
        difficulty=view.difficulty,
        members=[
            MemberFacts(text=one.text, volume=one.volume, difficulty=one.difficulty, why=one.why)
            for one in view.members[:MEMBERS_SHOWN]
        ],
    )
