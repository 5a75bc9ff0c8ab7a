"""A person's decisions about clusters: what they are called, and which keywords belong together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from igny8_assets.ai.offline.naming import name_after
from igny8_assets.errors import UserError
from igny8_assets.hidden_signs import HIDDEN
from igny8_assets.keywords.normalising import shown
from igny8_assets.review.access import checked_text, find_row
from igny8_assets.review.memberships import find_keywords, no_root, recount, unplan
from igny8_assets.stages.distinct_names import LONGEST_CLUSTER_NAME, bearer_of, distinct_name
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import (
    Cluster,
    ClusterStatus,
    ContentIdea,
    Keyword,
    KeywordStatus,
    PlannedMembership,
    Sector,
    Site,
    Task,
)
from igny8_assets.vocabulary import Reason


@dataclass(frozen=True)
class Merged:
    """The cluster that is left, how many clusters and ideas came into it."""

    cluster: Cluster
    clusters: int
    ideas: int


@dataclass(frozen=True)
class Moved:
    """Where keywords were moved, how many, and the names of the clusters that this left without any.

    `deleted` are gone; `emptied` have ideas, and stay without keywords.
    """

    cluster: Cluster
    keywords: int
    deleted: Sequence[str]
    emptied: Sequence[str]


def rename(session: Session, site: Site, cluster_id: int, name: str) -> Cluster:
    """Give a cluster a name that stays whatever the cluster becomes.

    Raises:
        UserError: the site has no such cluster, or the name can't be one or is another's; nothing was changed.
    """
    name = _checked_name(name)
    take_turn(session, site.id)
    cluster = _find(session, site, cluster_id)
    _refuse_borne(session, site, cluster.market, name, but=cluster_id)
    cluster.name, cluster.named_by_person = name, True
    return cluster


def merge(session: Session, site: Site, into_id: int, other_ids: Sequence[int]) -> Merged:
    """Put clusters into one, with their keywords, ideas and tasks, and what is planned to join them.

    The one keeps its name. A failure of stage 2 stays its failure; those of the others go with them.

    Raises:
        UserError: the site lacks one of the clusters, or their markets or sectors differ; nothing was changed.
    """
    ids = list(dict.fromkeys(other_ids))
    if into_id in ids:
        raise UserError(f"cluster {into_id} can't be merged into itself; name it first, and then only the others")
    take_turn(session, site.id)
    into, *others = (_find(session, site, cluster_id) for cluster_id in (into_id, *ids))
    for other in others:
        if (other.market, other.sector_id) != (into.market, into.sector_id):
            raise UserError(
                f"cluster {other.id} is of another {_difference(other, into)} than cluster {into.id}; "
                "only clusters of one market and sector can be merged"
            )
    everyone = session.scalars(select(Keyword).where(Keyword.cluster_id.in_([into_id, *ids]))).all()
    for keyword in everyone:
        _place(keyword, into)
    followed: dict[type[Any], int] = {}
    for model in (ContentIdea, Task, PlannedMembership):
        changed: Any = session.execute(update(model).where(model.cluster_id.in_(ids)).values(cluster_id=into_id))
        followed[model] = changed.rowcount
    # What is ignored goes back into the one that is left.
    was_here = Keyword.site_id == site.id, Keyword.status == KeywordStatus.IGNORED, Keyword.left_cluster_id.in_(ids)
    session.execute(update(Keyword).where(*was_here).values(left_cluster_id=into_id))
    if any(other.status == ClusterStatus.MAPPED for other in others):
        into.status = ClusterStatus.MAPPED
    session.flush()
    delete_clusters(session, others)
    recount(session, site, [into_id])
    return Merged(into, len(others), followed[ContentIdea])


def split(session: Session, site: Site, cluster_id: int, texts: Sequence[str], name: str | None = None) -> Cluster:
    """Put some of a cluster's keywords into a new cluster; the ideas stay with the old one.

    Args:
        texts: the keywords that leave; at least one has to stay.
        name: of the new cluster; without it, it is called after its most searched keyword that names no other.

    Returns:
        The new cluster.

    Raises:
        UserError: the site lacks the cluster, a keyword is not in it, none would stay, or the name can't be one
            or is another's; nothing was changed.
    """
    name = None if name is None else _checked_name(name)
    _refuse_none(site, texts)
    take_turn(session, site.id)
    old = _find(session, site, cluster_id)
    leaving = find_keywords(session, site, texts, old.market)
    for keyword in leaving:
        if keyword.cluster_id != cluster_id:
            raise UserError(
                f"keyword {shown(keyword.text)!r} is not in cluster {cluster_id}; "
                f"`igny8 clusters export {site.slug}` shows where it is"
            )
    ids = [keyword.id for keyword in leaving]
    staying = session.scalars(select(Keyword).where(Keyword.cluster_id == cluster_id, Keyword.id.not_in(ids))).all()
    if not staying:
        raise UserError(
            f"cluster {cluster_id} has no other keywords, and one has to stay; "
            f"`igny8 clusters rename {site.slug} {cluster_id}` gives it another name"
        )
    if name is not None:
        _refuse_borne(session, site, old.market, name)
    for keyword in staying:
        _place(keyword, old)
    by_searches = sorted(leaving, key=lambda one: (-(one.volume or 0), one.id))
    names = [name_after(keyword.text) for keyword in by_searches]
    new = Cluster(
        site_id=site.id,
        sector_id=old.sector_id,
        market=old.market,
        name=name or distinct_name(session, site.id, old.market, names),
        named_by_person=name is not None,
        root_keyword=no_root(f"of {old.id}"),
    )
    session.add(new)
    session.flush()
    for keyword in leaving:
        _place(keyword, new)
    session.flush()
    recount(session, site, [cluster_id, new.id])
    return new


def move(session: Session, site: Site, texts: Sequence[str], to_id: int) -> Moved:
    """Put keywords into a cluster: from other clusters, or new and orphaned ones.

    Raises:
        UserError: the site lacks the cluster or a keyword, one is ignored, or of another market or sector; nothing was
            changed.
    """
    _refuse_none(site, texts)
    take_turn(session, site.id)
    to = _find(session, site, to_id)
    keywords = find_keywords(session, site, texts, to.market)
    for keyword in keywords:
        if keyword.status == KeywordStatus.IGNORED:
            raise UserError(
                f"keyword {shown(keyword.text)!r} is ignored; `igny8 keywords unignore {site.slug}` takes it up again"
            )
        if keyword.sector_id != to.sector_id:
            theirs, its = (session.get_one(Sector, one.sector_id).name for one in (keyword, to))
            raise UserError(
                f"keyword {shown(keyword.text)!r} is of sector {theirs!r}, and cluster {to_id} of sector {its!r}; "
                f"choose a cluster of its own sector, `igny8 clusters list {site.slug}` shows them"
            )
    left = {keyword.cluster_id for keyword in keywords if keyword.cluster_id is not None} - {to_id}
    moved = [keyword for keyword in keywords if keyword.cluster_id != to_id]
    if not moved:
        _refuse_those_meant_of_another_market(session, site, keywords, to)
    unplan(session, site, [keyword.id for keyword in keywords])
    for keyword in keywords:
        _place(keyword, to)
    session.flush()
    # Those that were left come first: what they lost may be the root of another then.
    recount(session, site, [*sorted(left), to_id])
    empty = session.scalars(select(Cluster).where(Cluster.id.in_(left), Cluster.keyword_count == 0)).all()
    has_ideas = exists().where(ContentIdea.cluster_id == Cluster.id)
    kept = session.scalars(select(Cluster).where(Cluster.id.in_([one.id for one in empty]), has_ideas)).all()
    gone = [cluster for cluster in empty if cluster not in kept]
    delete_clusters(session, gone)
    return Moved(to, len(moved), [cluster.name for cluster in gone], [cluster.name for cluster in kept])


def _checked_name(name: str) -> str:
    name = checked_text(name, "a cluster's name", LONGEST_CLUSTER_NAME)
    if any(sign in HIDDEN or category(sign) in {"Cc", "Zl", "Zp"} for sign in name):
        raise UserError("a cluster's name holds control characters; write it again on one line without them")
    return name


def _refuse_borne(session: Session, site: Site, market: str, name: str, *, but: int | None = None) -> None:
    bearer = bearer_of(session, site.id, market, name, but=but)
    if bearer is not None:
        raise UserError(
            f"cluster {bearer} of {site.slug} bears the name {shown(name)!r} already; choose another name, "
            f"or put the two together by `igny8 clusters merge`"
        )


def _refuse_none(site: Site, texts: Sequence[str]) -> None:
    if not texts:
        raise UserError(f"name the keywords by --keyword; `igny8 keywords list {site.slug}` shows them")


def _refuse_those_meant_of_another_market(session: Session, site: Site, there: Sequence[Keyword], to: Cluster) -> None:
    """Where all are in the cluster already, a keyword of that text in another market is what was meant."""
    texts = [keyword.normalised for keyword in there]
    elsewhere = select(Keyword).where(
        Keyword.site_id == site.id, Keyword.normalised.in_(texts), Keyword.market != to.market
    )
    other = session.scalars(elsewhere.order_by(Keyword.id).limit(1)).first()
    if other is not None:
        raise UserError(
            f"keyword {shown(other.text)!r} of market {to.market} is in cluster {to.id} already, and that of market "
            f"{other.market} can't go there; name a cluster of market {other.market}, "
            f"`igny8 clusters list {site.slug}` shows them"
        )


def _find(session: Session, site: Site, cluster_id: int) -> Cluster:
    hint = f"`igny8 clusters list {site.slug}` shows them"
    cluster: Cluster = find_row(session, site, Cluster, cluster_id, "cluster", hint=hint)
    return cluster


def _difference(one: Cluster, other: Cluster) -> str:
    return f"market ({one.market}, not {other.market})" if one.market != other.market else "sector"


def _place(keyword: Keyword, cluster: Cluster) -> None:
    """Put a keyword where no recomputation moves it."""
    keyword.status, keyword.cluster_id, keyword.failure_reason = KeywordStatus.MAPPED, cluster.id, None
    keyword.reason, keyword.reason_keyword_id, keyword.reason_amount = Reason.PERSON, None, None


def delete_clusters(session: Session, clusters: Iterable[Cluster]) -> None:
    """Delete clusters that nothing but the plan of stage 1 points to; what was to join them is planned anew."""
    gone = list(clusters)
    session.execute(delete(PlannedMembership).where(PlannedMembership.cluster_id.in_([one.id for one in gone])))
    for cluster in gone:
        session.delete(cluster)
    session.flush()
