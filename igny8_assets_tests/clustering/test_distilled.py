"""Vectors of words that were learned from MiniLM."""

import random

import numpy as np
import pytest

from igny8_assets.clustering.distilled import DIMENSIONS, TABLE, rows_of_words
from igny8_assets.clustering.embedding import unit_rows


def test_a_known_word_has_a_row_and_an_unknown_one_zeros() -> None:
    sofa, unknown, nothing = rows_of_words(["sofa", "qxzvlkj", ""])
    assert sofa.shape == (DIMENSIONS,)
    assert sofa.any()
    assert not unknown.any()
    assert not nothing.any()


def test_no_words_give_no_rows() -> None:
    assert rows_of_words([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize("written", ["SOFA", "sofa?", '"sofa"', "_sofa_"])
def test_letter_case_and_marks_around_a_word_do_not_count(written: str) -> None:
    assert np.array_equal(rows_of_words([written]), rows_of_words(["sofa"]))


def test_a_word_with_a_hyphen_is_the_sum_of_its_parts() -> None:
    hyphened, sofa, bed = rows_of_words(["sofa-bed", "sofa", "bed"])
    assert hyphened == pytest.approx(sofa + bed, abs=1e-5)


def test_words_of_one_meaning_are_near_whatever_their_letters() -> None:
    sofa, couch, lawyer, attorney = unit_rows(rows_of_words(["sofa", "couch", "lawyer", "attorney"]))
    assert sofa @ couch > sofa @ lawyer + 0.3
    assert lawyer @ attorney > couch @ attorney + 0.3


def test_a_frequent_word_says_less_than_a_rare_one() -> None:
    the, sofa = np.linalg.norm(rows_of_words(["the", "sofa"]), axis=1)
    assert the < sofa / 2


def test_the_order_of_the_words_changes_no_bit() -> None:
    words = ["sofa", "credit", "how", "qxzvlkj", "sofa-bed", "für"]
    shuffled = random.Random(1).sample(words, len(words))
    rows = dict(zip(shuffled, rows_of_words(shuffled), strict=True))
    assert all(np.array_equal(row, rows[word]) for word, row in zip(words, rows_of_words(words), strict=True))


def test_the_table_is_whole_and_small() -> None:
    assert TABLE.stat().st_size < 4 << 20
    with np.load(TABLE) as table:
        words = table["words"].tobytes().decode().split("\n")
        assert len(set(words)) == len(words) == len(table["numbers"]) == len(table["row_scales"])
        assert table["numbers"].shape[1] * 2 == len(table["column_scales"]) == DIMENSIONS
    assert np.isfinite(rows_of_words(words)).all()
