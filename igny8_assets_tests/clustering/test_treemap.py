"""A rectangle that is divided among sizes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.clustering.treemap import Rectangle, squarified

SIDES = st.floats(min_value=1, max_value=5000)
SIZES = st.lists(st.one_of(st.integers(1, 10**9), st.floats(min_value=0.01, max_value=1e6)), min_size=1, max_size=60)


@given(SIZES, SIDES, SIDES)
def test_every_part_has_its_share_of_the_area(sizes: list[float], width: float, height: float) -> None:
    whole = width * height
    parts = squarified(sizes, width, height)
    assert len(parts) == len(sizes)
    for part, size in zip(parts, sizes, strict=True):
        assert math.isclose(part.width * part.height, whole * size / math.fsum(sizes), abs_tol=whole * 1e-9)


@given(SIZES, SIDES, SIDES)
def test_parts_stay_within_the_area_and_never_overlap(sizes: list[float], width: float, height: float) -> None:
    parts = squarified(sorted(sizes, reverse=True), width, height)
    slack = 1e-9 * (width + height)
    for part in parts:
        assert part.left >= 0
        assert part.top >= 0
        assert part.left + part.width <= width + slack
        assert part.top + part.height <= height + slack
    for place, one in enumerate(parts):
        for other in parts[place + 1 :]:
            assert _shared(one, other) <= slack


def test_parts_are_nearly_square_where_the_sizes_allow_it() -> None:
    parts = squarified([6, 6, 4, 3, 2, 2, 1], 6, 4)
    assert [(part.left, part.top, part.width, part.height) for part in parts[:2]] == [(0, 0, 3, 2), (0, 2, 3, 2)]
    assert max(max(part.width / part.height, part.height / part.width) for part in parts) < 3


@pytest.mark.parametrize("sizes", [[2.0**-place for place in range(1000)], [1e300, 1e-300], [1e18, 1, 1], [1.0] * 5000])
def test_many_and_very_unequal_sizes_are_laid_out(sizes: list[float]) -> None:
    parts = squarified(sizes, 100, 50)
    assert len(parts) == len(sizes)
    assert all(math.isfinite(number) for part in parts for number in (part.left, part.top, part.width, part.height))


def test_no_sizes_make_no_parts() -> None:
    assert squarified([], 10, 10) == []


@pytest.mark.parametrize("sizes", [[1, 0], [-1], [math.nan], [math.inf]])
def test_what_is_no_size_is_refused(sizes: list[float]) -> None:
    with pytest.raises(ValueError, match="positive"):
        squarified(sizes, 10, 10)


def _shared(one: Rectangle, other: Rectangle) -> float:
    """How far two rectangles reach into each other, in the direction in which they do so least."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return min(across, down)
