"""Keywords that were left alone join the cluster around them."""

from typing import TYPE_CHECKING

from igny8_assets.clustering.bounds import Bounds
from igny8_assets.clustering.label_sums import summed_by_label

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def joined(
    labels: "NDArray[np.int64]",
    vectors: "NDArray[np.float32]",
    pairs: "tuple[NDArray[np.int64], NDArray[np.int64]]",
    *,
    sizes: "NDArray[np.int64]",
    least: float,
    cap: int,
    bounds: Bounds | None = None,
) -> "NDArray[np.int64]":
    """Let each row that is alone join the cluster of a neighbour to whose rows its mean cosine is highest.

    Args:
        labels: for each row the smallest row number of its cluster.
        vectors: n unit rows.
        pairs: the earlier and the later row of each pair of neighbours.
        sizes: how many keywords stand behind each row.
        least: a lower mean cosine counts as none.
        cap: the most keywords of a cluster.
        bounds: what keeps rows apart beside their vectors.

    Returns:
        For each row the smallest row number of its cluster; the most alike join first, ties go to the earlier row.
    """
    import numpy as np

    keywords = np.bincount(labels, weights=sizes, minlength=len(labels)).astype(np.int64)
    rows = np.bincount(labels, minlength=len(labels))
    intents, settled = (bounds or Bounds.none(len(labels))).of_clusters(labels)
    left, right = np.concatenate(pairs), np.concatenate(pairs[::-1])
    alone = (keywords[labels[left]] == 1) & ~settled[labels[left]] & (labels[left] != labels[right])
    codes = np.unique(left[alone] * len(labels) + labels[right[alone]])
    strays, clusters = codes // max(len(labels), 1), codes % max(len(labels), 1)
    sums = summed_by_label(vectors, labels)
    likeness = np.einsum("ij,ij->i", vectors[strays], sums[clusters]) / rows[clusters]
    answer = labels.copy()
    moved, hosts = set[int](), set[int]()
    for at in np.argsort(-likeness, kind="stable").tolist():
        stray, cluster = int(strays[at]), int(clusters[at])
        if likeness[at] < least:
            break
        if stray in moved or stray in hosts or cluster in moved or keywords[cluster] + 1 > cap:
            continue
        if not intents[stray] & intents[cluster]:
            continue
        answer[stray] = cluster
        keywords[cluster] += 1
        intents[cluster] &= intents[stray]
        moved.add(stray)
        hosts.add(cluster)
    firsts = np.full(len(labels), len(labels), dtype=np.int64)
    np.minimum.at(firsts, answer, np.arange(len(labels)))
    smallest: NDArray[np.int64] = firsts[answer]
    return smallest
