"""Which rows are together from the start, whatever their texts say."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NO_CLUSTER = -1


def together(ties: Iterable[tuple[int, int]], clusters: Sequence[int]) -> "NDArray[np.int64]":
    """Put tied rows together, but never two clusters that exist.

    Args:
        ties: pairs of rows, the strongest first; one that would put two clusters together is passed over.
        clusters: for each row the cluster that it is in, or `NO_CLUSTER`.

    Returns:
        For each row the smallest row that it is together with.
    """
    import numpy as np

    first = list(range(len(clusters)))
    home = list(clusters)

    def root(row: int) -> int:
        while first[row] != row:
            first[row] = first[first[row]]
            row = first[row]
        return row

    for one, other in ties:
        low, high = sorted((root(one), root(other)))
        if low == high or (NO_CLUSTER not in (home[low], home[high]) and home[low] != home[high]):
            continue
        first[high] = low
        home[low] = max(home[low], home[high])
    return np.array([root(row) for row in range(len(first))], dtype=np.int64)


def with_clusters(labels: "NDArray[np.int64]", clusters: Sequence[int]) -> "NDArray[np.int64]":
    """Put the rows of each existing cluster together too, with all that they are together with."""
    import numpy as np

    homes = np.asarray(clusters, dtype=np.int64)
    home_of = np.full(len(labels), NO_CLUSTER, dtype=np.int64)
    np.maximum.at(home_of, labels, homes)
    home = home_of[labels]
    settled = home != NO_CLUSTER
    answer = labels.copy()
    _, place, back = np.unique(home[settled], return_index=True, return_inverse=True)
    answer[settled] = np.flatnonzero(settled)[place][back]
    return answer
