"""Taking keywords out of the work, and back in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.review.memberships import find_keywords, recount, unplan
from igny8_assets.store.models import Cluster, Keyword, KeywordStatus, Site


@dataclass(frozen=True)
class TakenUp:
    """How many keywords went back into the clusters that they had been in, and how many are new again."""

    returned: int
    new: int

    @property
    def number(self) -> int:
        """How many in all."""
        return self.returned + self.new


def ignore(session: Session, site: Site, texts: Sequence[str]) -> int:
    """Ignore keywords, in every market in which the site has them; a mapped one leaves its cluster.

    Returns:
        How many were not ignored before.

    Raises:
        UserError: one is no keyword, or the site lacks it; nothing was changed.
    """
    rows = [row for row in find_keywords(session, site, texts) if row.status != KeywordStatus.IGNORED]
    left = {row.cluster_id for row in rows if row.cluster_id is not None}
    unplan(session, site, [row.id for row in rows])
    for row in rows:
        row.left_cluster_id = row.cluster_id
        row.status, row.cluster_id, row.failure_reason = KeywordStatus.IGNORED, None, None
    recount(session, site, sorted(left))
    return len(rows)


def unignore(session: Session, site: Site, texts: Sequence[str]) -> TakenUp:
    """Take ignored keywords up again: back into the clusters that they were in, for which they were paid; else as new.

    Raises:
        UserError: one is no keyword, or the site lacks it; nothing was changed.
    """
    rows = [row for row in find_keywords(session, site, texts) if row.status == KeywordStatus.IGNORED]
    left = {row.left_cluster_id for row in rows}
    clusters = session.scalars(select(Cluster).where(Cluster.site_id == site.id, Cluster.id.in_(left))).all()
    there = {cluster.id: cluster for cluster in clusters}
    returned = 0
    for row in rows:
        cluster = there.get(row.left_cluster_id or 0)
        row.left_cluster_id = None
        if cluster is not None and _belongs(row, cluster):
            row.status, row.cluster_id = KeywordStatus.MAPPED, cluster.id
            returned += 1
        else:
            row.status = KeywordStatus.NEW
            row.reason = row.reason_keyword_id = row.reason_amount = None
    recount(session, site, sorted(there))
    return TakenUp(returned, len(rows) - returned)


def _belongs(keyword: Keyword, cluster: Cluster) -> bool:
    return (keyword.market, keyword.sector_id) == (cluster.market, cluster.sector_id)
