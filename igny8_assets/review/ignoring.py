"""Taking keywords out of the work, and back in."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.keywords.normalising import fault, normalise, shown
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import (
    AutomationConfig,
    Cluster,
    ClusterStatus,
    IdeaKeyword,
    Keyword,
    KeywordStatus,
    PlannedMembership,
    Site,
)


def ignore(session: Session, site: Site, texts: Sequence[str]) -> int:
    """Ignore keywords, in every market in which the site has them; a mapped one leaves its cluster.

    Returns:
        How many were not ignored before.

    Raises:
        UserError: one is no keyword, or the site lacks it; nothing was changed.
    """
    rows = [row for row in _find(session, site, texts) if row.status != KeywordStatus.IGNORED]
    left = {row.cluster_id for row in rows if row.cluster_id is not None}
    _unplan(session, site, [row.id for row in rows])
    for row in rows:
        row.status, row.cluster_id, row.failure_reason = KeywordStatus.IGNORED, None, None
    session.flush()
    _recount(session, site, left)
    return len(rows)


def unignore(session: Session, site: Site, texts: Sequence[str]) -> int:
    """Make ignored keywords new again.

    Returns:
        How many were ignored.

    Raises:
        UserError: one is no keyword, or the site lacks it; nothing was changed.
    """
    rows = [row for row in _find(session, site, texts) if row.status == KeywordStatus.IGNORED]
    for row in rows:
        row.status = KeywordStatus.NEW
    return len(rows)


def _find(session: Session, site: Site, texts: Sequence[str]) -> Sequence[Keyword]:
    for text in texts:
        reason = fault(text)
        if reason is not None:
            raise UserError(f"{shown(text)!r} is not a keyword: {reason}")
    take_turn(session, site.id)
    wanted = {normalise(text): text for text in texts}
    rows = session.scalars(
        select(Keyword).where(Keyword.site_id == site.id, Keyword.normalised.in_(list(wanted))).order_by(Keyword.id)
    ).all()
    for missing in sorted(set(wanted) - {row.normalised for row in rows}):
        raise NotFound(
            f"site {site.slug!r} has no keyword {wanted[missing]!r}; `igny8 keywords list {site.slug}` shows them"
        )
    return rows


def _unplan(session: Session, site: Site, keyword_ids: Sequence[int]) -> None:
    """Take keywords off the plan of stage 1, with those that were to join them in a new cluster."""
    here = PlannedMembership.site_id == site.id
    groups = select(PlannedMembership.group_number).where(
        here,
        PlannedMembership.keyword_id.in_(keyword_ids),
        PlannedMembership.cluster_id.is_(None),
        PlannedMembership.group_number >= 0,
    )
    numbers = session.scalars(groups).all()
    session.execute(delete(PlannedMembership).where(here, PlannedMembership.group_number.in_(numbers)))
    session.execute(delete(PlannedMembership).where(here, PlannedMembership.keyword_id.in_(keyword_ids)))


def _recount(session: Session, site: Site, cluster_ids: Iterable[int]) -> None:
    """Set what clusters know of their keywords to what the rows say."""
    reopen_after = session.get_one(AutomationConfig, site.id).reopen_after
    for cluster_id in sorted(cluster_ids):
        cluster = session.get_one(Cluster, cluster_id)
        here = Keyword.cluster_id == cluster_id
        count, volume = session.execute(
            select(func.count(), func.coalesce(func.sum(Keyword.volume), 0)).where(here)
        ).one()
        uncovered = session.scalar(select(func.count()).select_from(Keyword).where(here, ~_covered())) or 0
        cluster.keyword_count, cluster.volume, cluster.uncovered_count = count, int(volume or 0), uncovered
        enough = 1 if cluster.status == ClusterStatus.ACTIVE else reopen_after
        cluster.ideas_pending = uncovered >= enough


def _covered() -> ColumnElement[bool]:
    return select(IdeaKeyword.keyword_id).where(IdeaKeyword.keyword_id == Keyword.id).exists()
