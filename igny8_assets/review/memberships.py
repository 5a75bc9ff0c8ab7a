"""What every decision about keywords needs: finding them, taking them off the plan, putting their clusters right."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.keywords.normalising import fault, normalise, shown
from igny8_assets.stages.cluster_members import count_uncovered, free_roots, prevailing_intent
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import AutomationConfig, Cluster, ClusterStatus, Keyword, PlannedMembership, Site


def find_keywords(session: Session, site: Site, texts: Sequence[str], market: str | None = None) -> Sequence[Keyword]:
    """The site's keywords with these texts, as they are once it is this transaction's turn.

    Args:
        market: only in this one; without it, in every market that has them.

    Raises:
        UserError: one is no keyword, or the site lacks it, or has it in another market alone.
    """
    for text in texts:
        reason = fault(text)
        if reason is not None:
            raise UserError(f"{shown(text)!r} is not a keyword: {reason}")
    take_turn(session, site.id)
    wanted = {normalise(text): text for text in texts}
    here = select(Keyword).where(Keyword.site_id == site.id, Keyword.normalised.in_(list(wanted)))
    everywhere = session.scalars(here.order_by(Keyword.id)).all()
    for missing in sorted(set(wanted) - {row.normalised for row in everywhere}):
        raise NotFound(
            f"site {site.slug!r} has no keyword {wanted[missing]!r}; `igny8 keywords list {site.slug}` shows them"
        )
    rows = [row for row in everywhere if market in (None, row.market)]
    found = {row.normalised for row in rows}
    for row in everywhere:
        if row.normalised not in found:
            raise UserError(
                f"keyword {shown(row.text)!r} is of market {row.market}, and the cluster of market {market}; "
                f"`igny8 clusters list {site.slug}` shows clusters of its own market"
            )
    return rows


def unplan(session: Session, site: Site, keyword_ids: Sequence[int]) -> None:
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


def no_root(name: object) -> str:
    """A cluster's root that no keyword can be: normalised text has no capital letters."""
    return f"NONE: {name}"


def recount(session: Session, site: Site, cluster_ids: Iterable[int]) -> None:
    """Set what clusters know of their keywords to what the rows say, one after the other.

    A cluster's root is one of its own keywords, so that any other can be the root of a cluster elsewhere. One without
    keywords keeps its intent.
    """
    session.flush()
    reopen_after = session.get_one(AutomationConfig, site.id).reopen_after
    for cluster_id in cluster_ids:
        cluster = session.get_one(Cluster, cluster_id)
        here = Keyword.cluster_id == cluster_id
        count, volume = session.execute(
            select(func.count(), func.coalesce(func.sum(Keyword.volume), 0)).where(here)
        ).one()
        uncovered = count_uncovered(session, cluster_id)
        cluster.keyword_count, cluster.volume, cluster.uncovered_count = count, int(volume or 0), uncovered
        enough = 1 if cluster.status == ClusterStatus.ACTIVE else reopen_after
        cluster.ideas_pending = uncovered >= enough
        if count:
            cluster.intent = prevailing_intent(session.scalars(select(Keyword.intents).where(here)))
        if not session.scalar(select(Keyword.id).where(here, Keyword.normalised == cluster.root_keyword)):
            cluster.root_keyword = next(iter(free_roots(session, here)), no_root(cluster_id))
        session.flush()
