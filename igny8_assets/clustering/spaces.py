"""Where keywords lie: the vectors by which pages are told apart, and those of topics and themes.

Whether one page can rank for two keywords does not depend on what else is in the list, so pages are cut by vectors
from which only part of what the list has in common is taken off. What a topic is does depend on it ("coffee" is no
topic in a list about coffee), so above pages the list's mean is taken off as a whole, and each vector is moved to
those around it, which joins what has one topic in other words. A part of a cosine is by who these are.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from igny8_assets.clustering.embedding import Embed, scaled_to_unit, unit_rows
from igny8_assets.clustering.lexical import spelling_rows
from igny8_assets.clustering.modifiers import core_of
from igny8_assets.clustering.neighbourhoods import neighbourhood_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

# Fewer in a list of under 400, where so many are mostly of other topics: half the square root of its length.
_SMOOTHED_OVER = 10
# How much of the list's mean is taken off, and how much of a cosine is spelling.
PAGE_MEAN, _PAGE_SPELLING = 0.4, 0.1
_TOPIC_MEAN, _TOPIC_SPELLING = 1.0, 0.2
# The mean of n texts counts n / (n + 30): that of a short list is mostly its one topic and must not be taken off.
_MEAN_SHRINKAGE = 30
_ROWS_AT_ONCE = 4096


class Space:
    """The vectors of a list of items, each one or more texts with the same words."""

    def __init__(
        self, items: Sequence[Sequence[str]], embed: Embed, *, core: float, middle: "Rows | None" = None
    ) -> None:
        """Make the vectors.

        Args:
            items: n items; the first text of each stands for its spelling.
            embed: makes vectors of texts.
            core: how far vectors of pages are moved to those of the texts without their modifiers, 0 to 1.
            middle: the shrunken mean of a longer list that the items are a part of; their own unless told otherwise.
        """
        import numpy as np

        vectors = embed([text for item in items for text in item])
        starts = np.cumsum([0, *map(len, items)])[:-1]
        self._meaning = scaled_to_unit(np.add.reduceat(vectors, starts, axis=0))
        self._texts = [item[0] for item in items]
        self._spelling = spelling_rows(self._texts)
        self._embed, self._core, self._middle = embed, core, middle

    def page_rows(self) -> "Rows":
        """A unit row for each item, or one of zeros for an item that means nothing."""
        meaning = _towards_cores(self._meaning, self._texts, self._core, self._embed) if self._core else self._meaning
        return _beside(_less_mean(meaning, PAGE_MEAN, self._middle), self._spelling, _PAGE_SPELLING)

    def topic_rows(self, near: "NDArray[np.int64]", *, neighbours: float) -> "Rows":
        """The same above pages, to be asked for last.

        Args:
            near: for each item the places of its neighbours.
            neighbours: how much of a cosine is by the neighbours that two items have in common, 0 to 1.
        """
        rows = _beside(_less_mean(self._meaning, _TOPIC_MEAN, self._middle), self._spelling, _TOPIC_SPELLING)
        # Of a million keywords 1.5 GB, which nothing needs any more.
        del self._meaning, self._spelling
        return _beside(_smoothed(rows, near), neighbourhood_rows(rows, near), neighbours)


def _towards_cores(meaning: "Rows", texts: Sequence[str], share: float, embed: Embed) -> "Rows":
    """Rows moved to a share to what the texts mean without their modifiers."""
    cores = [core_of(text) for text in texts]
    other = [row for row, (core, text) in enumerate(zip(cores, texts, strict=True)) if core != text]
    if not other:
        return meaning
    about = embed([cores[row] for row in other])
    about *= share / (1 - share)
    about += meaning[other]
    answer = meaning.copy()
    answer[other] = unit_rows(about)
    return answer


def shrunken_mean(rows: "Rows") -> "Rows":
    """The mean of n rows, times n / (n + 30)."""
    mean: Rows = rows.sum(axis=0) / (len(rows) + _MEAN_SHRINKAGE)
    return mean


def _less_mean(rows: "Rows", share: float, middle: "Rows | None") -> "Rows":
    """Rows less a share of their mean; one without a meaning keeps none."""
    answer = scaled_to_unit(rows - share * (shrunken_mean(rows) if middle is None else middle))
    answer[~rows.any(axis=1)] = 0.0
    return answer


def _beside(rows: "Rows", others: "Rows", share: float) -> "Rows":
    """Rows whose cosine is that of the one kind and, to a share, that of the other."""
    import numpy as np

    answer = np.empty((len(rows), rows.shape[1] + others.shape[1]), dtype=np.float32)
    np.multiply(rows, np.float32(np.sqrt(1 - share)), out=answer[:, : rows.shape[1]])
    np.multiply(others, np.float32(np.sqrt(share)), out=answer[:, rows.shape[1] :])
    return scaled_to_unit(answer)


def _smoothed(rows: "Rows", near: "NDArray[np.int64]") -> "Rows":
    """Each row moved to the weighted mean of those around it, as far as to itself."""
    import numpy as np

    answer = rows.copy()
    over = min(_SMOOTHED_OVER, math.isqrt(len(rows)) // 2)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        around = rows[near[part]]
        likeness = np.einsum("ikj,ij->ik", around, rows[part])
        likeness[near[part] == np.arange(part.start, part.start + len(around))[:, None]] = 0.0
        likeness[np.argsort(np.argsort(-likeness, axis=1, kind="stable"), axis=1) >= over] = 0.0
        weights = np.maximum(likeness, 0.0)
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-6)
        answer[part] += np.einsum("ik,ikj->ij", weights, around)
    return scaled_to_unit(answer)
