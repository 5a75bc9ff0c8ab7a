"""Names by which the clusters of a site and market can be told apart."""

from collections.abc import Iterable, Iterator
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.ai.offline.wording import clip, inline
from igny8_assets.store.models import Cluster, compared_name

LONGEST_CLUSTER_NAME = 120


def bearer_of(session: Session, site_id: int, market: str, name: str, *, but: int | None = None) -> int | None:
    """The id of the cluster of a site and market that bears a name, whatever its case; `but` is not looked at."""
    bears = select(Cluster.id).where(
        Cluster.site_id == site_id, Cluster.market == market, Cluster.name_compared == compared_name(name)
    )
    if but is not None:
        bears = bears.where(Cluster.id != but)
    return session.scalar(bears.order_by(Cluster.id).limit(1))


def distinct_name(session: Session, site_id: int, market: str, names: Iterable[str], *, but: int | None = None) -> str:
    """The first of the names that no other cluster bears; where all are borne, the first one with a number.

    Args:
        session: knows what is not written yet as well.
        site_id: whose clusters.
        market: of them.
        names: at least one.
        but: the cluster that is to be named, if it exists.

    Returns:
        A name of at most 120 characters.
    """
    session.flush()
    return next(name for name in _with_numbers(names) if bearer_of(session, site_id, market, name, but=but) is None)


def with_keywords(name: str, keywords: Iterable[str]) -> Iterator[str]:
    """A name, then the same with each keyword beside it that says something else and leaves room."""
    yield name
    for keyword in keywords:
        beside = f"{name} ({inline(keyword)})"
        if compared_name(inline(keyword)) != compared_name(name) and len(beside) <= LONGEST_CLUSTER_NAME:
            yield beside


def _with_numbers(names: Iterable[str]) -> Iterator[str]:
    rest = iter(names)
    yield (first := next(rest))
    yield from rest
    for number in count(2):
        ending = f" ({number})"
        yield clip(first, LONGEST_CLUSTER_NAME - len(ending)) + ending
