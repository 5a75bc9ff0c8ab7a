"""The most alike pairs of many vectors, found block by block so that memory stays small."""

from typing import TYPE_CHECKING

from igny8_assets.clustering.neighbour_index import indexed_nearest_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXACT_UP_TO = 20_000
"""Rows; among more, an index finds nearly all of the nearest in a fraction of the time."""

# Cosines held at once: 2^23 numbers are 32 MB, and the arrays beside them about twice that.
_BLOCK_CELLS = 1 << 23


def nearest_rows(
    vectors: "NDArray[np.float32]", *, count: int, of: "NDArray[np.int64] | None" = None
) -> "tuple[NDArray[np.int64], NDArray[np.float32]]":
    """Find each row's nearest rows, or those of some rows.

    Args:
        vectors: n unit rows.
        count: so many for a row, or n - 1 if there are not as many; ties go to the earlier row.
        of: the rows whose neighbours are wanted; all of them unless told otherwise.

    Returns:
        Positions and cosines, a line of `count` for each wanted row, the nearest first, equals in ascending order; a
        row is not near itself. Where each of more than `EXACT_UP_TO` is asked about, some may be missed; where fewer
        were found, the row itself stands there, with -inf.
    """
    import numpy as np

    total = len(vectors)
    wanted = np.arange(total) if of is None else of
    if total * len(wanted) > EXACT_UP_TO**2:
        return indexed_nearest_rows(vectors, count=count, of=wanted)
    count = max(0, min(count, total - 1))
    places = np.zeros((len(wanted), count), dtype=np.int64)
    likeness = np.zeros((len(wanted), count), dtype=np.float32)
    if not count:
        return places, likeness
    step = max(1, _BLOCK_CELLS // total)
    for start in range(0, len(wanted), step):
        asked = wanted[start : start + step]
        cosines = vectors[asked] @ vectors.T
        cosines[np.arange(len(asked)), asked] = -np.inf
        chosen = np.sort(_highest(cosines, count), axis=1)
        values = np.take_along_axis(cosines, chosen, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        places[start : start + step] = np.take_along_axis(chosen, order, axis=1)
        likeness[start : start + step] = np.take_along_axis(values, order, axis=1)
    return places, likeness


def _highest(cells: "NDArray[np.float32]", count: int) -> "NDArray[np.int64]":
    """The columns of the `count` highest cells of each row; among equals the first."""
    import numpy as np

    width = cells.shape[1]
    chosen = np.argpartition(cells, width - count, axis=1)[:, width - count :]
    floor = np.take_along_axis(cells, chosen, axis=1).min(axis=1, keepdims=True)
    # Which of several equals a partition leaves out is up to the machine.
    for row in np.flatnonzero((cells >= floor).sum(axis=1) > count).tolist():
        above = np.flatnonzero(cells[row] > floor[row])
        level = np.flatnonzero(cells[row] == floor[row])
        chosen[row] = np.concatenate([above, level[: count - above.size]])
    return chosen


def pairs_of(
    places: "NDArray[np.int64]", wanted: "NDArray[np.bool_]", *, of: "NDArray[np.int64] | None" = None
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """The pairs of rows and their neighbours.

    Args:
        places: each row's neighbours, n × count.
        wanted: which of them count, n × count.
        of: whose neighbours they are; all rows' in their order unless told otherwise.

    Returns:
        Two equally long arrays: the earlier and the later row of each pair, every pair once, in ascending order.
    """
    import numpy as np

    lines, columns = np.nonzero(wanted)
    rows = lines if of is None else of[lines]
    others = places[lines, columns]
    total = 1 + max(rows.max(initial=0), others.max(initial=0))
    codes = np.unique(np.minimum(rows, others) * total + np.maximum(rows, others))
    return codes // total, codes % total


def neighbour_pairs(
    vectors: "NDArray[np.float32]", *, count: int, least: float
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Pair each row with at most `count` nearest rows, leaving out pairs whose cosine is below `least`."""
    places, likeness = nearest_rows(vectors, count=count)
    return pairs_of(places, likeness >= least)
