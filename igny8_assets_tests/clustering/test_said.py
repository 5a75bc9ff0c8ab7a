"""Keywords to clusters as a language model said, whatever it said."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.clustering.embedding import embed
from igny8_assets.clustering.granularity import CUTS
from igny8_assets.clustering.grouping import Grouping, KeywordToGroup, Rules, group_keywords
from igny8_assets.clustering.said import Said, group_as_said
from igny8_assets.clustering.word_sets import word_set
from igny8_assets.vocabulary import Granularity, Reason
from igny8_assets_tests.clustering.test_grouping import _cluster_of, _keywords, rules
from igny8_assets_tests.clustering.topics import keywords

IDS = st.lists(st.integers(0, 27), max_size=6)
SAID = st.builds(Said, st.lists(st.tuples(st.integers(0, 4), IDS), max_size=3), st.lists(IDS, max_size=4), IDS)
NOTHING = Said((), (), ())


def sort(listed: Sequence[KeywordToGroup], said: Said, wanted: Rules | None = None) -> Grouping:
    return group_as_said(listed, said, wanted or Rules(), cuts=CUTS["wordllama"], embed=embed)


@given(_keywords(), SAID, rules)
@settings(max_examples=80, deadline=None)
def test_every_keyword_without_a_cluster_is_in_exactly_one_place(
    listed: list[KeywordToGroup], said: Said, wanted: Rules
) -> None:
    grouping = sort(listed, said, wanted)
    placed = [*grouping.joins, *grouping.orphans, *(one for group in grouping.groups for one in group)]
    assert sorted(placed) == sorted(keyword.id for keyword in listed if keyword.cluster is None)
    assert set(grouping.joins.values()) <= {keyword.cluster for keyword in listed}
    assert all(len(group) >= 2 for group in grouping.groups)


@given(_keywords(), SAID, rules)
@settings(max_examples=80, deadline=None)
def test_keywords_that_share_enough_results_or_a_parent_page_or_all_words_are_together(
    listed: list[KeywordToGroup], said: Said, wanted: Rules
) -> None:
    new = [replace(one, cluster=None, page=None) for one in listed]
    if all(one.was_alone for one in new):
        return
    placed = _cluster_of(sort(new, said, wanted), new)
    for one, other in combinations([one for one in new if not one.was_alone], 2):
        tied = len(set(one.results) & set(other.results)) >= wanted.shared_urls
        if tied or (one.parent and one.parent == other.parent) or word_set(one.text) == word_set(other.text):
            assert placed[one.id] == placed[other.id]


@given(_keywords(), SAID, rules)
@settings(max_examples=80, deadline=None)
def test_new_keywords_that_share_enough_results_with_one_cluster_alone_join_it(
    listed: list[KeywordToGroup], said: Said, wanted: Rules
) -> None:
    known = [replace(one, cluster=1 if one.cluster else None, parent=None, page=None) for one in listed]
    joins = sort(known, said, wanted).joins
    settled = [one for one in known if one.cluster]
    for one in known:
        tied = [other for other in settled if len(set(one.results) & set(other.results)) >= wanted.shared_urls]
        if one.cluster is None and tied:
            assert joins[one.id] == 1


@given(_keywords(), SAID, rules, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_nothing(
    listed: list[KeywordToGroup], said: Said, wanted: Rules, shuffler: random.Random
) -> None:
    assert sort(shuffler.sample(listed, len(listed)), said, wanted) == sort(listed, said, wanted)


@given(_keywords(), SAID, rules)
@settings(max_examples=60, deadline=None)
def test_every_placed_keyword_has_its_reason_beside_another_of_its_cluster(
    listed: list[KeywordToGroup], said: Said, wanted: Rules
) -> None:
    grouping = sort(listed, said, wanted)
    placed = _cluster_of(grouping, listed)
    assert set(grouping.reasons) == {*grouping.joins, *(one for group in grouping.groups for one in group)}
    for one, why in grouping.reasons.items():
        assert one != why.keyword_id
        assert placed[one] == placed[why.keyword_id]


@given(_keywords(), rules)
@settings(max_examples=60, deadline=None)
def test_a_model_that_says_nothing_leaves_all_to_the_vectors(listed: list[KeywordToGroup], wanted: Rules) -> None:
    untied = [replace(one, text=f"{one.text} {one.id}", parent=None, page=None, results=()) for one in listed]
    said, grouped = sort(untied, NOTHING, wanted), group_keywords(untied, wanted)
    assert {*map(frozenset, said.groups)} == {*map(frozenset, grouped.groups)}
    assert (said.joins, {*said.orphans}) == (grouped.joins, {*grouped.orphans})


TEXTS = ["family tent", "best family tent", "camping stove", "best camping stove"]


def test_the_model_decides_against_the_vectors() -> None:
    grouping = sort(keywords(TEXTS), Said((), [[1, 3], [2, 4]], ()))
    assert sorted(map(sorted, grouping.groups)) == [[1, 3], [2, 4]]
    assert {why.reason for why in grouping.reasons.values()} == {Reason.MODEL}
    assert grouping.reasons[1].keyword_id == 3


def test_what_the_model_left_alone_is_an_orphan_though_its_vector_is_near() -> None:
    grouping = sort(keywords(TEXTS), Said((), [[3, 4]], [1, 2]))
    assert (grouping.groups, set(grouping.orphans)) == (grouping.groups[:1], {1, 2})


def test_what_the_model_left_out_goes_to_what_it_placed() -> None:
    grouping = sort(keywords([*TEXTS, "family tents best"]), Said((), [[1], [3, 4]], ()), Rules(Granularity.TOPIC))
    assert sorted(map(sorted, grouping.groups)) == [[1, 2, 5], [3, 4]]
    assert grouping.reasons[5].reason == Reason.WORDS


def test_keywords_join_the_cluster_that_the_model_names_and_no_other() -> None:
    settled = [replace(one, cluster=7) for one in keywords(["mortgage rates", "mortgage"], start=10)]
    grouping = sort([*keywords(TEXTS), *settled], Said([(7, [1]), (99, [2])], (), [3, 4]))
    assert grouping.joins == {1: 7}
    assert grouping.reasons[1].keyword_id in {10, 11}
    assert set(grouping.orphans) == {2, 3, 4}


def test_tied_keywords_go_where_most_of_them_were_put() -> None:
    tied = [replace(one, parent="tents") for one in keywords(["big tent", "tent for four", "dome"], start=1)]
    others = keywords(["wool socks", "merino socks"], start=4)
    grouping = sort([*tied, *others], Said((), [[1, 2], [3, 4, 5]], ()))
    assert sorted(map(sorted, grouping.groups)) == [[1, 2, 3], [4, 5]]
    assert grouping.reasons[3].reason == Reason.PARENT
