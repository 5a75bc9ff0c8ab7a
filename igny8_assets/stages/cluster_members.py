"""What the keywords of a cluster say of it: which no idea covers, which intent prevails, which may be its root."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from igny8_assets.store.models import Cluster, IdeaKeyword, Keyword


def is_covered() -> ColumnElement[bool]:
    """The condition that an idea targets a keyword."""
    return select(IdeaKeyword.keyword_id).where(IdeaKeyword.keyword_id == Keyword.id).exists()


def count_uncovered(session: Session, cluster_id: int) -> int:
    """How many keywords of a cluster no idea targets, what the session has not written yet included."""
    session.flush()
    counted = select(func.count()).select_from(Keyword).where(Keyword.cluster_id == cluster_id, ~is_covered())
    return session.scalar(counted) or 0


def prevailing_intent(intents: Iterable[str]) -> str | None:
    """The intent that most keywords bear, the first in the alphabet among equals.

    Args:
        intents: those of each keyword, with commas between.
    """
    counted = Counter(word for words in intents for word in words.split(",") if word)
    return min(counted, key=lambda word: (-counted[word], word)) if counted else None


def free_roots(session: Session, *which: ColumnElement[bool]) -> Sequence[str]:
    """Of the keywords that meet the conditions those that are no cluster's root in their market, normalised.

    Returns:
        The most searched first.
    """
    taken = select(Cluster.id).where(
        Cluster.site_id == Keyword.site_id,
        Cluster.market == Keyword.market,
        Cluster.root_keyword == Keyword.normalised,
    )
    return session.scalars(
        select(Keyword.normalised)
        .where(*which, ~taken.exists())
        .order_by(func.coalesce(Keyword.volume, 0).desc(), Keyword.normalised)
    ).all()
