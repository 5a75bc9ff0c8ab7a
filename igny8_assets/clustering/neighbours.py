"""The most alike pairs of many vectors, found block by block so that memory stays small."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Cosines held at once: 2^23 numbers are 32 MB, and the arrays beside them about twice that.
_BLOCK_CELLS = 1 << 23


def neighbour_pairs(
    vectors: "NDArray[np.float32]", *, count: int, least: float
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Pair each row with its nearest rows.

    Args:
        vectors: n unit rows.
        count: at most so many neighbours are taken for a row; ties go to the earlier row.
        least: pairs whose cosine is below this are left out.

    Returns:
        Two equally long arrays: the earlier and the later row of each pair, every pair once, in ascending order.
    """
    import numpy as np

    total = len(vectors)
    step = max(1, _BLOCK_CELLS // max(total, 1))
    codes: list[NDArray[np.int64]] = []
    for start in range(0, total, step):
        cosines = vectors[start : start + step] @ vectors.T
        rows, columns = _nearest(cosines, own=start, count=count, least=least)
        rows += start
        codes.append(np.minimum(rows, columns) * total + np.maximum(rows, columns))
    pairs = np.unique(np.concatenate(codes)) if codes else np.zeros(0, dtype=np.int64)
    return pairs // max(total, 1), pairs % max(total, 1)


def _nearest(
    cosines: "NDArray[np.float32]", *, own: int, count: int, least: float
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Row and column of the `count` highest cells of each row; row i's cell own + i is itself and never taken."""
    import numpy as np

    height, width = cosines.shape
    cosines[np.arange(height), own + np.arange(height)] = -np.inf
    wanted = cosines >= least
    crowded = np.flatnonzero(wanted.sum(axis=1) > 4 * count)
    if width > count and crowded.size:
        # Long rows of likely pairs are thinned first: sorting all of them would take most of the time.
        floor = np.partition(cosines[crowded], width - count, axis=1)[:, width - count]
        wanted[crowded] &= cosines[crowded] >= floor[:, None]
    rows, columns = np.nonzero(wanted)
    order = np.lexsort((columns, -cosines[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    firsts = np.searchsorted(rows, np.arange(height))
    kept = np.arange(rows.size) - firsts[rows] < count
    return rows[kept].astype(np.int64), columns[kept].astype(np.int64)
