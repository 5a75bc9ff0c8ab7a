"""What a language model is shown of keywords and clusters."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.clustering.embedding import embed
from igny8_assets.clustering.granularity import CUTS
from igny8_assets.clustering.grouping import KeywordToGroup
from igny8_assets.clustering.offer import Offer, offer_of
from igny8_assets_tests.clustering.test_grouping import _keywords
from igny8_assets_tests.clustering.topics import keywords

TENTS = keywords(["family tent", "large family tent"], start=1)
SOCKS = replace(keywords(["merino wool socks"], start=10)[0], cluster=1)
STOVE = replace(keywords(["gas camping stove"], start=11)[0], cluster=2)
TENT = replace(keywords(["family tent with porch"], start=12)[0], cluster=3)


def shown(listed: list[KeywordToGroup], *, clusters: int = 60, orphans: int = 100) -> Offer:
    return offer_of(listed, clusters=clusters, orphans=orphans, cuts=CUTS["wordllama"], embed=embed)


def test_all_is_shown_where_it_is_little() -> None:
    offer = shown([*TENTS, SOCKS, STOVE, TENT])
    assert ({one.id for one in offer.keywords}, set(offer.clusters)) == ({1, 2}, {1, 2, 3})


def test_of_many_clusters_the_nearest_are_shown() -> None:
    assert shown([*TENTS, SOCKS, STOVE, TENT], clusters=1).clusters == (3,)


def test_a_keyword_near_a_cluster_that_is_not_shown_is_not_asked_about() -> None:
    (stove,) = keywords(["camping stove with gas"], start=3)
    many = [replace(one, id=one.id + 100) for one in TENTS]
    offer = shown([*TENTS, *many, stove, SOCKS, STOVE, replace(TENT, text="family tent")], clusters=1)
    assert ({one.id for one in offer.keywords}, offer.clusters) == ({1, 2, 101, 102}, (3,))


def test_of_many_orphans_the_nearest_are_shown_after_the_new_keywords() -> None:
    alone = [replace(one, cluster=None, was_alone=True) for one in (SOCKS, STOVE, TENT)]
    assert [one.id for one in shown([*alone, *TENTS], orphans=1).keywords] == [1, 2, 12]


@given(_keywords(), st.integers(0, 2), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_no_more_is_shown_than_was_wanted_and_nothing_that_has_a_cluster(
    listed: list[KeywordToGroup], clusters: int, orphans: int
) -> None:
    offer = shown(listed, clusters=clusters, orphans=orphans)
    assert all(one.cluster is None for one in offer.keywords)
    assert sum(one.was_alone for one in offer.keywords) <= orphans
    assert len(offer.clusters) <= clusters
    assert any(not one.was_alone for one in offer.keywords) or not offer.keywords
