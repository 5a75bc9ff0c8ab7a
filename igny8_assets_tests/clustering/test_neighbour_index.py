from typing import TYPE_CHECKING

import numpy as np

from igny8_assets.clustering.embedding import unit_rows
from igny8_assets.clustering.neighbour_index import indexed_nearest_rows
from igny8_assets.clustering.neighbours import nearest_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rows_around(centres: int, each: int) -> "NDArray[np.float32]":
    random = np.random.default_rng(7)
    middles = np.repeat(random.standard_normal((centres, 32)), each, axis=0)
    return unit_rows((middles + 0.6 * random.standard_normal(middles.shape)).astype(np.float32))


def test_nearly_all_of_the_nearest_rows_are_found() -> None:
    rows = rows_around(60, 50)
    exact, _ = nearest_rows(rows, count=10)
    found, _ = indexed_nearest_rows(rows, count=10, of=np.arange(len(rows)))
    shared = [len(set(one) & set(other)) for one, other in zip(exact.tolist(), found.tolist(), strict=True)]
    assert sum(shared) >= 0.95 * exact.size


def test_the_nearest_come_first_with_their_cosines() -> None:
    rows = rows_around(40, 25)
    places, likeness = indexed_nearest_rows(rows, count=5, of=np.arange(len(rows)))
    assert (np.diff(likeness, axis=1) <= 0).all()
    np.testing.assert_allclose(likeness, np.einsum("ij,ikj->ik", rows, rows[places]), atol=1e-5)


def test_the_same_rows_give_the_same_answer() -> None:
    rows = rows_around(40, 25)
    first, second = (
        indexed_nearest_rows(rows, count=5, of=np.arange(len(rows))),
        indexed_nearest_rows(rows, count=5, of=np.arange(len(rows))),
    )
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])


def test_a_row_is_not_near_itself_and_stands_only_where_fewer_were_found() -> None:
    rows = rows_around(20, 4)
    places, likeness = indexed_nearest_rows(rows, count=60, of=np.arange(len(rows)))
    own = places == np.arange(len(rows))[:, None]
    assert own.any()
    assert np.array_equal(own, np.isneginf(likeness))
