"""Keywords to topics by likeness of their texts, over the whole list at once.

Every text becomes a vector; what the whole list has in common ("coffee" in a list about coffee) is taken off; alike
keywords are merged by average linkage. New keywords first join the clusters that exist. The result is the same for
the same keywords in any order.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8_assets.clustering.embedding import Embed, embed, unit_rows
from igny8_assets.clustering.joining import admitted, nearest_clusters
from igny8_assets.clustering.linkage import average_linkage
from igny8_assets.clustering.naming import head_keyword
from igny8_assets.clustering.neighbours import neighbour_pairs
from igny8_assets.clustering.word_sets import word_set

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The mean cosine from which texts share a topic: the best mean AMI over three public keyword sets (0.54); between
# 0.20 and 0.36 the mean differs by 0.02 at most.
SAME_TOPIC = 0.28
# A few articles can't cover more keywords than this.
LARGEST_GROUP = 60
NEIGHBOURS = 20
# The mean of n texts counts n / (n + 30): that of a short list is mostly its one topic and must not be taken off.
_MEAN_SHRINKAGE = 30
# An existing cluster counts in that mean like so many texts at most, or a site's only cluster would take off its topic.
_CLUSTER_WEIGHT = 5


@dataclass(frozen=True)
class KeywordToGroup:
    """A keyword that has no cluster yet: its normalised text, and searches a month (0 when unknown)."""

    id: int
    text: str
    volume: int


@dataclass(frozen=True)
class ExistingCluster:
    """A cluster that keywords may join, by the normalised texts of those it has."""

    id: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Grouping:
    """Where each keyword goes; every one is in exactly one of the three.

    `joins` maps a keyword's id to that of an existing cluster. `groups` are new: ids, the head keyword first and the
    rest by volume; the most searched group first. `orphans` resemble nothing.
    """

    joins: dict[int, int]
    groups: list[tuple[int, ...]]
    orphans: tuple[int, ...]


# Keywords with one word set; they stay together whatever happens.
_Item = tuple[KeywordToGroup, ...]


def group_keywords(
    keywords: Sequence[KeywordToGroup], clusters: Sequence[ExistingCluster] = (), *, embed: Embed = embed
) -> Grouping:
    """Sort keywords into existing clusters, new groups and orphans.

    A keyword joins the existing cluster to whose keywords its mean cosine is highest, if that is at least
    `SAME_TOPIC`. The others are grouped by average linkage over the pairs of a graph of nearest neighbours, up to
    `LARGEST_GROUP` keywords a group. A cluster that is joined grows up to the same size, and beyond it only by
    keywords that would be left alone. Keywords with the same words in another order or number are never separated.

    Args:
        keywords: the keywords to place, with distinct ids, in any order.
        clusters: the clusters that exist, with distinct ids; those without texts are passed over.
        embed: makes vectors of texts; the model that ships with igny8 unless told otherwise.

    Returns:
        The place of every keyword.
    """
    if not keywords:
        return Grouping(joins={}, groups=[], orphans=())
    by_words: dict[tuple[str, ...], list[KeywordToGroup]] = defaultdict(list)
    for keyword in sorted(keywords, key=lambda keyword: (keyword.text, keyword.id)):
        by_words[word_set(keyword.text)].append(keyword)
    items = [tuple(members) for members in by_words.values()]
    known = sorted((cluster for cluster in clusters if cluster.texts), key=lambda cluster: cluster.id)

    vectors, means = _vectors(items, known, embed)
    nearest, likeness = nearest_clusters(vectors, means, least=SAME_TOPIC)
    places = _places(list(by_words), items, known, nearest, likeness)
    groups, orphans = [], []
    for rows in _linked(vectors, items, [row for row in range(len(items)) if row not in places]):
        alone = len(rows) == 1 and len(items[rows[0]]) == 1
        if not alone:
            groups.append(_in_order([items[row] for row in rows], vectors[rows]))
        elif nearest[rows[0]] >= 0:
            # Its cluster is full, but better too large a cluster than an orphan that has a topic.
            places[rows[0]] = int(nearest[rows[0]])
        else:
            orphans.append(items[rows[0]][0].id)
    groups.sort(key=lambda group: (-sum(keyword.volume for keyword in group), group[0].text))
    joins = {keyword.id: known[place].id for row, place in sorted(places.items()) for keyword in items[row]}
    return Grouping(joins, [tuple(keyword.id for keyword in group) for group in groups], tuple(orphans))


def _places(
    words: Sequence[tuple[str, ...]],
    items: Sequence[_Item],
    known: Sequence[ExistingCluster],
    nearest: "NDArray[np.int64]",
    likeness: "NDArray[np.float32]",
) -> dict[int, int]:
    """For each row that joins a known cluster the position of that cluster: the one with its words, or the nearest."""
    same_words = {word_set(text): place for place, cluster in enumerate(known) for text in cluster.texts}
    places = {row: same_words[key] for row, key in enumerate(words) if key in same_words}
    others = [row for row in range(len(items)) if row not in places]
    fits = admitted(
        nearest[others],
        likeness[others],
        sizes=[len(items[row]) for row in others],
        room=[max(0, LARGEST_GROUP - len(cluster.texts)) for cluster in known],
    )
    return places | {row: int(nearest[row]) for row, fit in zip(others, fits.tolist(), strict=True) if fit}


def _vectors(
    items: Sequence[_Item], known: Sequence[ExistingCluster], embed: Embed
) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
    """A centred unit row for each item, and for each known cluster the mean of those of its texts."""
    import numpy as np

    new = embed([keyword.text for item in items for keyword in item])
    starts = np.cumsum([0, *(len(item) for item in items)])[:-1]
    old = embed([text for cluster in known for text in sorted(cluster.texts)])
    rows = np.concatenate([unit_rows(np.add.reduceat(new, starts, axis=0)), old])
    lengths = np.array([len(cluster.texts) for cluster in known], dtype=np.int64)
    weights = np.concatenate([np.ones(len(items)), np.repeat(np.minimum(1.0, _CLUSTER_WEIGHT / lengths), lengths)])
    common = (weights @ rows) / (weights.sum() + _MEAN_SHRINKAGE)
    # A text without any token is near nothing, also after the mean is taken off.
    empty = ~rows.any(axis=1)
    rows = unit_rows((rows - common).astype(np.float32))
    rows[empty] = 0.0
    if not known:
        return rows, np.zeros((0, rows.shape[1]), dtype=np.float32)
    sums = np.add.reduceat(rows[len(items) :], np.cumsum(lengths) - lengths, axis=0)
    return rows[: len(items)], (sums / lengths[:, None]).astype(np.float32)


def _linked(vectors: "NDArray[np.float32]", items: Sequence[_Item], rows: list[int]) -> list[list[int]]:
    """Groups of the given rows, in the order of their first rows."""
    import numpy as np

    chosen = vectors[rows]
    labels = average_linkage(
        chosen,
        neighbour_pairs(chosen, count=NEIGHBOURS, least=SAME_TOPIC),
        sizes=np.array([len(items[row]) for row in rows], dtype=np.int64),
        threshold=SAME_TOPIC,
        cap=LARGEST_GROUP,
    )
    groups: dict[int, list[int]] = defaultdict(list)
    for row, label in zip(rows, labels.tolist(), strict=True):
        groups[label].append(row)
    return list(groups.values())


def _in_order(items: Sequence[_Item], vectors: "NDArray[np.float32]") -> list[KeywordToGroup]:
    """The keywords of a group, the head first, then by volume and text."""
    middle = unit_rows(vectors.sum(axis=0, keepdims=True))[0]
    centrality = [near for item, near in zip(items, (vectors @ middle).tolist(), strict=True) for _ in item]
    members = [keyword for item in items for keyword in item]
    head = members.pop(head_keyword([(keyword.text, keyword.volume) for keyword in members], centrality))
    return [head, *sorted(members, key=lambda keyword: (-keyword.volume, keyword.text, keyword.id))]
