from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.ai.functions import FUNCTIONS, validate_answer
from igny8_assets.ai.keyword_groups import (
    ClusterToJoin,
    GroupKeywordsInput,
    GroupKeywordsOutput,
    Joining,
    KeywordToPlace,
    NewGroup,
)
from igny8_assets.ai.provider import BadAnswer
from igny8_assets.ai.schemas import (
    AutoClusterInput,
    AutoClusterOutput,
    ClusterName,
    GenerateIdeasOutput,
    GenerateImagePromptsOutput,
    GroupToName,
    KeywordFacts,
)
from igny8_assets_tests.ai.samples import INPUTS
from igny8_assets_tests.ai.valid_answers import valid_answer

IDEA: dict[str, Any] = {
    "title": "Moka pot sizes",
    "description": "Which to buy",
    "content_type": "blog post",
    "content_structure": "explainer",
    "keyword_ids": [11, 12],
}
IMAGE = {"role": "featured", "prompt": "A moka pot on a stove", "alt_text": "A moka pot", "caption": "Coffee"}


def check_ideas(*ideas: dict[str, Any]) -> None:
    answer = GenerateIdeasOutput.model_validate({"ideas": ideas})
    validate_answer("generate_ideas", INPUTS["generate_ideas"], answer)


def check_roles(*roles: str) -> None:
    answer = GenerateImagePromptsOutput.model_validate({"images": [IMAGE | {"role": role} for role in roles]})
    validate_answer("generate_image_prompts", INPUTS["generate_image_prompts"], answer)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_answer_about_what_was_asked_is_taken(function: str) -> None:
    validate_answer(function, INPUTS[function], valid_answer(INPUTS[function]))


ids = st.lists(st.integers(1, 8), min_size=1, max_size=8)


@given(asked=ids.map(set), answered=ids)
def test_names_are_taken_exactly_when_every_group_has_one(asked: set[int], answered: list[int]) -> None:
    groups = [GroupToName(id=one, keywords=[KeywordFacts(id=one, text="tea")]) for one in asked]
    clusters = [ClusterName(id=one, name="Tea", description="") for one in answered]
    question, answer = AutoClusterInput(language="en", groups=groups), AutoClusterOutput(clusters=clusters)
    if sorted(answered) == sorted(asked):
        validate_answer("auto_cluster", question, answer)
    else:
        with pytest.raises(BadAnswer):
            validate_answer("auto_cluster", question, answer)


@given(joined=ids, grouped=ids, alone=ids, cluster=st.integers(1, 2))
def test_sorted_keywords_are_taken_exactly_when_each_is_named_once(
    joined: list[int], grouped: list[int], alone: list[int], cluster: int
) -> None:
    asked = {*range(1, 6)}
    question = GroupKeywordsInput(
        language="en",
        width="a page",
        separate_intents=True,
        keywords=[KeywordToPlace(id=one, text="tea") for one in asked],
        clusters=[ClusterToJoin(id=1, name="Tea", root_keyword="tea")],
    )
    answer = GroupKeywordsOutput(
        joins=[Joining(cluster_id=cluster, keyword_ids=joined)], groups=[NewGroup(keyword_ids=grouped)], alone=alone
    )
    if cluster == 1 and sorted([*joined, *grouped, *alone]) == sorted(asked):
        validate_answer("group_keywords", question, answer)
    else:
        with pytest.raises(BadAnswer, match="does not name every keyword once"):
            validate_answer("group_keywords", question, answer)
    validate_answer("group_keywords", question, answer, mended=True)


def test_fewer_ideas_than_wanted_are_taken() -> None:
    check_ideas(IDEA)


def test_more_ideas_than_wanted_are_refused() -> None:
    with pytest.raises(BadAnswer, match="3 ideas came, 2 were wanted"):
        check_ideas(IDEA, IDEA | {"title": "Second"}, IDEA | {"title": "Third one"})


def test_an_idea_for_a_keyword_that_was_not_given_is_refused() -> None:
    with pytest.raises(BadAnswer, match="not asked about: 99"):
        check_ideas(IDEA | {"keyword_ids": [11, 99]})


def test_an_idea_that_targets_a_keyword_twice_is_refused() -> None:
    with pytest.raises(BadAnswer, match="repeats keyword ids of an idea: 11"):
        check_ideas(IDEA | {"keyword_ids": [11, 11]})


def test_two_ideas_with_one_title_are_refused() -> None:
    with pytest.raises(BadAnswer, match="repeats idea titles"):
        check_ideas(IDEA, IDEA | {"title": "MOKA POT SIZES"})


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        (["featured"], "lacks roles: in_article_1"),
        (["featured", "featured"], "repeats roles: featured"),
        (["featured", "in_article_1", "in_article_2"], "not asked about: in_article_2"),
    ],
)
def test_prompts_for_other_roles_than_asked_are_refused(roles: list[str], reason: str) -> None:
    with pytest.raises(BadAnswer, match=reason):
        check_roles(*roles)


def test_prompts_may_come_in_any_order() -> None:
    check_roles("in_article_1", "featured")


def test_models_of_another_function_are_a_mistake_in_the_code() -> None:
    with pytest.raises(TypeError, match="GenerateIdeasInput"):
        validate_answer("generate_ideas", INPUTS["auto_cluster"], valid_answer(INPUTS["auto_cluster"]))
