"""The JSON schema of an answer, in the shape that services take as binding (`strict`)."""

from functools import cache
from typing import Any

from pydantic import BaseModel

# From here on grammar-based servers give up on a bounded string: llama.cpp refuses a schema with `maxLength: 2000`.
LONGEST_BOUND = 2000


@cache
def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON schema with every reference inlined, every field required and no other field allowed.

    Bounds stay, save string lengths of `LONGEST_BOUND` characters and more: those are told in the description, and
    the model itself still refuses what is longer. Titles of fields and defaults say nothing to a service and go.

    Raises:
        ValueError: the model contains itself, so that its references can't be inlined.
    """
    schema = model.model_json_schema()
    strict = _strict(schema, schema.get("$defs", {}), ())
    return {"title": schema["title"], **strict}


BOUNDS = {
    "minLength": "At least {} characters.",
    "maxLength": "At most {} characters.",
    "minItems": "At least {} entries.",
    "maxItems": "At most {} entries.",
    "minimum": "At least {}.",
    "maximum": "At most {}.",
    "pattern": "In the form {}.",
}
"""What the strict subset of a schema may lack, and how it is told in words."""


def without_bounds(schema: dict[str, Any]) -> dict[str, Any]:
    """A strict schema without bounds, for services that refuse them: they are told in the descriptions."""
    unbound: dict[str, Any] = _unbound(schema)
    return unbound


def _unbound(node: Any) -> Any:
    if isinstance(node, list):
        return [_unbound(part) for part in node]
    if not isinstance(node, dict):
        return node
    # Below `properties` stand the names of fields, which may be those of bounds.
    made = {
        key: {name: _unbound(field) for name, field in value.items()} if key == "properties" else _unbound(value)
        for key, value in node.items()
        if key not in BOUNDS or isinstance(value, dict)
    }
    told = [words.format(node[bound]) for bound, words in BOUNDS.items() if not isinstance(node.get(bound, {}), dict)]
    if told:
        made["description"] = " ".join([str(made["description"]), *told] if "description" in made else told)
    return made


def _strict(node: dict[str, Any], definitions: dict[str, Any], inside: tuple[str, ...]) -> dict[str, Any]:
    """One node made strict; `inside` are the definitions around it."""
    if "$ref" in node:
        name = node["$ref"].removeprefix("#/$defs/")
        if name in inside:
            raise ValueError(f"{name} contains itself: its schema can't be written without references")
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _strict({**definitions[name], **beside}, definitions, (*inside, name))

    made = {key: value for key, value in node.items() if key not in {"title", "default", "$defs"}}
    if made.get("maxLength", 0) >= LONGEST_BOUND:
        told = f"At most {made.pop('maxLength')} characters."
        made["description"] = f"{made['description']} {told}" if "description" in made else told
    if "properties" in made:
        # A field may itself be called `title`, so the names of fields are not filtered like keywords.
        made["properties"] = {name: _strict(field, definitions, inside) for name, field in made["properties"].items()}
        made["required"] = list(made["properties"])
        made["additionalProperties"] = False
    if isinstance(made.get("items"), dict):
        made["items"] = _strict(made["items"], definitions, inside)
    for several in ("anyOf", "allOf", "prefixItems"):
        if several in made:
            made[several] = [_strict(part, definitions, inside) for part in made[several]]
    return made
