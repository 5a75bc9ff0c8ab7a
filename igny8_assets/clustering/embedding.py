"""Texts as unit vectors, by the model that ships inside wordllama: no network, no GPU."""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from igny8_assets.clustering.word_sums import summed_over_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from wordllama.inference import WordLlamaInference

DIMENSIONS = 256
SHORTEST = 1e-5
"""Below this a row is rounding noise, whose direction means nothing."""
Embed: TypeAlias = "Callable[[Sequence[str]], NDArray[np.float32]]"
"""Texts to rows of length 1, or of zeros for a text that means nothing."""

_lock = threading.Lock()
_loaded: list["WordLlamaInference"] = []


def embed(texts: Sequence[str]) -> "NDArray[np.float32]":
    """Turn each text into a vector that is near those of texts with a like meaning.

    Args:
        texts: n texts of any language; a lone surrogate in one is read as a question mark.

    Returns:
        n rows of `DIMENSIONS` numbers, each of length 1, or all zero for a text without any token.
    """
    # The model's vector of a text is the mean of its tokens', and no token reaches beyond a space.
    words = [readable(text).split(" ") for text in texts]
    return scaled_to_unit(summed_over_words(words, lambda found, _: rows_of_tokens(found), width=DIMENSIONS))


def readable(text: str) -> str:
    """The text with a question mark for each lone surrogate, which the tokenizer does not take."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def rows_of_tokens(words: Sequence[str]) -> "NDArray[np.float32]":
    """The sum of the vectors of each word's tokens; n words in, n rows of `DIMENSIONS` numbers out."""
    model = _model()
    tokens = [found.ids for found in model.tokenizer.encode_batch(list(words), add_special_tokens=False)]
    return summed_over_words(tokens, lambda ids, _: model.embedding[list(ids)], width=DIMENSIONS)


def unit_rows(vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Each row scaled to length 1; a row of (almost) nothing becomes all zero."""
    unit: NDArray[np.float32] = vectors * _scales(vectors)
    return unit


def scaled_to_unit(vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """The same in the place of the rows, for those that nobody else needs as they are: a million take gigabytes."""
    vectors *= _scales(vectors)
    return vectors


def _scales(vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """What to multiply each row by; n × 1."""
    import numpy as np

    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    scales: NDArray[np.float32] = np.where(lengths > SHORTEST, 1 / np.maximum(lengths, SHORTEST), 0.0)
    return scales.astype(np.float32)[:, None]


def centrality(rows: "NDArray[np.float32]") -> list[float]:
    """How near each of some unit rows is to their middle: its cosine, -1 to 1."""
    nearness: list[float] = (rows @ unit_rows(rows.sum(axis=0, keepdims=True))[0]).tolist()
    return nearness


def _model() -> "WordLlamaInference":
    """The model, read once per process, whichever thread asks first."""
    with _lock:
        if not _loaded:
            _loaded.append(_load())
        return _loaded[0]


def _load() -> "WordLlamaInference":
    import logging
    from pathlib import Path

    # wordllama calls basicConfig() when imported; a root logger that has a handler is left alone.
    root, guard = logging.getLogger(), logging.NullHandler()
    root.addHandler(guard)
    try:
        import wordllama
    finally:
        root.removeHandler(guard)
    # Without the package's own folder as cache, load() looks for the tokenizer elsewhere and then on the network.
    folder = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, dim=DIMENSIONS, disable_download=True)
    model.tokenizer.no_padding()
    return model
