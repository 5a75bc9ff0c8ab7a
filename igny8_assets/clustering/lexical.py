"""Texts as vectors of their spelling: keywords that share rare letters in a row are near each other in any language."""

import re
import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from igny8_assets.clustering.embedding import unit_rows
from igny8_assets.clustering.word_sums import summed_over_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LETTERS = 4
"""Letters in a row; four tell words apart and forgive an ending or a typing error."""
DIMENSIONS = 128
# So many random directions stand for all runs of letters; the few that share one blur nothing.
_BUCKETS = 1 << 16
_WORD = re.compile(r"\w+")


def spelling_rows(texts: Sequence[str]) -> "NDArray[np.float32]":
    """Turn each text into a vector whose cosine to another is the share of rare letter runs they have in common.

    A run counts by its inverse document frequency in the list, log((1 + n) / (1 + df)) + 1 (Manning et al.,
    Introduction to Information Retrieval, 6.2; df counts a text as often as its words have the run); the many runs are
    projected to few dimensions by random directions, which keeps cosines up to about 1 / sqrt(`DIMENSIONS`) (Johnson
    and Lindenstrauss).

    Args:
        texts: n normalised texts.

    Returns:
        n rows of `DIMENSIONS` numbers, each of length 1, or all zero for a text without a letter or digit. The same
        list in another order gives the same rows.
    """
    words = [_WORD.findall(text) for text in texts]
    return unit_rows(
        summed_over_words(words, lambda words, places: _rows_of_words(words, places, len(texts)), width=DIMENSIONS)
    )


def _rows_of_words(words: Sequence[str], places: "NDArray[np.int64]", texts: int) -> "NDArray[np.float32]":
    """The sum of the directions of each word's runs, each by how rare it is among so many texts."""
    import numpy as np

    runs = [_runs(word) for word in words]
    lengths = np.fromiter(map(len, runs), dtype=np.int64, count=len(runs))
    flat = np.fromiter((run for of_word in runs for run in of_word), dtype=np.int32, count=int(lengths.sum()))
    frequency = np.bincount(flat, weights=np.repeat(places, lengths), minlength=_BUCKETS)
    weights = np.log((1 + texts) / (1 + np.minimum(frequency, texts))) + 1
    directions = _directions()
    return summed_over_words(
        runs, lambda ids, _: directions[list(ids)] * weights[list(ids), None].astype(np.float32), width=DIMENSIONS
    )


@cache
def _directions() -> "NDArray[np.float32]":
    """A random direction for each bucket, always the same; 32 MB, kept since every list needs them."""
    import numpy as np

    return np.random.default_rng(0).standard_normal((_BUCKETS, DIMENSIONS), dtype=np.float32)


def _runs(word: str) -> list[int]:
    """The buckets of a word's runs of letters, its beginning and end marked."""
    framed = f" {word} "
    return [
        zlib.crc32(framed[at : at + LETTERS].encode("utf-8", "replace")) % _BUCKETS
        for at in range(max(1, len(framed) - LETTERS + 1))
    ]
