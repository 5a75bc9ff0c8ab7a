"""Vectors of English words, learned from what all-MiniLM-L6-v2 says of words and pairs of words.

`benchmarks/distilling.py` makes the table; NOTICE says whose work is in it.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from igny8_assets.clustering.word_sums import summed_over_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSIONS = 128
TABLE = Path(__file__).with_name("distilled_words.npz")
PART = re.compile(r"[^\W_]+")
"""What is looked up of a text: letters and digits in a row."""
# Two numbers share a byte, each with this added so that none is negative.
MIDDLE = 8


def rows_of_words(words: Sequence[str]) -> "NDArray[np.float32]":
    """The sum of the vectors of each word's parts.

    Args:
        words: n words as they stand between spaces, in any case.

    Returns:
        n rows of `DIMENSIONS` numbers; the more a word says, the longer its row. All zero for an unknown word.
    """
    place_of = _table()[0]
    known = [[place_of[part] for part in PART.findall(word.lower()) if part in place_of] for word in words]
    return summed_over_words(known, lambda places, _: _rows(places), width=DIMENSIONS)


def is_known(word: str) -> bool:
    """Whether a word in lower case has a vector."""
    return word in _table()[0]


def _rows(places: Sequence[int]) -> "NDArray[np.float32]":
    import numpy as np

    _, packed, row_scales, column_scales = _table()
    pairs = packed[list(places)]
    rows = np.empty((len(pairs), DIMENSIONS), dtype=np.float32)
    rows[:, ::2] = pairs & 15
    rows[:, 1::2] = pairs >> 4
    rows -= MIDDLE
    rows *= row_scales[list(places), None]
    rows *= column_scales
    return rows


@cache
def _table() -> "tuple[dict[str, int], NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]":
    """The place of each word, the packed numbers at each place, and what they are multiplied by."""
    import numpy as np

    with np.load(TABLE) as table:
        words = table["words"].tobytes().decode().split("\n")
        scales = table["row_scales"].astype(np.float32), table["column_scales"]
        return {word: place for place, word in enumerate(words)}, table["numbers"], *scales
