"""Which clusters get a rectangle of their own."""

from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.review.cluster_map.tiles import Tiles, choose_tiles


@given(st.lists(st.integers(0, 10**6), max_size=80), st.integers(1, 40))
def test_every_cluster_is_drawn_alone_or_with_the_others_or_has_no_size(sizes: list[int], most: int) -> None:
    tiles = choose_tiles(sizes, most)
    assert len(tiles.positions) + tiles.others + tiles.left_out == len(sizes)
    assert sum(tiles.sizes) == sum(sizes)
    assert len(set(tiles.positions)) == len(tiles.positions) <= most + 1
    assert tiles.left_out == sizes.count(0)
    assert tiles.others != 1


def test_the_smallest_share_a_rectangle_once_there_are_too_many() -> None:
    tiles = choose_tiles([3, 1, 9, 2, 0], most=2)
    assert tiles.positions == (2, 0)
    assert tiles.sizes == (9, 3, 3)
    assert (tiles.others, tiles.left_out) == (2, 1)


def test_what_would_be_too_small_to_point_at_is_with_the_others() -> None:
    tiles = choose_tiles([1_000_000, 3, 2, 1])
    assert tiles.positions == (0,)
    assert (tiles.sizes, tiles.others) == ((1_000_000, 6), 3)


def test_five_thousand_clusters_make_a_thousand_rectangles_and_one() -> None:
    tiles = choose_tiles([10] * 5000)
    assert len(tiles.layout(16, 11)) == 1001
    assert tiles.others == 4000


@given(st.lists(st.integers(1, 10**4), min_size=1, max_size=30), st.integers(0, 10**5))
def test_rectangles_have_the_area_of_their_sizes_wherever_the_others_lie(sizes: list[int], rest: int) -> None:
    own = tuple(sorted(sizes, reverse=True))
    tiles = Tiles(tuple(range(len(own))), (*own, *([rest] if rest else [])), others=2 if rest else 0, left_out=0)
    whole = sum(tiles.sizes)
    for rectangle, size in zip(tiles.layout(160, 110), tiles.sizes, strict=True):
        assert abs(rectangle.width * rectangle.height / (160 * 110) - size / whole) < 1e-9


def test_many_others_lie_at_the_end_and_not_before_the_largest_cluster() -> None:
    *own, others = Tiles((0, 1), (30, 20, 50), others=9, left_out=0).layout(100, 50)
    assert (others.left, others.top, others.width, others.height) == (50, 0, 50, 50)
    assert (own[0].left, own[0].top) == (0, 0)
