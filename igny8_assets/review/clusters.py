"""A site's clusters with their keywords, read to be looked at."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from igny8_assets.review.access import find_row
from igny8_assets.review.why_there import why_there
from igny8_assets.store.models import Cluster, Keyword, Site

ROWS_AT_ONCE = 5000


class Member(NamedTuple):
    """A keyword of a cluster; `why` it is there may be empty."""

    text: str
    normalised: str
    volume: int | None
    difficulty: int | None
    why: str


@dataclass(frozen=True)
class ClusterView:
    """A cluster, and its keywords with the most searched first."""

    cluster: Cluster
    members: Sequence[Member]

    @property
    def difficulty(self) -> int | None:
        """The mean of the known ones, 0 to 100."""
        known = [member.difficulty for member in self.members if member.difficulty is not None]
        return round(sum(known) / len(known)) if known else None

    @property
    def volume(self) -> int | None:
        """Searches a month; None if that is known of no keyword."""
        return self.cluster.volume if any(member.volume is not None for member in self.members) else None

    @property
    def texts(self) -> list[str]:
        """What is compared when keywords are."""
        return [member.normalised for member in self.members]


def read_clusters(session: Session, site: Site, *, limit: int | None = None) -> list[ClusterView]:
    """A site's clusters, the most searched first, at most `limit` of them."""
    wanted = select(Cluster).where(Cluster.site_id == site.id).order_by(Cluster.volume.desc(), Cluster.id)
    return _views(session, wanted.limit(limit))


def read_cluster(session: Session, site: Site, cluster_id: int) -> ClusterView:
    """A cluster of a site.

    Raises:
        NotFound: the site has none of this id.
    """
    find_row(session, site, Cluster, cluster_id, "cluster", hint=f"`igny8 clusters list {site.slug}` shows them")
    (view,) = _views(session, select(Cluster).where(Cluster.id == cluster_id))
    return view


def _views(session: Session, wanted: Select[Cluster]) -> list[ClusterView]:
    ids = wanted.with_only_columns(Cluster.id).subquery()
    beside = aliased(Keyword)
    rows = session.execute(
        select(
            Keyword.cluster_id,
            Keyword.text,
            Keyword.normalised,
            Keyword.volume,
            Keyword.difficulty,
            Keyword.reason,
            beside.text,
            Keyword.reason_amount,
        )
        .outerjoin(beside, beside.id == Keyword.reason_keyword_id)
        .where(Keyword.cluster_id.in_(select(ids.c.id)))
        .order_by(func.coalesce(Keyword.volume, -1).desc(), Keyword.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    members: dict[int | None, list[Member]] = defaultdict(list)
    for cluster_id, text, normalised, volume, difficulty, reason, other, amount in rows:
        members[cluster_id].append(Member(text, normalised, volume, difficulty, why_there(reason, other, amount)))
    return [ClusterView(cluster, members[cluster.id]) for cluster in session.scalars(wanted)]
