"""Rows by who is around them."""

import numpy as np
from numpy.typing import NDArray

from igny8_assets.clustering.embedding import unit_rows
from igny8_assets.clustering.neighbourhoods import DIMENSIONS, neighbourhood_rows
from igny8_assets.clustering.neighbours import nearest_rows

PLACES = np.random.default_rng(3)
NEAR = 20


CROWDS, SIZE = 30, 15


def crowds() -> NDArray[np.float32]:
    """Rows around directions that have nothing to do with each other, crowd by crowd."""
    middles = np.repeat(np.eye(CROWDS, 64, dtype=np.float32), SIZE, axis=0)
    return unit_rows(middles + PLACES.normal(scale=0.02, size=middles.shape).astype(np.float32))


def rows_around(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return neighbourhood_rows(rows, nearest_rows(rows, count=NEAR)[0])


def test_rows_of_one_crowd_have_neighbours_in_common_and_those_of_two_have_none() -> None:
    around = rows_around(crowds())
    cosines = around @ around.T
    crowd = np.repeat(np.arange(CROWDS), SIZE)
    together = crowd[:, None] == crowd[None, :]
    assert cosines[together].mean() > 0.4
    assert abs(cosines[~together].mean()) < 0.01


def test_each_row_is_of_length_one() -> None:
    around = rows_around(crowds())
    assert around.shape == (CROWDS * SIZE, DIMENSIONS)
    assert np.allclose(np.linalg.norm(around, axis=1), 1, atol=1e-5)


def test_a_row_that_means_nothing_is_near_none() -> None:
    rows = crowds()
    rows[[0, 1]] = 0.0
    around = rows_around(rows)
    others = np.abs(np.delete(around[:2] @ around.T, [0, 1], axis=1))
    assert others.max() < 0.4
    assert abs(float(around[0] @ around[1])) < 0.4


def test_one_row_has_a_vector_too() -> None:
    assert np.isclose(np.linalg.norm(rows_around(np.ones((1, 1), dtype=np.float32))), 1)
