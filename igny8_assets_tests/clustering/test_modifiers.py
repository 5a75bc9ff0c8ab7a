import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.clustering.modifiers import core_of


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("best free ai logo maker", "ai logo maker"),
        ("ai logo maker app", "ai logo maker"),
        ("how to clean a tent?", "clean tent?"),
        ("tents 2026", "tents"),
        ("blender 2.80", "blender 2.80"),
        ("mejores tiendas de campaña", "mejores tiendas de campaña"),
    ],
)
def test_what_searchers_put_around_a_keyword_is_left_out(text: str, core: str) -> None:
    assert core_of(text) == core


@pytest.mark.parametrize("text", ["what is it", "best", "2024", "the who?"])
def test_a_keyword_of_modifiers_alone_is_its_own_core(text: str) -> None:
    assert core_of(text) == text


@given(st.text(st.sampled_from("ab is?best20é "), min_size=1).map(lambda text: " ".join(text.split())))
def test_the_core_of_a_core_is_itself(text: str) -> None:
    assert core_of(core_of(text)) == core_of(text)
