"""Keywords that were left alone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.clustering.embedding import unit_rows
from igny8_assets.clustering.neighbours import neighbour_pairs
from igny8_assets.clustering.strays import joined

VECTORS = unit_rows(np.array([[1, 0], [1, 0.1], [0.8, 0.5], [-1, 0.1]], dtype=np.float32))
LABELS = np.array([0, 0, 2, 3])
SIZES = np.ones(4, dtype=np.int64)
PAIRS = neighbour_pairs(VECTORS, count=3, least=-2)


def test_a_row_that_is_alone_joins_the_cluster_around_it() -> None:
    assert joined(LABELS, VECTORS, PAIRS, sizes=SIZES, least=0.5, cap=9).tolist() == [0, 0, 0, 3]


def test_a_full_cluster_takes_none() -> None:
    assert joined(LABELS, VECTORS, PAIRS, sizes=SIZES, least=0.5, cap=2).tolist() == [0, 0, 2, 3]


def test_keywords_with_the_same_words_are_not_alone() -> None:
    sizes = np.array([1, 1, 2, 1])
    assert joined(LABELS, VECTORS, PAIRS, sizes=sizes, least=0.5, cap=9).tolist() == [0, 0, 2, 3]


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 8), st.floats(-1, 0.9))
@settings(max_examples=40, deadline=None)
def test_clusters_only_grow_and_bear_their_smallest_row(seed: int, total: int, cap: int, least: float) -> None:
    random = np.random.default_rng(seed)
    vectors = unit_rows(random.normal(size=(total, 4)).astype(np.float32))
    drawn = random.integers(0, max(1, total // 2), size=total)
    labels = np.array([int(np.flatnonzero(drawn == number)[0]) for number in drawn])
    pairs = neighbour_pairs(vectors, count=5, least=-2)
    answer = joined(labels, vectors, pairs, sizes=np.ones(total, dtype=np.int64), least=least, cap=cap)
    for label in np.unique(answer):
        rows = np.flatnonzero(answer == label)
        assert label == rows[0]
        before = np.unique(labels[rows], return_counts=True)[1]
        assert before.size == 1 or rows.size <= cap
        assert (before > 1).sum() <= 1
    for label in np.unique(labels):
        assert np.unique(answer[labels == label]).size == 1
