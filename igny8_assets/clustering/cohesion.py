"""How alike the keywords of a cluster are."""

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def cohesions(clusters: Sequence[Sequence[str]]) -> list[float | None]:
    """The mean cosine between the texts of each cluster, every pair counted once.

    Args:
        clusters: for each cluster the normalised texts of its keywords.

    Returns:
        For each cluster a number from -1 to 1, or None where fewer than two texts leave nothing to compare.
    """
    compared = [position for position, texts in enumerate(clusters) if len(texts) > 1]
    answer: list[float | None] = [None] * len(clusters)
    if not compared:
        return answer
    from igny8_assets.clustering.embedding import embed

    # All in one call: the model is slow to begin and fast once it runs.
    vectors = embed([text for position in compared for text in clusters[position]])
    means = mean_cosines(vectors, [len(clusters[position]) for position in compared])
    for position, mean in zip(compared, means, strict=True):
        answer[position] = mean
    return answer


def mean_cosines(vectors: "NDArray[np.float32]", sizes: Sequence[int]) -> list[float]:
    """For each group of rows that follow one another the mean cosine of its pairs.

    Args:
        vectors: rows of length 1, or of zeros, whose cosine to any row is 0.
        sizes: how many rows each group has, at least two.
    """
    import numpy as np

    if not sizes:
        return []
    starts = [0, *accumulate(sizes)][:-1]
    # The square of a sum of rows is the sum of all their products: each row's with itself, each pair's twice.
    sums = np.add.reduceat(vectors, starts, axis=0, dtype=np.float64)
    products = np.einsum("ij,ij->i", sums, sums)
    own = np.add.reduceat(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64), starts)
    counts = np.asarray(sizes, dtype=np.float64)
    means = (products - own) / (counts * (counts - 1))
    return [float(mean) for mean in np.clip(means, -1.0, 1.0)]
