"""Names of clusters."""

from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.ai.offline.naming import name_clusters
from igny8_assets.ai.schemas import AutoClusterInput, ClusterName, GroupToName, KeywordFacts
from igny8_assets.vocabulary import Intent
from igny8_assets_tests.ai.offline.strategies import facts, keyword_lists


def named(*groups: list[KeywordFacts]) -> list[ClusterName]:
    asked = [GroupToName(id=place, keywords=keywords) for place, keywords in enumerate(groups, 1)]
    return name_clusters(AutoClusterInput(language="en", groups=asked)).clusters


def test_a_cluster_is_named_after_its_first_keyword() -> None:
    assert named(facts(["best AI tools for seo", "ai tools"]))[0].name == "Best AI Tools for SEO"


def test_a_description_tells_modifiers_and_intent_and_no_figures_that_change() -> None:
    keywords = facts(["grinder", "manual grinder", "manual grinder price", "small grinder"], (Intent.COMMERCIAL,))
    description = named(keywords)[0].description
    assert description == (
        "What people search around “grinder”. They often come with manual. Prevailing intent: commercial."
    )


def test_unknown_volumes_and_intents_are_left_out() -> None:
    assert named([KeywordFacts(id=1, text="grinder")])[0].description == "What people search around “grinder”."


def test_two_groups_never_share_a_name() -> None:
    names = [
        cluster.name for cluster in named(facts(["Grinder", "hand grinder"]), facts(["grinder"]), facts(["grinder"]))
    ]
    assert len({name.casefold() for name in names}) == 3


def test_two_long_keywords_that_begin_alike_give_two_names() -> None:
    names = [cluster.name for cluster in named(facts(["0" * 120]), facts(["0" * 121]))]
    assert len(set(names)) == 2


@given(groups=st.lists(keyword_lists(most=50), min_size=1, max_size=8))
def test_every_group_gets_one_name(groups: list[list[KeywordFacts]]) -> None:
    clusters = named(*groups)
    assert [cluster.id for cluster in clusters] == list(range(1, len(groups) + 1))
    assert len({cluster.name.casefold() for cluster in clusters}) == len(groups)
