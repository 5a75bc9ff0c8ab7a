"""English lists are compared by words beside tokens, others by tokens alone."""

import numpy as np
import pytest

from benchmarks.clustering_in_parts import clusters_of, grouped
from benchmarks.score_clusters import score
from igny8_assets.clustering import distilled, embedding, english
from igny8_assets.clustering.grouping import KeywordToGroup, Rules
from igny8_assets.clustering.models import comparing_by
from igny8_assets.vocabulary import Granularity, KeywordModel

FORMS = ["{}", "{} test", "{} kaufen", "beste {}", "{} mit garantie", "{} im angebot", "die {} für zuhause"]
GERMAN = {
    "Kaffee": ["kaffeemaschine", "kaffeevollautomat", "espressomaschine"],
    "Wäsche": ["waschmaschine", "wäschetrockner", "waschtrockner"],
    "Staub": ["staubsauger", "saugroboter", "handstaubsauger"],
    "Reifen": ["winterreifen", "sommerreifen", "ganzjahresreifen"],
    "Bohren": ["bohrmaschine", "akkuschrauber", "schlagbohrmaschine"],
}
ENGLISH = ["leather sofa bed", "how to clean a couch", "best woocommerce booking plugin", "qxzvlkj sofa 2026"]


def german_texts() -> dict[str, str]:
    return {form.format(thing): topic for topic, things in GERMAN.items() for thing in things for form in FORMS}


def test_the_language_is_told_by_the_words_of_the_whole_list() -> None:
    assert english.is_english(ENGLISH)
    assert not english.is_english(list(german_texts()))
    assert not english.is_english(["コーヒーメーカー おすすめ", "кофемашина купить"])


@pytest.mark.parametrize("texts", [[], [""], ["2026 10"]])
def test_a_list_without_a_word_is_not_english(texts: list[str]) -> None:
    assert not english.is_english(texts)


def test_a_brand_in_every_keyword_makes_no_list_foreign() -> None:
    things = ["plugin", "theme", "checkout", "shipping", "coupon", "price", "product", "cart", "order", "invoice"]
    assert english.is_english([f"woocommerce {thing}" for thing in things])


def test_english_is_compared_by_its_words_and_another_language_as_before() -> None:
    assert comparing_by(KeywordModel.WORDLLAMA, ENGLISH)[1] is english.embed
    assert comparing_by(KeywordModel.WORDLLAMA, list(german_texts()))[1] is embedding.embed


def test_topics_of_another_language_are_told_apart() -> None:
    topic_of = german_texts()
    texts = sorted(topic_of)
    keywords = [KeywordToGroup(at, text) for at, text in enumerate(texts)]
    found = clusters_of(grouped(keywords, Rules(Granularity.TOPIC)))
    # 0.29 where the few words decide that happen to be English ones, 0.66 by tokens.
    assert score(topic_of, {texts[one]: cluster for one, cluster in found.items()}).ami >= 0.6


def test_vectors_have_length_one_whatever_is_known_of_a_text() -> None:
    rows = english.embed(["leather sofa", "qxzvlkj", "the", "\ud800 sofa", ""])
    assert np.linalg.norm(rows[:4], axis=1) == pytest.approx(1, abs=1e-5)
    assert not rows[4].any()


def test_a_text_of_unknown_words_is_read_by_its_tokens_alone() -> None:
    assert not english.embed(["qxzvlkj"])[0][-distilled.DIMENSIONS :].any()


def test_other_words_for_one_thing_are_nearer_than_by_tokens() -> None:
    pairs = [("attorney", "lawyer"), ("sofa", "couch"), ("physician", "doctor")]
    by_words, by_tokens = (
        [float(np.dot(*embed(pair))) for pair in pairs] for embed in (english.embed, embedding.embed)
    )
    assert np.mean(by_words) > np.mean(by_tokens)
