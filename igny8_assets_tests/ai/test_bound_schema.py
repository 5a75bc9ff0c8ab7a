"""The schema of an answer, bound to its question."""

from typing import Any

import pytest

from igny8_assets.ai.bound_schema import bound_schema
from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.json_schema import strict_schema, without_bounds
from igny8_assets.ai.keyword_groups import KeywordToPlace
from igny8_assets.ai.schemas import LinkTarget
from igny8_assets_tests.ai.samples import INPUTS, KEYWORDS, PLANNED, SECTIONS


def fields(function: str) -> Any:
    return bound_schema(INPUTS[function], FUNCTIONS[function].output)["properties"]


def test_every_group_that_was_asked_about_is_named_and_no_other() -> None:
    clusters = fields("auto_cluster")["clusters"]
    assert (clusters["minItems"], clusters["maxItems"]) == (2, 2)
    assert clusters["items"]["properties"]["id"] == {"type": "integer", "enum": [1, 2]}


def test_only_keywords_and_clusters_that_were_shown_are_sorted() -> None:
    sorted_ = fields("group_keywords")
    ids = {"type": "integer", "enum": [keyword.id for keyword in KEYWORDS]}
    assert sorted_["joins"]["items"]["properties"]["cluster_id"] == {"type": "integer", "enum": [5]}
    for lists in (sorted_["joins"]["items"]["properties"], sorted_["groups"]["items"]["properties"]):
        assert lists["keyword_ids"]["items"] == ids
    assert (sorted_["alone"]["items"], sorted_["alone"]["maxItems"]) == (ids, len(KEYWORDS))


def test_of_many_keywords_the_range_is_told_since_services_take_no_longer_lists() -> None:
    asked = INPUTS["group_keywords"]
    many = [KeywordToPlace(id=number, text="tea") for number in range(7, 407)]
    output = FUNCTIONS["group_keywords"].output
    bound = bound_schema(asked.model_copy(update={"keywords": many, "clusters": []}), output)["properties"]
    assert bound["alone"]["items"] == {"type": "integer", "minimum": 7, "maximum": 406}
    assert bound["joins"]["maxItems"] == 0
    assert "enum" not in str(bound)


def test_ideas_are_as_many_as_were_wanted_and_target_keywords_that_were_given() -> None:
    ideas = fields("generate_ideas")["ideas"]
    assert (ideas["minItems"], ideas["maxItems"]) == (1, 2)
    targets = ideas["items"]["properties"]["keyword_ids"]
    assert targets["items"] == {"type": "integer", "enum": [keyword.id for keyword in KEYWORDS]}
    assert (targets["minItems"], targets["maxItems"]) == (1, len(KEYWORDS))


def test_every_role_has_its_picture() -> None:
    images = fields("generate_image_prompts")["images"]
    assert (images["minItems"], images["maxItems"]) == (2, 2)
    assert images["items"]["properties"]["role"] == {"type": "string", "enum": ["featured", "in_article_1"]}


def test_a_brief_links_to_what_was_offered() -> None:
    offered = [LinkTarget(id=f"page-{number}", title="Pots", url="https://brew.example/pots") for number in (3, 5)]
    output = FUNCTIONS["generate_content_brief"].output
    links = bound_schema(PLANNED.model_copy(update={"link_candidates": offered}), output)["properties"]["link_ids"]
    assert links == {"type": "array", "maxItems": 2, "items": {"type": "string", "enum": ["page-3", "page-5"]}}
    without = bound_schema(PLANNED.model_copy(update={"link_candidates": []}), output)["properties"]["link_ids"]
    assert without == {"type": "array", "maxItems": 0, "items": {"type": "string"}}


def test_leads_are_into_sections_that_there_are() -> None:
    leads = fields("generate_content_join")["leads"]
    assert leads["maxItems"] == len(SECTIONS)
    assert leads["items"]["properties"]["section"]["maximum"] == len(SECTIONS) - 1


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_schema_that_all_questions_share_stays_as_it_is(function: str) -> None:
    output = FUNCTIONS[function].output
    before = str(strict_schema(output))
    bound_schema(INPUTS[function], output)
    assert str(strict_schema(output)) == before


def test_the_strict_subset_keeps_the_ids_and_tells_the_number_in_words() -> None:
    schema = bound_schema(INPUTS["auto_cluster"], FUNCTIONS["auto_cluster"].output)
    clusters = without_bounds(schema)["properties"]["clusters"]
    assert clusters["items"]["properties"]["id"]["enum"] == [1, 2]
    assert clusters["description"] == "At least 2 entries. At most 2 entries."
