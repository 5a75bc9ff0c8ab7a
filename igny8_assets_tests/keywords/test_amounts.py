import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.keywords.amounts import (
    LARGEST_VOLUME,
    Notation,
    find_notation,
    is_bucket,
    read_cpc_millis,
    read_difficulty,
    read_volume,
)


@pytest.mark.parametrize(
    ("cell", "volume"),
    [
        ("12.100", 12100),
        ("1,234", 1234),
        ("1.234.567", 1234567),
        ("12 100", 12100),
        ("12\u202f100", 12100),
        ("12’100", 12100),
        ("27100.0", 27100),
        ("12.100,0", 12100),
        ("0", 0),
        (" 90 ", 90),
    ],
)
def test_a_volume_is_read_in_every_usual_notation(cell: str, volume: int) -> None:
    assert read_volume(cell, Notation()) == (volume, False)


@pytest.mark.parametrize(
    ("cell", "volume"),
    [
        ("1K – 10K", 5000),
        ("10K-100K", 50_000),
        ("1M — 10M", 5_000_000),
        ("10 – 100", 50),
        ("0 – 10", 0),
        ("101-200", 101),
        ("<10", 0),
        ("100K+", 100_000),
        (">1,000", 1000),
        ("~1,200", 1200),
        ("1.5K", 1500),
        ("10M", 10_000_000),
        ("1,5k", 1500),
    ],
)
def test_buckets_and_rounded_volumes_are_estimates(cell: str, volume: int) -> None:
    assert read_volume(cell, Notation()) == (volume, True)


@pytest.mark.parametrize("cell", ["", "-", "—", "n/a", "∞", "-5", "abc", "1,2,3", "1..2", ".", "<x", "10K – 1K", "1e5"])
def test_a_volume_that_cannot_be_read_is_unknown(cell: str) -> None:
    assert read_volume(cell, Notation())[0] is None


def test_a_volume_beyond_all_sense_is_unknown() -> None:
    assert read_volume(str(LARGEST_VOLUME + 1), Notation())[0] is None
    assert read_volume("9" * 300, Notation())[0] is None


@pytest.mark.parametrize(
    ("volume", "bucket"), [(0, True), (50, True), (500, True), (5000, True), (5, False), (480, False)]
)
def test_keyword_planner_buckets_are_known(volume: int, bucket: bool) -> None:
    assert is_bucket(volume) is bucket


@pytest.mark.parametrize(
    ("cell", "mark", "millis"),
    [
        ("3.96", ".", 3960),
        ("3,96", ",", 3960),
        ("$3.96", ".", 3960),
        ("3,96 €", ",", 3960),
        ("US$1,234.50", ".", 1_234_500),
        ("3.96 USD", ".", 3960),
        ("0.0005", ".", 1),
        ("0", ".", 0),
        ("0.29", ".", 290),
        ("1.234", ".", 1234),
        ("1.234", ",", 1_234_000),
        (".5", ".", 500),
    ],
)
def test_a_price_is_read_exactly(cell: str, mark: str, millis: int) -> None:
    assert read_cpc_millis(cell, Notation(mark=mark)) == millis


@pytest.mark.parametrize("cell", ["", "n/a", "-", "∞", "-1.20", "9" * 40])
def test_a_price_that_cannot_be_read_is_unknown(cell: str) -> None:
    assert read_cpc_millis(cell, Notation()) is None


@pytest.mark.parametrize(
    ("cell", "difficulty"),
    [
        ("57", 57),
        ("57.0", 57),
        ("57,5", 58),
        ("57 %", 57),
        ("0", 0),
        ("100", 100),
        ("", None),
        ("101", None),
        ("n/a", None),
    ],
)
def test_a_difficulty_is_a_whole_number_from_0_to_100_or_unknown(cell: str, difficulty: int | None) -> None:
    assert read_difficulty(cell) == difficulty


def test_decimal_commas_in_prices_decide_the_notation() -> None:
    assert find_notation(["12.100", "90"], ["3,96", "1.234"]).mark == ","


def test_thousands_in_volumes_decide_when_prices_prove_nothing() -> None:
    assert find_notation(["12.100"], ["1.234"]).mark == ","
    assert find_notation(["12,100"], ["1,234"]).mark == "."


def test_a_file_that_shows_nothing_has_the_default_mark() -> None:
    assert find_notation(["90"], ["1.234"], default=",").mark == ","


def test_volumes_with_decimals_keep_their_decimals_out_of_the_thousands() -> None:
    notation = find_notation(["27100.5", "100.000"], [])
    assert read_volume("100.000", notation) == (100, False)


@given(st.integers(0, LARGEST_VOLUME))
def test_every_whole_number_is_read_as_itself_with_and_without_thousands(number: int) -> None:
    for cell in (str(number), f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", "\u00a0")):
        assert read_volume(cell, Notation()) == (number, False)


@given(st.integers(0, 2_000_000_000))
def test_every_price_keeps_its_thousandths(millis: int) -> None:
    cell = f"{millis // 1000}.{millis % 1000:03}0"
    assert read_cpc_millis(cell, Notation()) == millis


@given(st.text(max_size=20))
def test_no_cell_is_too_odd_to_be_read_or_left_unknown(cell: str) -> None:
    notation = find_notation([cell], [cell])
    volume, _ = read_volume(cell, notation)
    assert volume is None or 0 <= volume <= LARGEST_VOLUME
    difficulty = read_difficulty(cell)
    assert difficulty is None or 0 <= difficulty <= 100
    cpc = read_cpc_millis(cell, notation)
    assert cpc is None or cpc >= 0
