"""Pages, topics and themes of a list of texts."""

import random
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.clustering import minilm
from igny8_assets.clustering.embedding import embed
from igny8_assets.clustering.granularity import CUTS, Cut, Cuts
from igny8_assets.clustering.levels import Levels, find_levels
from igny8_assets.clustering.word_sets import word_set
from igny8_assets.vocabulary import Granularity
from igny8_assets_tests.clustering.topics import TOPICS, all_texts

WORDS = (
    "best",
    "cheap",
    "red",
    "shoe",
    "shoes",
    "sofa",
    "tent",
    "camping",
    "stove",
    "visa",
    "japan",
    "crm",
    "für",
    "🎉",
)
lists = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), unique=True, max_size=40)


def _found(texts: Sequence[str]) -> Levels:
    return find_levels(texts, CUTS["wordllama"], embed)


def _partition(texts: Sequence[str], numbers: Iterable[int]) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for text, number in zip(texts, numbers, strict=True):
        groups.setdefault(number, set()).add(text)
    return {frozenset(group) for group in groups.values()}


@given(lists)
@settings(max_examples=40, deadline=None)
def test_every_text_is_in_exactly_one_cluster_of_each_level(texts: list[str]) -> None:
    levels = _found(texts)
    for granularity in Granularity:
        groups = _partition(texts, levels.at(granularity))
        assert sorted(text for group in groups for text in group) == sorted(texts)


@given(lists)
@settings(max_examples=40, deadline=None)
def test_pages_lie_whole_in_topics_and_topics_in_themes(texts: list[str]) -> None:
    levels = _found(texts)
    for narrow, wide in ((levels.page, levels.topic), (levels.topic, levels.theme)):
        groups = _partition(texts, wide)
        assert all(any(group <= other for other in groups) for group in _partition(texts, narrow))


@given(lists, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_a_list_changes_nothing(texts: list[str], generator: random.Random) -> None:
    shuffled = list(texts)
    generator.shuffle(shuffled)
    for granularity in Granularity:
        assert _partition(texts, _found(texts).at(granularity)) == _partition(
            shuffled, _found(shuffled).at(granularity)
        )


@given(lists)
@settings(max_examples=40, deadline=None)
def test_texts_with_the_same_words_are_always_together(texts: list[str]) -> None:
    levels = _found(texts)
    of_words: dict[tuple[str, ...], set[int]] = {}
    for text, number in zip(texts, levels.page, strict=True):
        of_words.setdefault(word_set(text), set()).add(number)
    assert all(len(numbers) == 1 for numbers in of_words.values())


@given(lists)
@settings(max_examples=20, deadline=None)
def test_a_cluster_bears_the_number_of_its_first_text(texts: list[str]) -> None:
    for granularity in Granularity:
        numbers = _found(texts).at(granularity)
        assert all(numbers[number] == number and number <= place for place, number in enumerate(numbers))


@given(lists, st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_no_level_puts_more_keywords_together_than_its_cap_but_those_with_the_same_words(
    texts: list[str], cap: int
) -> None:
    levels = find_levels(
        texts, Cuts(Cut(0.1, cap), Cut(0.1, cap), Cut(0.1, cap), stray=0.1, core=0.0, neighbours=0.45), embed
    )
    for granularity in Granularity:
        for group in _partition(texts, levels.at(granularity)):
            assert len(group) <= cap or len({word_set(text) for text in group}) == 1


def test_clear_topics_are_told_apart() -> None:
    texts = all_texts()
    topics = _partition(texts, _found(texts).topic)
    assert all(any(group <= set(members) for members in TOPICS.values()) for group in topics)


USES = ("writing", "video", "music", "logo", "resume", "coding", "photo", "homework", "seo", "translation")
AI_TOOLS = [f"ai {use} {word}" for use in USES for word in ("tools", "tool free", "generator")]


def test_a_list_about_one_thing_becomes_a_page_for_each_use_with_minilm() -> None:
    pages = _partition(AI_TOOLS, find_levels(AI_TOOLS, CUTS["minilm"], minilm.embed).page)
    assert pages == {frozenset(text for text in AI_TOOLS if use in text) for use in USES}


def test_a_list_about_one_thing_does_not_become_one_cluster_by_default() -> None:
    levels = _found(AI_TOOLS)
    assert max(len(page) for page in _partition(AI_TOOLS, levels.page)) <= len(AI_TOOLS) / 3
    assert max(len(topic) for topic in _partition(AI_TOOLS, levels.topic)) <= len(AI_TOOLS) / 2


@pytest.mark.parametrize("texts", [[], ["sofa"], ["🎉"], ["", "sofa"]])
def test_tiny_lists_and_texts_without_a_word_are_fine(texts: list[str]) -> None:
    assert len(_found(texts).theme) == len(texts)
