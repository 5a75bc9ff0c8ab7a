"""Average linkage over a sparse graph: all mutually best pairs merge in one round."""

from typing import TYPE_CHECKING

from igny8_assets.clustering.bounds import Bounds
from igny8_assets.clustering.label_sums import summed_by_label

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Pairs whose vectors are multiplied at once: 2^16 pairs of 256 numbers are 64 MB a side.
_BLOCK_PAIRS = 1 << 16


def average_linkage(
    vectors: "NDArray[np.float32]",
    pairs: "tuple[NDArray[np.int64], NDArray[np.int64]]",
    *,
    sizes: "NDArray[np.int64]",
    threshold: float,
    cap: int,
    together: "NDArray[np.int64] | None" = None,
    bounds: Bounds | None = None,
) -> "NDArray[np.int64]":
    """Merge rows as long as two neighbouring clusters are alike enough.

    The mean cosine of two clusters is the dot product of the means of their unit rows. It never exceeds the larger of
    the parts' own means (average linkage is reducible), so a pair below the threshold can be forgotten at once.

    Args:
        vectors: n unit rows.
        pairs: the earlier and the later row of each pair that may merge, ascending, each once.
        sizes: how many keywords stand behind each row.
        threshold: the least mean cosine at which two clusters merge.
        cap: a merge that would put more keywords than this together does not happen.
        together: for each row the smallest row number of the cluster that it is in from the start, as this function
            returns it; without it, each row starts alone.
        bounds: what keeps clusters apart beside their vectors.

    Returns:
        For each row the smallest row number of its cluster.
    """
    import numpy as np

    labels = np.arange(len(vectors), dtype=np.int64) if together is None else together.copy()
    sums = vectors.copy() if together is None else summed_by_label(vectors, labels)
    rows = np.bincount(labels, minlength=len(labels))
    keywords = np.bincount(labels, weights=sizes, minlength=len(labels)).astype(np.int64)
    left, right = pairs
    if together is not None:
        gone = np.flatnonzero(labels != np.arange(len(labels)))
        left, right, _ = _contracted(left, right, np.zeros(left.size), labels, gone)
    intents, settled = (bounds or Bounds.none(len(vectors))).of_clusters(labels)
    likeness = _mean_cosines(sums, rows, left, right)
    while True:
        kept = (likeness >= threshold) & (keywords[left] + keywords[right] <= cap)
        kept &= (intents[left] & intents[right] != 0) & ~(settled[left] & settled[right])
        left, right, likeness = left[kept], right[kept], likeness[kept]
        if not left.size:
            return _roots(labels)
        winners = _mutually_best(left, right, likeness, len(vectors))
        into, gone = left[winners], right[winners]
        sums[into] += sums[gone]
        rows[into] += rows[gone]
        keywords[into] += keywords[gone]
        intents[into] &= intents[gone]
        settled[into] |= settled[gone]
        labels[gone] = into
        left, right, likeness = _contracted(left, right, likeness, labels, into)
        stale = np.isnan(likeness)
        likeness[stale] = _mean_cosines(sums, rows, left[stale], right[stale])


def _mean_cosines(
    sums: "NDArray[np.float32]",
    rows: "NDArray[np.int64]",
    left: "NDArray[np.int64]",
    right: "NDArray[np.int64]",
) -> "NDArray[np.float64]":
    import numpy as np

    answer = np.empty(left.size, dtype=np.float64)
    for start in range(0, left.size, _BLOCK_PAIRS):
        part = slice(start, start + _BLOCK_PAIRS)
        answer[part] = np.einsum("ij,ij->i", sums[left[part]], sums[right[part]])
    return answer / (rows[left] * rows[right])


def _mutually_best(
    left: "NDArray[np.int64]", right: "NDArray[np.int64]", likeness: "NDArray[np.float64]", total: int
) -> "NDArray[np.int64]":
    """Positions of the pairs that are the best of both their ends; pairs come ascending, so ties go to the earlier."""
    import numpy as np

    order = np.argsort(-likeness, kind="stable")
    rank = np.empty(order.size, dtype=np.int64)
    rank[order] = np.arange(order.size)
    best = np.full(total, order.size, dtype=np.int64)
    np.minimum.at(best, left, rank)
    np.minimum.at(best, right, rank)
    return np.flatnonzero((best[left] == rank) & (best[right] == rank))


def _contracted(
    left: "NDArray[np.int64]",
    right: "NDArray[np.int64]",
    likeness: "NDArray[np.float64]",
    labels: "NDArray[np.int64]",
    merged: "NDArray[np.int64]",
) -> "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]":
    """The pairs between clusters after a round, ascending, each once; likeness that must be counted anew is NaN."""
    import numpy as np

    total = len(labels)
    first, second = labels[left], labels[right]
    apart = first != second
    first, second, likeness = first[apart], second[apart], likeness[apart]
    codes, at = np.unique(np.minimum(first, second) * total + np.maximum(first, second), return_index=True)
    first, second, likeness = codes // total, codes % total, likeness[at]
    changed = np.zeros(total, dtype=bool)
    changed[merged] = True
    likeness[changed[first] | changed[second]] = np.nan
    return first, second, likeness


def _roots(labels: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Follow each row to the cluster that it was merged into in the end."""
    import numpy as np

    while True:
        further = labels[labels]
        if np.array_equal(further, labels):
            return labels
        labels = further
