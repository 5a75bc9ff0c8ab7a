"""What a few new keywords of a large site have to be compared with: not all of it, but what lies around them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from igny8_assets.clustering.embedding import Embed, unit_rows
from igny8_assets.clustering.neighbours import nearest_rows
from igny8_assets.clustering.spaces import PAGE_MEAN, shrunken_mean
from igny8_assets.clustering.together import NO_CLUSTER, together
from igny8_assets.clustering.word_sets import word_set

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WHOLE_UP_TO = 20_000
"""Keywords; smaller sites are compared as a whole, which takes two seconds."""
_SHARE = 50
"""From one new keyword in so many on, all are compared: their vicinities would be the whole site."""
_NEAREST = 60
# Pages merge by vectors in which modifiers and spelling count too; those may be this much nearer than the plain ones.
_MARGIN = 0.15


def is_worth_finding(new: int, total: int) -> bool:
    """Whether so few new keywords among so many are placed sooner by their vicinity."""
    return total > WHOLE_UP_TO and new * _SHARE <= total


def find_vicinity(
    texts: Sequence[str],
    clusters: Sequence[int],
    new: Sequence[int],
    ties: Iterable[tuple[int, int]],
    embed: Embed,
    *,
    least: float,
) -> "tuple[list[int], NDArray[np.float32]]":
    """Find the keywords that decide where new ones go among pages.

    Args:
        texts: n normalised texts.
        clusters: for each the cluster that it is in, or `NO_CLUSTER`.
        new: the places of those to be placed.
        ties: pairs of places that must be together.
        embed: makes vectors of texts.
        least: the mean cosine from which pages merge.

    Returns:
        Places in ascending order: the new ones, what has their words, is tied to them or may be alike enough, and all
        that is in a cluster with one of those. And the mean of all vectors, which is taken off, not that of the few.
    """
    import numpy as np

    vectors = embed(texts)
    middle = shrunken_mean(vectors)
    vectors -= PAGE_MEAN * middle
    nearest, likeness = nearest_rows(unit_rows(vectors), count=_NEAREST, of=np.asarray(new, dtype=np.int64))
    wanted = np.zeros(len(texts), dtype=bool)
    wanted[new] = True
    wanted[nearest[likeness >= least - _MARGIN]] = True
    words = {word_set(texts[place]) for place in new}
    wanted |= np.fromiter((word_set(text) in words for text in texts), dtype=bool, count=len(texts))
    tied = together(ties, [NO_CLUSTER] * len(texts))
    wanted |= np.isin(tied, tied[wanted])
    homes = np.asarray(clusters, dtype=np.int64)
    wanted |= np.isin(homes, homes[wanted & (homes != NO_CLUSTER)])
    return np.flatnonzero(wanted).tolist(), middle
