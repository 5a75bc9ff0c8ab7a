"""Scores of clusters against known groups, worked out by hand."""

import itertools
import math
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.score_clusters import adjusted_mutual_information, score

GROUPS = {"oak desk": "desks", "pine desk": "desks", "red lamp": "lamps", "desk lamp": "lamps"}
PARTITIONS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=6)


def scored(clusters: Mapping[str, Hashable], groups: Mapping[str, str] = GROUPS) -> tuple[float, ...]:
    """AMI, B-cubed F1 and the share left alone, without the noise of the last digits."""
    return tuple(round(value, 12) + 0.0 for value in astuple(score(groups, clusters)))


def exactly(*values: float) -> tuple[float, ...]:
    return tuple(round(value, 12) for value in values)


def test_the_known_groups_themselves_score_full() -> None:
    assert scored({keyword: hash(group) for keyword, group in GROUPS.items()}) == exactly(1, 1, 0)


def test_a_group_torn_apart_loses_recall() -> None:
    # Shared ln 2, by chance 2/3 ln 2, at most 5/4 ln 2; precision 1, recall 3/4.
    torn = {"oak desk": 1, "pine desk": 1, "red lamp": 2, "desk lamp": 3}
    assert scored(torn) == exactly(4 / 7, 6 / 7, 0.5)


def test_one_cluster_of_all_is_worth_nothing_by_ami() -> None:
    assert scored(dict.fromkeys(GROUPS, 1)) == exactly(0, 2 / 3, 0)


def test_leaving_every_keyword_alone_is_worth_nothing_by_ami() -> None:
    assert scored({keyword: keyword for keyword in GROUPS}) == exactly(0, 2 / 3, 1)


def test_a_keyword_without_a_cluster_counts_as_alone() -> None:
    left_out = {"oak desk": 1, "pine desk": 1, "red lamp": None}
    assert scored(left_out) == exactly(4 / 7, 6 / 7, 0.5)


def test_a_keyword_without_a_known_group_is_not_scored() -> None:
    clusters = {"oak desk": 1, "pine desk": 1, "red lamp": 2, "desk lamp": 3, "blue lamp": 3, "chair": 1}
    assert scored(clusters, {**GROUPS, "blue lamp": "", "chair": " "}) == exactly(4 / 7, 6 / 7, 0.5)


def test_case_and_spaces_do_not_make_another_keyword() -> None:
    clusters = {" OAK  Desk": 1, "Pine Desk": 1, "red\tlamp": 2, "desk lamp ": 2}
    assert scored(clusters) == exactly(1, 1, 0)


def test_without_any_known_group_there_is_nothing_to_score() -> None:
    with pytest.raises(ValueError, match="no keyword has a group"):
        score({"oak desk": ""}, {"oak desk": 1})


@given(PARTITIONS)
def test_chance_is_the_mean_over_all_ways_to_deal_the_labels(labels: list[tuple[int, int]]) -> None:
    first, second = ([pair[side] for pair in labels] for side in (0, 1))
    expected = np.mean([shared(first, dealt) for dealt in itertools.permutations(second)])
    most = (shared(first, first) + shared(second, second)) / 2
    if most - expected > 1e-9:
        wanted = (shared(first, second) - expected) / (most - expected)
        assert adjusted_mutual_information(numbered(first), numbered(second)) == pytest.approx(wanted, abs=1e-9)


@given(PARTITIONS)
def test_it_does_not_matter_which_is_the_first(labels: list[tuple[int, int]]) -> None:
    first, second = (numbered([pair[side] for pair in labels]) for side in (0, 1))
    there, back = adjusted_mutual_information(first, second), adjusted_mutual_information(second, first)
    assert there == pytest.approx(back, abs=1e-9)
    assert there <= 1 + 1e-9


def shared(first: "list[int]", second: "list[int] | tuple[int, ...]") -> float:
    """Mutual information, by its definition."""
    count, of_first, of_second = len(first), Counter(first), Counter(second)
    return sum(
        times / count * math.log(count * times / (of_first[a] * of_second[b]))
        for (a, b), times in Counter(zip(first, second, strict=True)).items()
    )


def numbered(labels: list[int]) -> "np.typing.NDArray[np.int64]":
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
