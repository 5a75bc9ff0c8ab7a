"""A few new keywords of a large site are placed by what lies around them, where the whole site would place them."""

import random
from dataclasses import replace

import pytest

from benchmarks.keyword_lists import make_keywords
from igny8_assets.clustering import vicinity
from igny8_assets.clustering.grouping import Grouping, KeywordToGroup, group_keywords
from igny8_assets.clustering.vicinity import is_worth_finding

KEYWORDS = 3000
NEW = 50


def listed() -> list[KeywordToGroup]:
    return [KeywordToGroup(at, text) for at, text in enumerate(make_keywords(KEYWORDS))]


def site_with_new_keywords(keywords: list[KeywordToGroup], new: set[int]) -> list[KeywordToGroup]:
    """All but the new ones in the clusters, or left alone, as they came out without those."""
    grouping = group_keywords([one for one in keywords if one.id not in new])
    home = {one: number for number, group in enumerate(grouping.groups) for one in group}
    alone = set(grouping.orphans)
    return [replace(one, cluster=home.get(one.id), was_alone=one.id in alone) for one in keywords]


def place_of(grouping: Grouping) -> dict[int, object]:
    placed: dict[int, object] = {one: ("alone", one) for one in grouping.orphans}
    return placed | grouping.joins | {one: group for group in grouping.groups for one in group}


@pytest.fixture
def always_by_vicinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vicinity, "WHOLE_UP_TO", KEYWORDS // 2)


def test_the_vicinity_decides_as_the_whole_site_does(monkeypatch: pytest.MonkeyPatch) -> None:
    keywords = listed()
    new = set(random.Random(0).sample(range(len(keywords)), NEW))
    site = site_with_new_keywords(keywords, new)
    whole = place_of(group_keywords(site))
    monkeypatch.setattr(vicinity, "WHOLE_UP_TO", KEYWORDS // 2)
    near = place_of(group_keywords(site))
    assert near.keys() == whole.keys()
    assert sum(near[one] == whole[one] for one in new) >= 0.95 * NEW


@pytest.mark.usefixtures("always_by_vicinity")
def test_the_order_of_rows_changes_nothing_in_a_large_site() -> None:
    keywords = listed()
    site = site_with_new_keywords(keywords, set(range(0, KEYWORDS, KEYWORDS // NEW)))
    shuffled = random.Random(1).sample(site, len(site))
    assert place_of(group_keywords(shuffled)) == place_of(group_keywords(site))


@pytest.mark.usefixtures("always_by_vicinity")
def test_what_is_tied_to_a_new_keyword_is_in_its_vicinity_whatever_the_texts_say() -> None:
    keywords = listed()
    new = KeywordToGroup(KEYWORDS, "zebra crossing fines", results=tuple(f"https://example.org/{n}" for n in range(4)))
    site = site_with_new_keywords(keywords, set())
    settled = next(at for at, one in enumerate(site) if one.cluster is not None)
    site[settled] = replace(site[settled], results=new.results)
    assert group_keywords([*site, new]).joins == {new.id: site[settled].cluster}


@pytest.mark.usefixtures("always_by_vicinity")
def test_the_words_of_a_keyword_of_the_site_in_another_order_join_its_cluster() -> None:
    site = site_with_new_keywords(listed(), set())
    settled = next(one for one in site if one.cluster is not None and len(set(one.text.split())) > 2)
    new = KeywordToGroup(KEYWORDS, " ".join(reversed(settled.text.split())))
    assert group_keywords([*site, new]).joins[new.id] == settled.cluster


def test_a_small_site_or_many_new_keywords_are_compared_as_a_whole() -> None:
    assert not is_worth_finding(1, 20_000)
    assert not is_worth_finding(5_000, 100_000)
    assert is_worth_finding(100, 100_000)
