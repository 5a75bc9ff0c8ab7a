"""Pages, topics and themes: one hierarchy of keywords, cut at three heights.

Whether one page can rank for two keywords does not depend on what else is in the list, so pages are cut by vectors
from which only part of what the list has in common is taken off. What a topic is does depend on it ("coffee" is no
topic in a list about coffee), so above pages the list's mean is taken off as a whole, and each vector is moved to
those around it, which joins what has one topic in other words.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8_assets.clustering.embedding import Embed, unit_rows
from igny8_assets.clustering.granularity import Cuts
from igny8_assets.clustering.lexical import spelling_rows
from igny8_assets.clustering.linkage import average_linkage
from igny8_assets.clustering.modifiers import core_of
from igny8_assets.clustering.neighbours import nearest_rows, pairs_of
from igny8_assets.clustering.strays import joined
from igny8_assets.clustering.word_sets import word_set
from igny8_assets.vocabulary import Granularity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

NEIGHBOURS = 20
# Fewer in a list of under 400, where so many are mostly of other topics: half the square root of its length.
_SMOOTHED_OVER = 10
# How much of the list's mean is taken off, and how much of a cosine is spelling.
_PAGE_MEAN, _PAGE_SPELLING = 0.4, 0.1
_TOPIC_MEAN, _TOPIC_SPELLING = 1.0, 0.2
# The mean of n texts counts n / (n + 30): that of a short list is mostly its one topic and must not be taken off.
_MEAN_SHRINKAGE = 30
_ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Levels:
    """For each text the number of its cluster at each level; the first texts of clusters number them."""

    page: tuple[int, ...]
    topic: tuple[int, ...]
    theme: tuple[int, ...]

    def at(self, granularity: Granularity) -> tuple[int, ...]:
        """The numbers at one level."""
        return {Granularity.PAGE: self.page, Granularity.TOPIC: self.topic, Granularity.THEME: self.theme}[granularity]


def find_levels(texts: Sequence[str], cuts: Cuts, embed: Embed) -> Levels:
    """Sort texts into pages, pages into topics, topics into themes.

    Clusters merge by average linkage over a graph of nearest neighbours. Texts with the same words in another order or
    number are always together.

    Args:
        texts: normalised texts, each once, in any order; the order changes the numbers, not what is together.
        cuts: where to cut, for the vectors of `embed`.
        embed: makes vectors of texts.
    """
    import numpy as np

    by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in sorted(range(len(texts)), key=texts.__getitem__):
        by_words[word_set(texts[place])].append(place)
    items = list(by_words.values())
    if not items:
        return Levels((), (), ())
    vectors = embed([texts[place] for item in items for place in item])
    starts = np.cumsum([0, *(len(item) for item in items)])[:-1]
    meaning = unit_rows(np.add.reduceat(vectors, starts, axis=0))
    spelling = spelling_rows([texts[item[0]] for item in items])
    sizes = np.array([len(item) for item in items], dtype=np.int64)

    of_pages = _towards_cores(meaning, [texts[item[0]] for item in items], cuts.core, embed) if cuts.core else meaning
    page_rows = _beside(_less_mean(of_pages, _PAGE_MEAN), spelling, _PAGE_SPELLING)
    near, likeness = nearest_rows(page_rows, count=NEIGHBOURS)
    page = average_linkage(
        page_rows,
        pairs_of(near, likeness >= cuts.page.least),
        sizes=sizes,
        threshold=cuts.page.least,
        cap=cuts.page.cap,
    )
    topic_rows = _smoothed(_beside(_less_mean(meaning, _TOPIC_MEAN), spelling, _TOPIC_SPELLING), near)
    pairs = pairs_of(near, np.isfinite(likeness))
    topic = average_linkage(
        topic_rows, pairs, sizes=sizes, threshold=cuts.topic.least, cap=cuts.topic.cap, together=page
    )
    topic = joined(topic, topic_rows, pairs, sizes=sizes, least=cuts.stray, cap=cuts.topic.cap)
    theme = average_linkage(
        topic_rows, pairs, sizes=sizes, threshold=cuts.theme.least, cap=cuts.theme.cap, together=topic
    )
    return Levels(*(_numbers(labels, items, len(texts)) for labels in (page, topic, theme)))


def _towards_cores(meaning: "Rows", texts: Sequence[str], share: float, embed: Embed) -> "Rows":
    """Rows moved to a share to what the texts mean without their modifiers."""
    cores = [core_of(text) for text in texts]
    other = [row for row, (core, text) in enumerate(zip(cores, texts, strict=True)) if core != text]
    answer = meaning.copy()
    answer[other] = (1 - share) * answer[other] + share * embed([cores[row] for row in other])
    return unit_rows(answer)


def _less_mean(rows: "Rows", share: float) -> "Rows":
    """Rows less a share of their shrunken mean; one without a meaning keeps none."""
    mean = rows.sum(axis=0) / (len(rows) + _MEAN_SHRINKAGE)
    answer = unit_rows(rows - share * mean)
    answer[~rows.any(axis=1)] = 0.0
    return answer


def _beside(rows: "Rows", others: "Rows", share: float) -> "Rows":
    """Rows whose cosine is that of the one kind and, to a share, that of the other."""
    import numpy as np

    answer = np.empty((len(rows), rows.shape[1] + others.shape[1]), dtype=np.float32)
    np.multiply(rows, np.float32(np.sqrt(1 - share)), out=answer[:, : rows.shape[1]])
    np.multiply(others, np.float32(np.sqrt(share)), out=answer[:, rows.shape[1] :])
    return unit_rows(answer)


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
    return unit_rows(answer)


def _numbers(labels: "NDArray[np.int64]", items: Sequence[Sequence[int]], total: int) -> tuple[int, ...]:
    """For each text the number of its cluster: that of the cluster's first text."""
    firsts: dict[int, int] = {}
    for label, item in zip(labels.tolist(), items, strict=True):
        firsts[label] = min(firsts.get(label, total), *item)
    answer = [0] * total
    for label, item in zip(labels.tolist(), items, strict=True):
        for place in item:
            answer[place] = firsts[label]
    return tuple(answer)
