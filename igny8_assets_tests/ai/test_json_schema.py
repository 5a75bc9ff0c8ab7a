import json
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, StringConstraints

from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.json_schema import LONGEST_BOUND, strict_schema


def nodes(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from nodes(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from nodes(part)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_object_is_closed_and_every_field_required(function: str) -> None:
    schema = strict_schema(FUNCTIONS[function].output)
    assert schema["title"] == FUNCTIONS[function].output.__name__
    assert "$ref" not in json.dumps(schema)
    assert "$defs" not in schema
    for node in nodes(schema):
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_list_is_bounded_and_no_text_bound_is_too_long_for_a_grammar(function: str) -> None:
    for node in nodes(strict_schema(FUNCTIONS[function].output)):
        if node.get("type") == "array":
            assert node["maxItems"] > 0
        assert not isinstance(node.get("maxLength"), int) or node["maxLength"] < LONGEST_BOUND


def test_bounds_enumerations_and_a_field_called_title_are_kept() -> None:
    ideas = strict_schema(FUNCTIONS["generate_ideas"].output)["properties"]["ideas"]
    idea = ideas["items"]["properties"]
    assert (ideas["minItems"], ideas["maxItems"]) == (1, 10)
    assert idea["title"] == {"type": "string", "minLength": 5, "maxLength": 150}
    assert "buyer's guide" in idea["content_structure"]["enum"]


def test_a_bound_that_is_left_out_is_told_in_words() -> None:
    class Long(BaseModel):
        text: Annotated[str, StringConstraints(max_length=LONGEST_BOUND), Field(description="All of it.")] = "nothing"

    text = strict_schema(Long)["properties"]["text"]
    assert text == {"type": "string", "description": "All of it. At most 2000 characters."}


def test_a_model_that_contains_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="contains itself"):
        strict_schema(Tree)


class Tree(BaseModel):
    branches: "list[Tree]"
