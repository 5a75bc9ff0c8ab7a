"""Rows of texts as sums over their words, and of words over their parts: what comes often is worked out once."""

from collections.abc import Callable, Sequence
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

    place_of: dict[Word, int] = {}
    flat = np.fromiter((place_of.setdefault(word, len(place_of)) for words in texts for word in words), dtype=np.int32)
    if not flat.size:
        return np.zeros((len(texts), width), dtype=np.float32)
    # In the order of the alphabet, so that the order of the texts changes no bit of a sum.
    words = sorted(place_of)
    place = np.empty(len(words), dtype=np.int32)
    place[[place_of[word] for word in words]] = np.arange(len(words), dtype=np.int32)
    flat = place[flat]
    rows = rows_of(words, np.bincount(flat, minlength=len(words)))
    ends = np.cumsum([0, *map(len, texts)])
    counts = csr_array((np.ones(flat.size, dtype=np.float32), flat, ends), shape=(len(texts), len(words)))
    sums: NDArray[np.float32] = counts @ rows
    return sums
