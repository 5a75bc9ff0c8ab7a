from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.quality.hashing import content_hash

PARTS = st.tuples(*[st.text(alphabet=st.characters(), max_size=8)] * 6)


def test_a_hash_is_64_hex_digits_and_the_same_each_time() -> None:
    first = content_hash("a", "b", "c", "d", "e", "f")

    assert first == content_hash("a", "b", "c", "d", "e", "f")
    assert len(first) == 64
    assert set(first) <= set("0123456789abcdef")


@given(PARTS, PARTS)
def test_different_parts_have_different_hashes(one: tuple[str, ...], two: tuple[str, ...]) -> None:
    assert (content_hash(*one) == content_hash(*two)) == (one == two)


@given(PARTS, st.integers(0, 5))
def test_a_change_of_any_part_changes_the_hash(parts: tuple[str, ...], place: int) -> None:
    changed = [part + " " if number == place else part for number, part in enumerate(parts)]

    assert content_hash(*changed) != content_hash(*parts)


def test_text_that_moves_from_one_part_to_the_next_changes_the_hash() -> None:
    assert content_hash('a","b', "", "c", "d", "e", "f") != content_hash("a", "b", "c", "d", "e", "f")
