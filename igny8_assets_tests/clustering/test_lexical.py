"""Texts as vectors of their spelling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.clustering.lexical import DIMENSIONS, spelling_rows

LIST = ["woocommerce plugin", "woocommerce plugins", "wocommerce plugin", "family tent", "tent", "кофемашина", ""]


def test_a_typing_error_and_an_ending_are_nearer_than_another_word() -> None:
    plugin, plugins, wrong, tent, *_ = spelling_rows(LIST)
    assert min(plugin @ plugins, plugin @ wrong) > 0.5 > plugin @ tent + 0.2


def test_rows_have_length_one_or_are_all_zero() -> None:
    rows = spelling_rows(LIST)
    assert rows.shape == (len(LIST), DIMENSIONS)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1] * 6 + [0], abs=1e-5)


def test_no_texts_give_no_rows() -> None:
    assert spelling_rows([]).shape == (0, DIMENSIONS)


def test_a_word_that_all_texts_share_counts_less_than_a_rare_one() -> None:
    texts = [f"ai {word}" for word in ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel")]
    rows = spelling_rows([*texts, "ai juliet", "juliet"])
    assert rows[-2] @ rows[-1] > rows[-2] @ rows[0] + 0.3


@given(st.lists(st.text(max_size=30), max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_a_list_changes_no_row(texts: list[str], generator) -> None:  # type: ignore[no-untyped-def]
    order = list(range(len(texts)))
    generator.shuffle(order)
    assert spelling_rows([texts[at] for at in order]) == pytest.approx(spelling_rows(texts)[order], abs=1e-5)
