"""Who is around each keyword, as a vector: keywords that have the same neighbours are near each other.

Two queries for one thing may share no word and little meaning and still be near the same ten others. Cosines of
these vectors tell that, much as the shared neighbours of k-reciprocal encoding (Zhong et al., Re-ranking Person
Re-identification with k-reciprocal Encoding, 2017) do.
"""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSIONS = 256
"""The random directions onto which the neighbours are projected; their cosines stay right up to some 1 / 16."""

# A neighbour counts exp(3 × (cosine - 1)), itself 1.
_SHARPNESS = 3.0
_SEED = 8117
_ROWS_AT_ONCE = 2048


def neighbourhood_rows(rows: "NDArray[np.float32]", near: "NDArray[np.int64]") -> "NDArray[np.float32]":
    """Turn each row's neighbours that have it among theirs, and itself, into a vector.

    Args:
        rows: n unit rows, or rows of zeros, which have no neighbours.
        near: for each row the places of its nearest, the nearest first; its own place where one is missing. Of a list
            of under 1,600 rows as many count as half the square root of its length.

    Returns:
        n unit rows of `DIMENSIONS` numbers.
    """
    import numpy as np

    total = len(rows)
    near = near[:, : math.isqrt(total) // 2]
    # The raw bits of the generator, which no version of numpy changes.
    bits = np.random.PCG64(_SEED).random_raw(total * DIMENSIONS // 64).view(np.uint8).reshape(total, -1)
    answer = np.empty((total, DIMENSIONS), dtype=np.float32)
    for start in range(0, total, _ROWS_AT_ONCE):
        own = np.arange(start, min(start + _ROWS_AT_ONCE, total))
        around = near[own]
        likeness = np.einsum("ikj,ij->ik", rows[around], rows[own])
        mutual = (near[around] == own[:, None, None]).any(axis=2)
        counted = mutual & (around != own[:, None]) & (likeness > 0)
        weights = np.where(counted, np.exp(_SHARPNESS * (likeness - 1)), 0.0).astype(np.float32)
        places = np.concatenate([own[:, None], around], axis=1)
        weights = np.concatenate([np.ones((len(own), 1), dtype=np.float32), weights], axis=1)
        signs = np.unpackbits(bits[places], axis=2).astype(np.float32)
        answer[own] = 2 * np.einsum("ik,ikj->ij", weights, signs) - weights.sum(axis=1, keepdims=True)
    answer /= np.sqrt(np.einsum("ij,ij->i", answer, answer))[:, None]
    return answer
