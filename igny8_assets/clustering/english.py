"""English texts as unit vectors, by word vectors of two models: no network, no GPU.

One half of a vector is by wordllama, which reads any text by its tokens, the other by the words that were learned from
MiniLM (distilled.py), which tells more of those that it knows. In other languages it knows few, and those by accident
("mit", "die"), so these vectors are for English alone.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from igny8_assets.clustering import distilled
from igny8_assets.clustering.embedding import SHORTEST, readable, rows_of_tokens
from igny8_assets.clustering.word_sums import summed_over_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Of wordllama's numbers, of which it was trained to need only the first.
_BY_TOKENS = 128
DIMENSIONS = _BY_TOKENS + distilled.DIMENSIONS
# How much of a cosine is by words, where both texts have some that are known.
_WORDS_SHARE = 0.45
# A word counts so often at most: what is in every text, such as a brand, says no more of the language than others.
_MOST_COUNTED = 3
# English lists have 0.81 and more, German, Spanish and French ones 0.36 and less.
_LEAST_KNOWN = 0.6


def is_english(texts: Sequence[str]) -> bool:
    """Whether most words of a list are known English ones; figures say nothing of it."""
    parts = Counter(part for text in texts for part in distilled.PART.findall(text.lower()) if part.isalpha())
    counted = {part: min(times, _MOST_COUNTED) for part, times in parts.items()}
    known = sum(times for part, times in counted.items() if distilled.is_known(part))
    return known >= _LEAST_KNOWN * sum(counted.values()) > 0


def embed(texts: Sequence[str]) -> "NDArray[np.float32]":
    """Turn each text into a vector that is near those of texts with a like meaning.

    Args:
        texts: n texts, mostly English; a lone surrogate in one is read as a question mark.

    Returns:
        n rows of `DIMENSIONS` numbers, each of length 1, or all zero for a text without any token.
    """
    # Both models' vectors of a text are sums over what lies between its spaces.
    words = [readable(text).split(" ") for text in texts]
    return _balanced(summed_over_words(words, _rows_of_words, width=DIMENSIONS))


def _rows_of_words(words: Sequence[str], _: "NDArray[np.int64]") -> "NDArray[np.float32]":
    """The sum of the vectors of each word's tokens, and beside it that of its known parts."""
    import numpy as np

    return np.concatenate([rows_of_tokens(words)[:, :_BY_TOKENS], distilled.rows_of_words(words)], axis=1)


def _balanced(sums: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Unit rows whose halves count by their shares, or the one that is not zero alone; in the place of the sums."""
    import numpy as np

    halves = ((slice(_BY_TOKENS), 1 - _WORDS_SHARE), (slice(_BY_TOKENS, None), _WORDS_SHARE))
    lengths = [np.sqrt(np.einsum("ij,ij->i", sums[:, half], sums[:, half])) for half, _ in halves]
    shares = [np.where(length > SHORTEST, share, 0.0) for length, (_, share) in zip(lengths, halves, strict=True)]
    whole = np.maximum(shares[0] + shares[1], SHORTEST)
    for (half, _), length, share in zip(halves, lengths, shares, strict=True):
        scales = np.sqrt(share / whole) / np.maximum(length, SHORTEST)
        sums[:, half] *= scales.astype(np.float32)[:, None]
    return sums
