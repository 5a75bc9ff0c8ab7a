"""What of a site's keywords and clusters a language model is shown: what is nearest to the new keywords."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8_assets.clustering.embedding import Embed
from igny8_assets.clustering.granularity import Cuts
from igny8_assets.clustering.grouping import KeywordToGroup, in_order_of_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TEXTS_AT_ONCE = 8192


@dataclass(frozen=True)
class Offer:
    """Keywords to ask about, the new ones first, and the clusters that exist and are shown, the nearest first."""

    keywords: tuple[KeywordToGroup, ...]
    clusters: tuple[int, ...]


def offer_of(keywords: Sequence[KeywordToGroup], *, clusters: int, orphans: int, cuts: Cuts, embed: Embed) -> Offer:
    """Choose what a model is shown.

    A new keyword that is near a cluster which is not shown is not asked about either: a model could only make that
    cluster a second time.

    Args:
        keywords: all keywords that may be together, with distinct ids, in any order.
        clusters: the most clusters to show.
        orphans: the most keywords to show that resembled nothing so far.
        cuts: what is near, for the vectors of `embed`.
        embed: makes vectors of texts.
    """
    import numpy as np

    ordered = in_order_of_text(keywords)
    new = [keyword for keyword in ordered if keyword.cluster is None and not keyword.was_alone]
    alone = [keyword for keyword in ordered if keyword.was_alone]
    settled = sorted((keyword for keyword in ordered if keyword.cluster is not None), key=lambda one: one.cluster or 0)
    homes = sorted({keyword.cluster for keyword in settled if keyword.cluster is not None})
    if not new:
        return Offer((), ())
    rows = embed([keyword.text for keyword in new])
    if len(alone) > orphans:
        likeness = np.concatenate([part.max(axis=1) for part in _likeness(alone, rows, embed)])
        alone = [alone[at] for at in np.argsort(-np.round(likeness, 4), kind="stable")[:orphans]]
    if len(homes) > clusters:
        nearest, best, home_of = _nearest(settled, homes, rows, embed)
        shown = np.argsort(-np.round(nearest, 4), kind="stable")[:clusters]
        asked = np.isin(home_of, shown) | (best < cuts.page.least)
        new = [keyword for keyword, is_asked in zip(new, asked, strict=True) if is_asked]
        homes = [homes[at] for at in shown]
    return Offer((*new, *alone) if new else (), tuple(homes))


def _likeness(
    keywords: Sequence[KeywordToGroup], rows: "NDArray[np.float32]", embed: Embed
) -> "Iterator[NDArray[np.float32]]":
    """The cosines of keywords to rows, for some keywords after the other."""
    for start in range(0, len(keywords), _TEXTS_AT_ONCE):
        yield embed([keyword.text for keyword in keywords[start : start + _TEXTS_AT_ONCE]]) @ rows.T


def _nearest(
    settled: Sequence[KeywordToGroup], homes: Sequence[int], rows: "NDArray[np.float32]", embed: Embed
) -> "tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]":
    """How near each cluster is to any row, and each row to any cluster, and to which (by its place in `homes`)."""
    import numpy as np

    place_of = {home: place for place, home in enumerate(homes)}
    places = np.array([place_of[keyword.cluster or 0] for keyword in settled], dtype=np.int64)
    nearest = np.full(len(homes), -np.inf, dtype=np.float32)
    best, home_of = np.full(len(rows), -np.inf, dtype=np.float32), np.zeros(len(rows), dtype=np.int64)
    start = 0
    for likeness in _likeness(settled, rows, embed):
        part = places[start : start + len(likeness)]
        np.maximum.at(nearest, part, likeness.max(axis=1))
        at = likeness.argmax(axis=0)
        found = likeness[at, np.arange(len(rows))]
        home_of = np.where(found > best, part[at], home_of)
        best = np.maximum(best, found)
        start += len(likeness)
    return nearest, best, home_of
