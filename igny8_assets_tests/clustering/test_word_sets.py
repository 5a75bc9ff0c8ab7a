"""When two keywords are the same words."""

import pytest

from igny8_assets.clustering.word_sets import word_set


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("red shoes", "shoes red"),
        ("red shoes", "red shoe"),
        ("coffee stories", "coffee story"),
        ("wooden boxes", "wooden box"),
        ("best coffee, cheap", "cheap best coffee"),
        ("women's shoes", "women shoes"),
    ],
)
def test_order_number_and_punctuation_make_no_difference(one: str, other: str) -> None:
    assert word_set(one) == word_set(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("coffee news", "new coffee"),
        ("c++ course", "c course"),
        ("c# course", "c course"),
        ("red shoes", "red blue shoes"),
        ("ios app", "io app"),
        ("???", "!!!"),
    ],
)
def test_other_words_make_another_set(one: str, other: str) -> None:
    assert word_set(one) != word_set(other)


def test_a_hyphen_between_words_is_a_space() -> None:
    assert word_set("ai-content-marketing tools") == word_set("ai content marketing tool")
    assert word_set("c++ - -5") == ("-", "-5", "c++")
