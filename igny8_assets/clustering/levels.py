"""Pages, topics and themes: one hierarchy of keywords, cut at three heights."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from igny8_assets.clustering.bounds import ANY_INTENT, Bounds
from igny8_assets.clustering.embedding import Embed, centrality
from igny8_assets.clustering.granularity import Cut, Cuts
from igny8_assets.clustering.linkage import average_linkage
from igny8_assets.clustering.neighbours import nearest_rows, pairs_of
from igny8_assets.clustering.spaces import Space
from igny8_assets.clustering.strays import joined
from igny8_assets.clustering.together import NO_CLUSTER, together, with_clusters
from igny8_assets.clustering.word_sets import word_set
from igny8_assets.vocabulary import Granularity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Labels = NDArray[np.int64]
    Pairs = tuple[Labels, Labels]

NEIGHBOURS = 20
# A cosine between pages under which a keyword that is alone resembles nothing, wherever it was moved among topics.
_RESEMBLES = 0.15


@dataclass(frozen=True)
class Known:
    """What is known of n texts beside the texts.

    Attributes:
        ties: pairs of places that must be together, the strongest first.
        intents: for each text its intents as bits (bounds.py); empty if none is known.
        clusters: for each text the cluster that it is in and stays in, or `NO_CLUSTER`; empty if none is in one.
        alone: places of texts that resembled nothing when they were compared before.
        middle: the mean of the vectors of a longer list that the texts are a part of (spaces.py).
    """

    ties: Sequence[tuple[int, int]] = ()
    intents: Sequence[int] = ()
    clusters: Sequence[int] = ()
    alone: Sequence[int] = ()
    middle: "NDArray[np.float32] | None" = None


@dataclass(frozen=True)
class Levels:
    """For each text the number of its cluster at each level; the first texts of clusters number them.

    A level that was not asked for is empty. `rows` are the vectors by which pages were told apart, `row_of` says which
    of them is a text's.
    """

    page: tuple[int, ...]
    topic: tuple[int, ...]
    theme: tuple[int, ...]
    rows: "NDArray[np.float32] | None" = field(default=None, compare=False, repr=False)
    row_of: tuple[int, ...] = field(default=(), compare=False, repr=False)

    def at(self, granularity: Granularity) -> tuple[int, ...]:
        """The numbers at one level."""
        return {Granularity.PAGE: self.page, Granularity.TOPIC: self.topic, Granularity.THEME: self.theme}[granularity]

    def centrality(self, places: Sequence[int]) -> list[float]:
        """How near each of these texts is to their middle: its cosine, -1 to 1."""
        assert self.rows is not None
        return centrality(self.rows[[self.row_of[place] for place in places]])


def find_levels(
    texts: Sequence[str],
    cuts: Cuts,
    embed: Embed,
    known: Known | None = None,
    *,
    until: Granularity = Granularity.THEME,
) -> Levels:
    """Sort texts into pages, pages into topics, topics into themes.

    Clusters merge by average linkage over a graph of nearest neighbours. Texts with the same words in another order or
    number are always together, as are those that are tied. Clusters that exist are of the level `until`: they take in
    others, and never merge.

    Args:
        texts: normalised texts, in any order; the order changes the numbers, not what is together.
        cuts: where to cut, for the vectors of `embed`.
        embed: makes vectors of texts.
        known: what is known beside the texts.
        until: the widest level that is wanted.
    """
    import numpy as np

    known = known or Known()
    by_words = _items(texts, known.clusters)
    if not by_words:
        return Levels((), (), ())
    items = list(by_words.values())
    row_of = {place: row for row, item in enumerate(items) for place in item}
    ties = [*((row_of[one], row_of[other]) for one, other in known.ties), *_same_words(by_words)]
    linking = _Linking(
        Space([[texts[place] for place in item] for item in items], embed, core=cuts.core, middle=known.middle),
        np.array([len(item) for item in items], dtype=np.int64),
        [home for _, home in by_words],
        _intents(items, known.intents),
        ties,
        _fresh_rows(items, known),
        cuts,
        until,
    )
    found = [_numbers(labels, items, len(texts)) for labels in linking.levels()]
    page, topic, theme = (found[at] if at < len(found) else () for at in range(len(Granularity)))
    return Levels(page, topic, theme, linking.rows, tuple(row_of[place] for place in range(len(texts))))


class _Linking:
    """One list on its way through the levels."""

    def __init__(
        self,
        space: Space,
        sizes: "NDArray[np.int64]",
        homes: Sequence[int],
        intents: "NDArray[np.uint8]",
        ties: Sequence[tuple[int, int]],
        fresh: "NDArray[np.int64]",
        cuts: Cuts,
        until: Granularity,
    ) -> None:
        import numpy as np

        self._space, self._sizes, self._homes, self._cuts, self._until = space, sizes, homes, cuts, until
        self._bounds = Bounds(intents, np.array([home != NO_CLUSTER for home in homes]))
        self._tied, self._fresh_rows = together(ties, homes), fresh
        self.rows = space.page_rows()

    def levels(self) -> "list[Labels]":
        """The labels of each level that is wanted, the narrowest first."""
        import numpy as np

        # Among pages nothing but the neighbours of what is new can merge: the rest was compared before.
        fresh = self._fresh_rows if self._until is Granularity.PAGE else None
        if self._until is Granularity.PAGE:
            # Of a million keywords 1.5 GB, which nothing needs any more.
            del self._space
        near, likeness = nearest_rows(self.rows, count=NEIGHBOURS, of=fresh)
        page_pairs = pairs_of(near, likeness >= self._cuts.page.least, of=fresh)
        labels = [self._linked(Granularity.PAGE, self.rows, page_pairs, self._cuts.page, self._tied)]
        if self._until is Granularity.PAGE:
            return labels
        rows = self._space.topic_rows(near, neighbours=self._cuts.neighbours)
        pairs = pairs_of(near, np.isfinite(likeness))
        topic = self._linked(Granularity.TOPIC, rows, pairs, self._cuts.topic, labels[-1])
        likely = pairs_of(near, likeness >= _RESEMBLES)
        labels.append(self._with_strays(Granularity.TOPIC, rows, likely, topic, self._cuts.stray, self._cuts.topic.cap))
        if self._until is Granularity.THEME:
            labels.append(self._linked(Granularity.THEME, rows, pairs, self._cuts.theme, labels[-1]))
        return labels

    def _linked(
        self, level: Granularity, rows: "NDArray[np.float32]", pairs: "Pairs", cut: Cut, narrower: "Labels"
    ) -> "Labels":
        start = with_clusters(narrower, self._homes) if level is self._until else narrower
        answer = average_linkage(
            rows,
            pairs if level is self._until else self._fresh(pairs, start),
            sizes=self._sizes,
            threshold=cut.least,
            cap=cut.cap,
            together=start,
            bounds=self._bounds,
        )
        if level is not self._until or not self._bounds.settled.any():
            return answer
        # Its cluster is full, but better too large a cluster than a keyword that has one and is left alone.
        return self._with_strays(level, rows, pairs, answer, cut.least, int(self._sizes.sum()), settled_only=True)

    def _with_strays(
        self,
        level: Granularity,
        rows: "NDArray[np.float32]",
        pairs: "Pairs",
        labels: "Labels",
        least: float,
        cap: int,
        *,
        settled_only: bool = False,
    ) -> "Labels":
        if level is not self._until:
            pairs = self._fresh(pairs, labels)
        if settled_only:
            _, settled = self._bounds.of_clusters(labels)
            wanted = settled[labels[pairs[0]]] ^ settled[labels[pairs[1]]]
            pairs = pairs[0][wanted], pairs[1][wanted]
        return joined(labels, rows, pairs, sizes=self._sizes, least=least, cap=cap, bounds=self._bounds)

    def _fresh(self, pairs: "Pairs", labels: "Labels") -> "Pairs":
        """The pairs of which neither belongs to a cluster that exists: those are of the widest level."""
        _, settled = self._bounds.of_clusters(labels)
        wanted = ~settled[labels[pairs[0]]] & ~settled[labels[pairs[1]]]
        return pairs[0][wanted], pairs[1][wanted]


def _items(texts: Sequence[str], clusters: Sequence[int]) -> dict[tuple[tuple[str, ...], int], list[int]]:
    """Places of texts with the same words in the same cluster or in none, by those words and that cluster."""
    grouped: dict[tuple[tuple[str, ...], int], list[int]] = defaultdict(list)
    for place in sorted(range(len(texts)), key=lambda place: (texts[place], clusters[place] if clusters else 0)):
        grouped[word_set(texts[place]), clusters[place] if clusters else NO_CLUSTER].append(place)
    return grouped


def _fresh_rows(items: Sequence[Sequence[int]], known: Known) -> "NDArray[np.int64]":
    """The rows of items with a text that was not compared before."""
    import numpy as np

    compared = set(known.alone)
    if known.clusters:
        compared.update(place for place, home in enumerate(known.clusters) if home != NO_CLUSTER)
    return np.array([row for row, item in enumerate(items) if not compared.issuperset(item)], dtype=np.int64)


def _intents(items: Sequence[Sequence[int]], intents: Sequence[int]) -> "NDArray[np.uint8]":
    """What the texts of each item have in common; any intent where that is nothing."""
    import numpy as np

    answer = np.full(len(items), ANY_INTENT, dtype=np.uint8)
    if intents:
        for row, item in enumerate(items):
            for place in item:
                answer[row] &= intents[place]
        answer[answer == 0] = ANY_INTENT
    return answer


def _same_words(items: Mapping[tuple[tuple[str, ...], int], Sequence[int]]) -> list[tuple[int, int]]:
    """New items with the words of one that is in a cluster; among several clusters the one that has most of them."""
    row_of = {key: row for row, key in enumerate(items)}
    best: dict[tuple[str, ...], tuple[int, int]] = {}
    for words, home in items:
        if home != NO_CLUSTER and (words, NO_CLUSTER) in items:
            rank = (-len(items[words, home]), home)
            best[words] = min(best.get(words, rank), rank)
    return [(row_of[words, home], row_of[words, NO_CLUSTER]) for words, (_, home) in best.items()]


def _numbers(labels: "Labels", items: Sequence[Sequence[int]], total: int) -> tuple[int, ...]:
    """For each text the number of its cluster: that of the cluster's first text."""
    firsts: dict[int, int] = {}
    for label, item in zip(labels.tolist(), items, strict=True):
        firsts[label] = min(firsts.get(label, total), *item)
    answer = [0] * total
    for label, item in zip(labels.tolist(), items, strict=True):
        for place in item:
            answer[place] = firsts[label]
    return tuple(answer)
