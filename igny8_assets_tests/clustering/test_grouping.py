"""Keywords to topics."""

import os
import random
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from itertools import combinations
from operator import and_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.clustering.bounds import intent_bits
from igny8_assets.clustering.granularity import CUTS
from igny8_assets.clustering.grouping import Grouping, KeywordToGroup, Rules, group_keywords
from igny8_assets.clustering.reasons import WhyThere
from igny8_assets.clustering.word_sets import word_set
from igny8_assets.vocabulary import Granularity, Reason
from igny8_assets_tests.clustering.topics import TOPICS, all_texts, keywords

_words = st.sampled_from(["red", "blue", "shoes", "shoe", "sofa", "how", "to", "clean", "咖啡", "حذاء", "🎉", "c++"])
_texts = st.one_of(st.lists(_words, min_size=1, max_size=4).map(" ".join), st.text(max_size=20))


INTENTS = (intent_bits(()), intent_bits(["informational"]), intent_bits(["commercial", "transactional"]))


@st.composite
def _keywords(draw: st.DrawFn) -> list[KeywordToGroup]:
    texts = draw(st.lists(_texts, max_size=25))
    return [
        KeywordToGroup(
            id=at + 1,
            text=text,
            volume=draw(st.integers(0, 1000)),
            cluster=(cluster := draw(st.sampled_from([None, None, None, 1, 2]))),
            was_alone=cluster is None and draw(st.integers(0, 3)) == 0,
            intents=draw(st.sampled_from(INTENTS)),
            parent=draw(st.sampled_from([None, None, "sofa", "shoes"])),
            page=draw(st.sampled_from([None, None, "https://example.org/", "https://example.org/sofas"])),
            results=tuple(f"https://example.org/{number}" for number in draw(st.sets(st.integers(0, 12), max_size=10))),
        )
        for at, text in enumerate(texts)
    ]


rules = st.builds(Rules, st.sampled_from(Granularity), st.booleans(), st.integers(1, 10))


def _topics_of(grouping: Grouping, listed: list[KeywordToGroup]) -> list[set[str]]:
    text = {keyword.id: keyword.text for keyword in listed}
    return [
        {topic for topic, texts in TOPICS.items() for one in group if text[one] in texts} for group in grouping.groups
    ]


def _cluster_of(grouping: Grouping, listed: list[KeywordToGroup]) -> dict[int, object]:
    """By keyword what it is in, be it a cluster that was there, a new group, or nothing but itself."""
    placed: dict[int, object] = {keyword.id: keyword.cluster for keyword in listed if keyword.cluster is not None}
    placed |= grouping.joins
    placed |= {one: group for group in grouping.groups for one in group}
    return placed | {one: ("alone", one) for one in grouping.orphans}


def _in_cluster(texts: Iterable[str], cluster: int, *, start: int) -> list[KeywordToGroup]:
    return [replace(keyword, cluster=cluster) for keyword in keywords(texts, start=start)]


@given(_keywords(), rules)
@settings(max_examples=60, deadline=None)
def test_every_keyword_without_a_cluster_is_in_exactly_one_place(listed: list[KeywordToGroup], wanted: Rules) -> None:
    grouping = group_keywords(listed, wanted)
    placed = [*grouping.joins, *grouping.orphans, *(one for group in grouping.groups for one in group)]
    assert sorted(placed) == sorted(keyword.id for keyword in listed if keyword.cluster is None)
    assert set(grouping.joins.values()) <= {keyword.cluster for keyword in listed}
    assert all(len(group) >= 2 for group in grouping.groups)


@given(_keywords(), rules, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_nothing(
    listed: list[KeywordToGroup], wanted: Rules, shuffler: random.Random
) -> None:
    shuffled = shuffler.sample(listed, len(listed))
    assert group_keywords(shuffled, wanted) == group_keywords(listed, wanted)


@given(_keywords(), rules)
@settings(max_examples=60, deadline=None)
def test_grouping_again_what_was_grouped_places_nothing_else(listed: list[KeywordToGroup], wanted: Rules) -> None:
    numbers: dict[object, int] = {1: 1, 2: 2}
    placed = _cluster_of(group_keywords(listed, wanted), listed)
    settled = [
        replace(one, was_alone=False, cluster=numbers.setdefault(placed[one.id], len(numbers) + 1)) for one in listed
    ]
    assert group_keywords(settled, wanted) == Grouping({}, [], (), {})


@given(_keywords(), rules)
@settings(max_examples=60, deadline=None)
def test_new_keywords_of_one_parent_page_are_together(listed: list[KeywordToGroup], wanted: Rules) -> None:
    new = [replace(one, cluster=None, was_alone=False, page=None) for one in listed]
    placed = _cluster_of(group_keywords(new, wanted), new)
    for parent in ("sofa", "shoes"):
        assert len({placed[one.id] for one in new if parent in (one.parent, one.text)}) <= 1 or not any(
            one.parent == parent for one in new
        )


@given(_keywords(), rules)
@settings(max_examples=60, deadline=None)
def test_new_keywords_that_share_enough_results_are_together(listed: list[KeywordToGroup], wanted: Rules) -> None:
    new = [replace(one, cluster=None, was_alone=False) for one in listed]
    placed = _cluster_of(group_keywords(new, wanted), new)
    for one, other in combinations(new, 2):
        if len(set(one.results) & set(other.results)) >= wanted.shared_urls:
            assert placed[one.id] == placed[other.id]


@given(_keywords(), st.sampled_from(Granularity))
@settings(max_examples=60, deadline=None)
def test_without_evidence_the_keywords_of_a_new_group_have_an_intent_in_common_unless_their_words_are_the_same(
    listed: list[KeywordToGroup], granularity: Granularity
) -> None:
    new = [replace(one, cluster=None, was_alone=False, parent=None, page=None, results=()) for one in listed]
    by_id = {one.id: one for one in new}
    for group in group_keywords(new, Rules(granularity)).groups:
        if len({word_set(by_id[one].text) for one in group}) == len(group):
            assert reduce(and_, (by_id[one].intents for one in group))


@given(_keywords(), rules)
@settings(max_examples=60, deadline=None)
def test_every_placed_keyword_has_its_reason_beside_another_of_its_cluster(
    listed: list[KeywordToGroup], wanted: Rules
) -> None:
    grouping = group_keywords(listed, wanted)
    placed = _cluster_of(grouping, listed)
    assert set(grouping.reasons) == {*grouping.joins, *(one for group in grouping.groups for one in group)}
    for one, why in grouping.reasons.items():
        assert one != why.keyword_id
        assert placed[one] == placed[why.keyword_id]


def test_the_same_list_gives_the_same_groups_in_other_processes() -> None:
    code = (
        "from igny8_assets.clustering.grouping import group_keywords;"
        "from igny8_assets_tests.clustering.topics import all_texts, keywords;"
        "print(group_keywords(keywords(all_texts())))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert answers == {str(group_keywords(keywords(all_texts())))}


TOPIC = Rules(Granularity.TOPIC)
CAP = CUTS["wordllama"].page.cap


def test_topics_are_told_apart() -> None:
    listed = keywords(all_texts())
    grouping = group_keywords(listed, TOPIC)
    assert all(len(topics) == 1 for topics in _topics_of(grouping, listed))
    assert len(grouping.groups) == len(TOPICS)
    assert not grouping.orphans


def test_pages_are_narrower_than_topics() -> None:
    listed = keywords(all_texts())
    pages, topics = group_keywords(listed), group_keywords(listed, TOPIC)
    assert len(pages.groups) + len(pages.orphans) > len(topics.groups)
    assert all(any(set(page) <= set(topic) for topic in topics.groups) for page in pages.groups)


def test_a_keyword_that_resembles_nothing_is_an_orphan() -> None:
    listed = [*keywords(all_texts()), KeywordToGroup(999, "quantum chromodynamics", 10)]
    assert 999 in group_keywords(listed).orphans


@pytest.mark.parametrize("texts", [["red shoes", "shoes red"], ["red shoes", "red shoe"], ["red shoes", "red shoes"]])
def test_the_same_words_in_another_order_or_number_land_together(texts: list[str]) -> None:
    grouping = group_keywords(keywords([*texts, *all_texts()]))
    assert (1, 2) in grouping.groups
    assert grouping.reasons[1].reason is grouping.reasons[2].reason is Reason.WORDS


def test_a_list_of_unlike_keywords_has_only_orphans() -> None:
    assert group_keywords(keywords(["leather sofa", "invoice template", "tomato seeds"])).orphans == (2, 1, 3)


def test_a_short_list_about_one_topic_is_one_group() -> None:
    assert len(group_keywords(keywords(TOPICS["sofa"]), TOPIC).groups) == 1


def test_no_keywords_give_nothing() -> None:
    assert group_keywords([]) == Grouping({}, [], (), {})


def test_a_text_that_is_empty_resembles_nothing_else() -> None:
    grouping = group_keywords(keywords(["", *all_texts()]))
    assert 1 in grouping.orphans


def test_the_head_leads_and_the_rest_follow_by_volume() -> None:
    listed = keywords(TOPICS["guitar"])
    volume = {keyword.id: keyword.volume for keyword in listed}
    (group,) = group_keywords(listed, TOPIC).groups
    assert list(group[1:]) == sorted(group[1:], key=lambda one: -volume[one])


def test_the_most_searched_group_comes_first() -> None:
    listed = keywords(all_texts())
    volume = {keyword.id: keyword.volume for keyword in listed}
    totals = [sum(volume[one] for one in group) for group in group_keywords(listed, TOPIC).groups]
    assert totals == sorted(totals, reverse=True)


def test_what_is_too_wide_is_cut_again() -> None:
    kinds = ["leather", "fabric", "velvet", "linen", "cotton", "suede", "wool", "rattan", "corner", "modular"]
    colours = ["red", "blue", "green", "grey", "white", "black", "brown", "beige", "pink", "yellow", "navy", "teal"]
    listed = keywords([*(f"{colour} {kind} sofa" for kind in kinds for colour in colours), *all_texts()])
    grouping = group_keywords(listed)
    assert max(len(group) for group in grouping.groups) <= CAP
    assert not set(range(1, 121)) & set(grouping.orphans)


def test_a_new_keyword_joins_the_cluster_it_resembles() -> None:
    clusters = [
        keyword
        for at, texts in enumerate(TOPICS.values())
        for keyword in _in_cluster(texts, at + 10, start=100 * (at + 1))
    ]
    new = keywords(["brown leather sofa", "invoice app", "marathon plan", "ripe tomatoes", "visa rules", "guitar"])
    assert group_keywords([*new, *clusters], TOPIC).joins == {1: 10, 2: 11, 3: 12, 4: 13, 5: 14, 6: 15}


def _full() -> list[KeywordToGroup]:
    return _in_cluster((f"sofa model {number}" for number in range(CAP)), 7, start=100)


def test_a_keyword_with_the_words_of_a_cluster_joins_it_even_if_it_is_full() -> None:
    assert group_keywords([*keywords(["model 5 sofas"]), *_full()]).joins == {1: 7}


def test_new_keywords_that_resemble_no_cluster_are_grouped_among_themselves() -> None:
    grouping = group_keywords([*keywords(TOPICS["guitar"]), *_in_cluster(TOPICS["sofa"], 10, start=100)], TOPIC)
    assert not grouping.joins
    assert len(grouping.groups) == 1


def test_a_full_cluster_takes_no_more_of_what_can_be_a_group_of_its_own() -> None:
    grouping = group_keywords([*keywords(["sofa model 900", "sofa model 901", "sofa model 902"]), *_full()])
    assert not grouping.joins
    assert len(grouping.groups) == 1


def test_a_full_cluster_still_takes_a_keyword_that_would_be_left_alone() -> None:
    assert group_keywords([*keywords(["sofa model 900"]), *_full()]).joins == {1: 7}


def test_clusters_that_exist_never_merge_for_a_keyword_between_them() -> None:
    listed = [
        *keywords(["red velvet sofa"]),
        *_in_cluster(["red velvet sofas uk"], 1, start=10),
        *_in_cluster(["red velvet sofas usa"], 2, start=20),
    ]
    assert set(group_keywords(listed).joins) == {1}


def test_keywords_of_conflicting_intents_are_apart_unless_that_is_turned_off() -> None:
    listed = [
        replace(keyword, intents=intent_bits([intent]))
        for keyword, intent in zip(
            keywords(["woocommerce shipping plugin", "woocommerce shipping plugins free"]),
            ["commercial", "informational"],
            strict=True,
        )
    ]
    assert not group_keywords(listed).groups
    assert group_keywords(listed, Rules(separate_intents=False)).groups == [(1, 2)]


def test_shared_results_put_unlike_texts_together_and_are_the_reason() -> None:
    results = tuple(f"https://www.example.org/{number}/" for number in range(10))
    others = tuple(f"http://example.org/{number}" for number in range(6, 16))
    listed = [
        replace(keyword, results=found)
        for keyword, found in zip(keywords(["couch", "three-seat settee"]), [results, others], strict=True)
    ]
    grouping = group_keywords(listed)
    assert grouping.groups == [(1, 2)]
    assert grouping.reasons[2] == WhyThere(Reason.URLS, 1, 4)
    assert group_keywords(listed, Rules(shared_urls=5)).groups == []


def test_a_new_keyword_joins_the_cluster_with_whose_keyword_it_shares_results() -> None:
    results = tuple(f"https://example.org/{number}" for number in range(10))
    old, other = _in_cluster(["couch"], 3, start=10), _in_cluster(["three-seat settees"], 4, start=20)
    new = [replace(keyword, results=results) for keyword in keywords(["three-seat settee for a flat"])]
    assert group_keywords([*new, *(replace(one, results=results) for one in old), *other]).joins == {1: 3}


def test_a_home_page_that_ranks_for_much_ties_nothing() -> None:
    listed = [replace(one, page="https://shop.example/") for one in keywords(["leather sofa", "invoice template"])]
    assert not group_keywords(listed).groups


def test_keywords_for_which_one_page_ranks_are_together() -> None:
    pages = ["https://shop.example/blog/sofas?utm=1", "http://www.shop.example/blog/sofas/"]
    listed = [replace(one, page=page) for one, page in zip(keywords(["leather sofa", "settee"]), pages, strict=True)]
    grouping = group_keywords(listed)
    assert {frozenset(group) for group in grouping.groups} == {frozenset({1, 2})}
    assert grouping.reasons[1] == WhyThere(Reason.PARENT, 2)
