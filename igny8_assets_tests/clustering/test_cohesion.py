"""How alike the keywords of a cluster are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.clustering.cohesion import cohesions, mean_cosines
from igny8_assets.clustering.embedding import unit_rows


@given(st.lists(st.integers(2, 7), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_it_is_the_mean_over_all_pairs(sizes: list[int], seed: int) -> None:
    numbers = np.random.default_rng(seed).normal(size=(sum(sizes), 5))
    # A text without any token is a row of zeros.
    numbers[seed % len(numbers)] = 0
    rows = unit_rows(numbers.astype(np.float32))
    means = mean_cosines(rows, sizes)
    start = 0
    for size, mean in zip(sizes, means, strict=True):
        group = rows[start : start + size].astype(np.float64)
        pairs = [group[i] @ group[j] for i in range(size) for j in range(i)]
        assert mean == pytest.approx(np.mean(pairs), abs=1e-5)
        start += size


def test_keywords_of_one_topic_hold_together_better_than_those_of_several() -> None:
    close, far, single, none = cohesions(
        [
            ["coffee grinder", "best coffee grinder", "coffee grinder burr"],
            ["coffee grinder", "car insurance", "knee pain"],
            ["coffee"],
            [],
        ]
    )
    assert close is not None
    assert far is not None
    assert 1 >= close > far + 0.3
    assert (single, none) == (None, None)


def test_the_same_text_twice_is_as_alike_as_can_be() -> None:
    assert cohesions([["coffee mill", "coffee mill"]]) == [pytest.approx(1.0, abs=1e-6)]
