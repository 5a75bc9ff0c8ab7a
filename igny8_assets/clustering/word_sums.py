"""Rows of texts as sums over their words, and of words over their parts: what comes often is worked out once."""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Word = TypeVar("Word", str, int)


def summed_over_words(
    texts: Sequence[Sequence[Word]],
    rows_of: "Callable[[Sequence[Word], NDArray[np.int64]], NDArray[np.float32]]",
    *,
    width: int,
) -> "NDArray[np.float32]":
    """Add up the rows of each text's words.

    Args:
        texts: n texts, each as its words.
        rows_of: makes a row for each of several distinct words; it is also told in how many places each stands.
        width: how many numbers a row has.

    Returns:
        n rows; all zero for a text without words.
    """
    import numpy as np
    from scipy.sparse import csr_array

    # In the order of the alphabet, so that the order of the texts changes no bit of a sum.
    words = sorted(set(chain.from_iterable(texts)))
    if not words:
        return np.zeros((len(texts), width), dtype=np.float32)
    place_of = dict(zip(words, range(len(words)), strict=True))
    ends = np.cumsum([0, *map(len, texts)])
    flat = np.fromiter(map(place_of.__getitem__, chain.from_iterable(texts)), dtype=np.int32, count=int(ends[-1]))
    rows = rows_of(words, np.bincount(flat, minlength=len(words)))
    counts = csr_array((np.ones(flat.size, dtype=np.float32), flat, ends), shape=(len(texts), len(words)))
    sums: NDArray[np.float32] = counts @ rows
    return sums
