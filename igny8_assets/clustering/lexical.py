"""Texts as vectors of their spelling: keywords that share rare letters in a row are near each other in any language."""

import re
import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LETTERS = 4
"""Letters in a row; four tell words apart and forgive an ending or a typing error."""
DIMENSIONS = 128
# So many random directions stand for all runs of letters; the few that share one blur nothing.
_BUCKETS = 1 << 16
_RUNS_AT_ONCE = 1 << 16
_WORD = re.compile(r"\w+")


def spelling_rows(texts: Sequence[str]) -> "NDArray[np.float32]":
    """Turn each text into a vector whose cosine to another is the share of rare letter runs they have in common.

    A run counts by its inverse document frequency in the list, log((1 + n) / (1 + df)) + 1 (Manning et al.,
    Introduction to Information Retrieval, 6.2); the many runs are projected to few dimensions by random directions,
    which keeps cosines up to about 1 / sqrt(`DIMENSIONS`) (Johnson and Lindenstrauss).

    Args:
        texts: n normalised texts.

    Returns:
        n rows of `DIMENSIONS` numbers, each of length 1, or all zero for a text without a letter or digit. The same
        list in another order gives the same rows.
    """
    import numpy as np

    from igny8_assets.clustering.embedding import unit_rows

    of_word: dict[str, list[int]] = {}
    runs = [_runs(text, of_word) for text in texts]
    lengths = np.array([len(row) for row in runs], dtype=np.int64)
    flat = np.fromiter((run for row in runs for run in row), dtype=np.int32, count=int(lengths.sum()))
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    frequency = np.bincount(np.unique(rows * _BUCKETS + flat) % _BUCKETS, minlength=_BUCKETS)
    used = np.flatnonzero(frequency)
    weights = np.log((1 + len(texts)) / (1 + frequency[used])) + 1
    directions = _directions()[used] * weights[:, None].astype(np.float32)
    place_of = np.zeros(_BUCKETS, dtype=np.int32)
    place_of[used] = np.arange(used.size)
    flat = place_of[flat]
    answer = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    ends = np.cumsum(lengths)
    first = 0
    while first < len(texts):
        start = int(ends[first] - lengths[first])
        last = max(first + 1, int(np.searchsorted(ends, start + _RUNS_AT_ONCE, side="right")))
        part = flat[start : ends[last - 1]]
        filled = np.flatnonzero(lengths[first:last])
        if filled.size:
            starts = (ends[first:last] - lengths[first:last] - start)[filled]
            answer[first + filled] = np.add.reduceat(directions[part], starts, axis=0)
        first = last
    return unit_rows(answer)


@cache
def _directions() -> "NDArray[np.float32]":
    """A random direction for each bucket, always the same; 32 MB, kept since every list needs them."""
    import numpy as np

    return np.random.default_rng(0).standard_normal((_BUCKETS, DIMENSIONS), dtype=np.float32)


def _runs(text: str, of_word: dict[str, list[int]]) -> list[int]:
    """The buckets of a text's runs; words come again and again, so theirs are kept."""
    answer: list[int] = []
    for word in _WORD.findall(text):
        known = of_word.get(word)
        if known is None:
            framed = f" {word} "
            known = of_word[word] = [
                zlib.crc32(framed[at : at + LETTERS].encode("utf-8", "replace")) % _BUCKETS
                for at in range(max(1, len(framed) - LETTERS + 1))
            ]
        answer += known
    return answer
