"""Which existing cluster a new text joins, if any."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Cosines held at once, 32 MB.
_BLOCK_CELLS = 1 << 23


def nearest_clusters(
    vectors: "NDArray[np.float32]", means: "NDArray[np.float32]", *, least: float
) -> "tuple[NDArray[np.int64], NDArray[np.float32]]":
    """For each row the cluster to whose rows its mean cosine is highest.

    Args:
        vectors: n unit rows.
        means: for each of m clusters the mean of its unit rows, itself not of unit length.
        least: a lower mean cosine counts as none.

    Returns:
        n positions of clusters, -1 for none, ties going to the earlier; and the n mean cosines.
    """
    import numpy as np

    nearest = np.full(len(vectors), -1, dtype=np.int64)
    likeness = np.full(len(vectors), -np.inf, dtype=np.float32)
    if not len(means):
        return nearest, likeness
    step = max(1, _BLOCK_CELLS // len(means))
    for start in range(0, len(vectors), step):
        cosines = vectors[start : start + step] @ means.T
        best = cosines.argmax(axis=1)
        likeness[start : start + step] = np.take_along_axis(cosines, best[:, None], axis=1)[:, 0]
        nearest[start : start + step] = best
    nearest[likeness < least] = -1
    return nearest, likeness


def admitted(
    nearest: "NDArray[np.int64]", likeness: "NDArray[np.float32]", *, sizes: Sequence[int], room: Sequence[int]
) -> "NDArray[np.bool_]":
    """Which rows their nearest cluster has room for, the most alike first.

    Args:
        nearest: for each row the position of its cluster, -1 for none.
        likeness: for each row how alike they are; ties go to the earlier row.
        sizes: for each row how many keywords stand behind it.
        room: for each cluster how many keywords it may still take.
    """
    import numpy as np

    left = list(room)
    answer = np.zeros(len(nearest), dtype=np.bool_)
    for row in np.argsort(-likeness, kind="stable").tolist():
        cluster = int(nearest[row])
        if cluster >= 0 and sizes[row] <= left[cluster]:
            left[cluster] -= sizes[row]
            answer[row] = True
    return answer
