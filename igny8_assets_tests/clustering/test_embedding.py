"""Texts as vectors."""

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from igny8_assets.clustering.embedding import DIMENSIONS, embed


def test_every_text_becomes_a_vector_of_length_one() -> None:
    vectors = embed(["red shoes", "how to clean an espresso machine"])
    assert vectors.shape == (2, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_like_meanings_are_nearer_than_unlike_ones() -> None:
    sofa, couch, invoice = embed(["leather sofa", "leather couch", "send an invoice"])
    assert sofa @ couch > sofa @ invoice + 0.2


def test_no_texts_give_no_vectors() -> None:
    assert embed([]).shape == (0, DIMENSIONS)


def test_a_text_without_tokens_is_all_zero() -> None:
    assert not embed([""]).any()


@pytest.mark.parametrize(
    "text", ["🎉🎉", "أفضل سماعات", "עברית", "コーヒー豆", "naïve café", "\ud800", "\u200b", "x" * 200]
)
def test_any_script_can_be_read(text: str) -> None:
    assert np.isfinite(embed([text])).all()


def test_a_vector_does_not_depend_on_the_texts_beside_it() -> None:
    alone = embed(["red shoes"])[0]
    beside = embed(["a much longer keyword with many more words in it", "red shoes"])[1]
    assert beside == pytest.approx(alone, abs=1e-6)


def test_many_threads_may_ask_at_once() -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: embed(["red shoes"]), range(16)))
    assert all(np.array_equal(answer, answers[0]) for answer in answers)


def test_the_root_logger_is_left_alone() -> None:
    code = (
        "import logging; from igny8_assets.clustering.embedding import embed; embed(['red shoes']);"
        "print(len(logging.getLogger().handlers), logging.getLogger().level)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["0", str(logging.WARNING)]


def test_importing_the_grouping_loads_neither_the_model_nor_numpy() -> None:
    code = (
        "import sys, igny8_assets.clustering.grouping;"
        "print(sorted({'numpy', 'scipy', 'wordllama', 'pandas'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
