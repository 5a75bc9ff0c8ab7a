"""Keywords to topics."""

import os
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.clustering.grouping import (
    LARGEST_GROUP,
    ExistingCluster,
    Grouping,
    KeywordToGroup,
    group_keywords,
)
from igny8_assets_tests.clustering.topics import TOPICS, all_texts, keywords

_words = st.sampled_from(["red", "blue", "shoes", "shoe", "sofa", "how", "to", "clean", "咖啡", "حذاء", "🎉", "c++"])
_texts = st.one_of(st.lists(_words, min_size=1, max_size=4).map(" ".join), st.text(max_size=20))


@st.composite
def _inputs(draw: st.DrawFn) -> tuple[list[KeywordToGroup], list[ExistingCluster]]:
    texts = draw(st.lists(_texts, max_size=25))
    volumes = draw(st.lists(st.integers(0, 1000), min_size=len(texts), max_size=len(texts)))
    listed = [
        KeywordToGroup(at + 1, text, volume) for at, (text, volume) in enumerate(zip(texts, volumes, strict=True))
    ]
    members = draw(st.lists(st.lists(_texts, max_size=4), max_size=3))
    return listed, [ExistingCluster(at + 1, tuple(cluster)) for at, cluster in enumerate(members)]


def _topics_of(grouping: Grouping, listed: list[KeywordToGroup]) -> list[set[str]]:
    text = {keyword.id: keyword.text for keyword in listed}
    return [
        {topic for topic, texts in TOPICS.items() for one in group if text[one] in texts} for group in grouping.groups
    ]


def _group_of(grouping: Grouping, identifier: int) -> tuple[int, ...]:
    return next((group for group in grouping.groups if identifier in group), ())


@given(_inputs())
@settings(max_examples=60, deadline=None)
def test_every_keyword_is_in_exactly_one_place(given_input: tuple[list[KeywordToGroup], list[ExistingCluster]]) -> None:
    listed, clusters = given_input
    grouping = group_keywords(listed, clusters)
    placed = [*grouping.joins, *grouping.orphans, *(one for group in grouping.groups for one in group)]
    assert sorted(placed) == sorted(keyword.id for keyword in listed)
    assert set(grouping.joins.values()) <= {cluster.id for cluster in clusters if cluster.texts}
    assert all(len(group) >= 2 for group in grouping.groups)


@given(_inputs(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_nothing(
    given_input: tuple[list[KeywordToGroup], list[ExistingCluster]], shuffler: random.Random
) -> None:
    listed, clusters = given_input
    shuffled = shuffler.sample(listed, len(listed))
    others = [
        ExistingCluster(cluster.id, tuple(shuffler.sample(cluster.texts, len(cluster.texts))))
        for cluster in shuffler.sample(clusters, len(clusters))
    ]
    assert group_keywords(shuffled, others) == group_keywords(listed, clusters)


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


def test_topics_are_told_apart() -> None:
    listed = keywords(all_texts())
    grouping = group_keywords(listed)
    assert all(len(topics) == 1 for topics in _topics_of(grouping, listed))
    assert len(grouping.groups) == len(TOPICS)
    assert not grouping.orphans


def test_a_keyword_that_resembles_nothing_is_an_orphan() -> None:
    listed = [*keywords(all_texts()), KeywordToGroup(999, "quantum chromodynamics", 10)]
    assert group_keywords(listed).orphans == (999,)


@pytest.mark.parametrize("texts", [["red shoes", "shoes red"], ["red shoes", "red shoe"], ["red shoes", "red shoes"]])
def test_the_same_words_in_another_order_or_number_land_together(texts: list[str]) -> None:
    assert 2 in _group_of(group_keywords(keywords([*texts, *all_texts()])), 1)


def test_a_list_of_unlike_keywords_has_only_orphans() -> None:
    assert group_keywords(keywords(["leather sofa", "invoice template", "tomato seeds"])).orphans == (2, 1, 3)


def test_a_short_list_about_one_topic_is_one_group() -> None:
    assert len(group_keywords(keywords(TOPICS["sofa"])).groups) == 1


def test_no_keywords_give_nothing() -> None:
    assert group_keywords([]) == Grouping(joins={}, groups=[], orphans=())


def test_a_text_that_is_empty_resembles_nothing_else() -> None:
    grouping = group_keywords(keywords(["", *all_texts()]))
    assert 1 in grouping.orphans


def test_the_head_leads_and_the_rest_follow_by_volume() -> None:
    listed = keywords(TOPICS["guitar"])
    volume = {keyword.id: keyword.volume for keyword in listed}
    (group,) = group_keywords(listed).groups
    assert list(group[1:]) == sorted(group[1:], key=lambda one: -volume[one])


def test_the_most_searched_group_comes_first() -> None:
    listed = keywords(all_texts())
    volume = {keyword.id: keyword.volume for keyword in listed}
    totals = [sum(volume[one] for one in group) for group in group_keywords(listed).groups]
    assert totals == sorted(totals, reverse=True)


def test_a_broad_topic_is_cut_into_groups_that_a_few_articles_cover() -> None:
    kinds = ["leather", "fabric", "velvet", "linen", "cotton", "suede", "wool", "rattan", "corner", "modular"]
    colours = ["red", "blue", "green", "grey", "white", "black", "brown", "beige", "pink", "yellow", "navy", "teal"]
    listed = keywords([*(f"{colour} {kind} sofa" for kind in kinds for colour in colours), *all_texts()])
    grouping = group_keywords(listed)
    assert max(len(group) for group in grouping.groups) <= LARGEST_GROUP
    assert not set(range(1, 121)) & set(grouping.orphans)


def test_a_new_keyword_joins_the_cluster_it_resembles() -> None:
    clusters = [ExistingCluster(at + 10, texts) for at, texts in enumerate(TOPICS.values())]
    new = keywords(
        ["brown leather sofa", "invoice app", "plan for a marathon", "ripe tomatoes", "visa rules", "guitar"]
    )
    assert group_keywords(new, clusters).joins == {1: 10, 2: 11, 3: 12, 4: 13, 5: 14, 6: 15}


def test_a_keyword_with_the_words_of_a_cluster_joins_it_even_if_it_is_full() -> None:
    full = ExistingCluster(7, tuple(f"sofa model {number}" for number in range(LARGEST_GROUP)))
    assert group_keywords(keywords(["model 5 sofas"]), [full]).joins == {1: 7}


def test_new_keywords_that_resemble_no_cluster_are_grouped_among_themselves() -> None:
    grouping = group_keywords(keywords(TOPICS["guitar"]), [ExistingCluster(10, TOPICS["sofa"])])
    assert not grouping.joins
    assert len(grouping.groups) == 1


def test_a_full_cluster_takes_no_more_of_what_can_be_a_group_of_its_own() -> None:
    full = ExistingCluster(7, tuple(f"sofa model {number}" for number in range(LARGEST_GROUP)))
    grouping = group_keywords(keywords(["velvet sofa", "blue velvet sofa", "velvet sofa bed"]), [full])
    assert not grouping.joins
    assert len(grouping.groups) == 1


def test_a_full_cluster_still_takes_a_keyword_that_would_be_left_alone() -> None:
    full = ExistingCluster(7, tuple(f"sofa model {number}" for number in range(LARGEST_GROUP)))
    grouping = group_keywords(keywords(["velvet sofa model"]), [full])
    assert grouping.joins == {1: 7}


def test_a_cluster_without_texts_is_passed_over() -> None:
    listed = keywords(all_texts())
    assert group_keywords(listed, [ExistingCluster(1, ())]) == group_keywords(listed)
