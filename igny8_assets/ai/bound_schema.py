"""The JSON schema of one answer, bound to its question: the ids that may stand in it, and how many entries.

A model that named what it was not asked about is shown this one when it mends its answer. The first request carries the
schema that all questions share, since services compile each schema anew and take less for a beginning they know.
"""

from copy import deepcopy
from typing import Any

from pydantic import BaseModel

from igny8_assets.ai.json_schema import strict_schema
from igny8_assets.ai.keyword_groups import GroupKeywordsInput
from igny8_assets.ai.schemas import (
    AutoClusterInput,
    ContentBriefInput,
    ContentJoinInput,
    GenerateIdeasInput,
    GenerateImagePromptsInput,
)

MOST_CHOICES = 500
"""Services take about so many enumerated values in one schema."""


def bound_schema(question: BaseModel, answer: type[BaseModel]) -> dict[str, Any]:
    """The strict schema of an answer in which only what was asked about can be named.

    Args:
        question: a function's input.
        answer: the model of the same function's output.

    Raises:
        ValueError: as `strict_schema`.
    """
    schema = deepcopy(strict_schema(answer))
    fields = schema["properties"]
    if isinstance(question, AutoClusterInput):
        _one_each(fields["clusters"], "id", [group.id for group in question.groups])
    elif isinstance(question, GroupKeywordsInput):
        _sorted_once(fields, question)
    elif isinstance(question, GenerateIdeasInput):
        fields["ideas"]["maxItems"] = question.ideas_wanted
        _choice(fields["ideas"]["items"]["properties"]["keyword_ids"], [keyword.id for keyword in question.keywords])
    elif isinstance(question, ContentBriefInput):
        _choice(fields["link_ids"], [candidate.id for candidate in question.link_candidates])
    elif isinstance(question, ContentJoinInput):
        fields["leads"]["maxItems"] = len(question.sections)
        fields["leads"]["items"]["properties"]["section"]["maximum"] = len(question.sections) - 1
    elif isinstance(question, GenerateImagePromptsInput):
        _one_each(fields["images"], "role", question.roles)
    return schema


def _one_each(entries: dict[str, Any], field: str, values: list[Any]) -> None:
    """A list has an entry for each of these values."""
    entries["minItems"] = entries["maxItems"] = len(values)
    node = entries["items"]["properties"][field]
    entries["items"]["properties"][field] = {"type": node["type"], "enum": values}


def _sorted_once(fields: dict[str, Any], question: GroupKeywordsInput) -> None:
    """Only keywords and clusters of the question are named; of many keywords only the range is told."""
    clusters, keywords = [one.id for one in question.clusters], sorted(one.id for one in question.keywords)
    joins = fields["joins"]
    joins["maxItems"] = len(clusters)
    if clusters:
        joins["items"]["properties"]["cluster_id"] = {"type": "integer", "enum": clusters}
    fields["groups"]["maxItems"] = len(keywords)
    for entries in (joins["items"]["properties"], fields["groups"]["items"]["properties"]):
        _among(entries["keyword_ids"], keywords, others=len(clusters))
    _among(fields["alone"], keywords, others=len(clusters))


def _among(entries: dict[str, Any], keywords: list[int], *, others: int) -> None:
    _choice(entries, keywords)
    if 3 * len(keywords) + others > MOST_CHOICES:
        entries["items"] = {"type": "integer", "minimum": keywords[0], "maximum": keywords[-1]}


def _choice(entries: dict[str, Any], values: list[Any]) -> None:
    """The entries of a list are of these values, each once at most."""
    entries["maxItems"] = min(len(values), entries["maxItems"])
    if values:
        entries["items"] = {"type": entries["items"]["type"], "enum": values}
