"""Average linkage and its graph, against the definition computed the long way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from igny8_assets.clustering.embedding import unit_rows
from igny8_assets.clustering.linkage import average_linkage
from igny8_assets.clustering.neighbours import nearest_rows, neighbour_pairs


def _vectors(seed: int, total: int, dimensions: int = 8) -> NDArray[np.float32]:
    return unit_rows(np.random.default_rng(seed).normal(size=(total, dimensions)).astype(np.float32))


def _partition(labels: NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)}


@given(st.integers(0, 10_000), st.integers(2, 40), st.floats(0.05, 0.9))
@settings(max_examples=40, deadline=None)
def test_with_all_pairs_it_is_the_textbook_average_linkage(seed: int, total: int, threshold: float) -> None:
    vectors = _vectors(seed, total)
    ours = average_linkage(
        vectors,
        neighbour_pairs(vectors, count=total, least=threshold),
        sizes=np.ones(total, dtype=np.int64),
        threshold=threshold,
        cap=total,
    )
    distances = 1 - (vectors @ vectors.T)[np.triu_indices(total, 1)].astype(float)
    textbook = fcluster(linkage(distances, method="average"), 1 - threshold, criterion="distance")
    assert _partition(ours) == _partition(textbook)


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 10))
@settings(max_examples=25, deadline=None)
def test_no_cluster_exceeds_the_cap(seed: int, total: int, cap: int) -> None:
    vectors = _vectors(seed, total, dimensions=2)
    labels = average_linkage(
        vectors,
        neighbour_pairs(vectors, count=20, least=-1),
        sizes=np.ones(total, dtype=np.int64),
        threshold=-1,
        cap=cap,
    )
    assert max(len(cluster) for cluster in _partition(labels)) <= cap


@given(st.integers(0, 10_000), st.integers(1, 120), st.integers(1, 20), st.floats(-0.5, 0.9))
@settings(max_examples=40, deadline=None)
def test_the_pairs_are_those_of_a_full_sort(seed: int, total: int, count: int, least: float) -> None:
    vectors = _vectors(seed, total, dimensions=3)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    expected = {
        (min(row, column), max(row, column))
        for row in range(total)
        for column in np.argsort(-cosines[row], kind="stable")[:count].tolist()
        if cosines[row, column] >= least
    }
    left, right = neighbour_pairs(vectors, count=count, least=least)
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == sorted(expected)


def test_small_blocks_find_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = _vectors(1, 200)
    whole = neighbour_pairs(vectors, count=5, least=0.1)
    monkeypatch.setattr("igny8_assets.clustering.neighbours._BLOCK_CELLS", 1400)
    assert np.array_equal(neighbour_pairs(vectors, count=5, least=0.1), whole)


def test_no_vectors_have_no_pairs() -> None:
    left, right = neighbour_pairs(np.zeros((0, 8), dtype=np.float32), count=5, least=0.1)
    assert left.size == right.size == 0


@given(st.integers(0, 10_000), st.integers(2, 40), st.floats(0.05, 0.9), st.floats(0.0, 0.5))
@settings(max_examples=40, deadline=None)
def test_going_on_from_a_higher_cut_ends_in_the_lower_one(
    seed: int, total: int, threshold: float, lower_by: float
) -> None:
    vectors = _vectors(seed, total)
    pairs = neighbour_pairs(vectors, count=total, least=-2)
    ones = np.ones(total, dtype=np.int64)
    high = average_linkage(vectors, pairs, sizes=ones, threshold=threshold, cap=total)
    low = average_linkage(vectors, pairs, sizes=ones, threshold=threshold - lower_by, cap=total)
    on = average_linkage(vectors, pairs, sizes=ones, threshold=threshold - lower_by, cap=total, together=high)
    assert _partition(on) == _partition(low)


def test_of_equally_near_rows_the_earlier_ones_are_neighbours() -> None:
    # More equals than a row may have neighbours, in an order that no partition keeps by chance.
    vectors = np.repeat(np.eye(3, dtype=np.float32), [50, 40, 60], axis=0)[np.random.default_rng(0).permutation(150)]
    places, likeness = nearest_rows(vectors, count=20)
    for row, vector in enumerate(vectors):
        equals = np.flatnonzero((vectors == vector).all(axis=1))
        assert places[row].tolist() == [at for at in equals.tolist() if at != row][:20]
    assert (likeness == 1).all()
