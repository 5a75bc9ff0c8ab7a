"""The functions that are answered in text, and what an answer must keep to beyond its schema."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel

from igny8_assets.ai.keyword_groups import GroupKeywordsInput, GroupKeywordsOutput, fit_groups
from igny8_assets.ai.provider import BadAnswer
from igny8_assets.ai.schemas import (
    AutoClusterInput,
    AutoClusterOutput,
    ContentBriefInput,
    ContentBriefOutput,
    ContentJoinInput,
    ContentJoinOutput,
    ContentMendInput,
    ContentSectionInput,
    ContentSectionOutput,
    Draft,
    GenerateIdeasInput,
    GenerateIdeasOutput,
    GenerateImagePromptsInput,
    GenerateImagePromptsOutput,
)


@dataclass(frozen=True)
class AIFunction:
    """A function by name, with the model of what it takes and the model of what it gives.

    `most_tokens` is more than a good answer has, and stands for its length until it came.
    """

    name: str
    input: type[BaseModel]
    output: type[BaseModel]
    most_tokens: int


FUNCTIONS: Mapping[str, AIFunction] = MappingProxyType(
    {
        function.name: function
        for function in (
            AIFunction("group_keywords", GroupKeywordsInput, GroupKeywordsOutput, 8_000),
            AIFunction("auto_cluster", AutoClusterInput, AutoClusterOutput, 4_000),
            AIFunction("generate_ideas", GenerateIdeasInput, GenerateIdeasOutput, 4_000),
            AIFunction("generate_content_brief", ContentBriefInput, ContentBriefOutput, 4_000),
            AIFunction("generate_content_section", ContentSectionInput, ContentSectionOutput, 2_000),
            AIFunction("generate_content_join", ContentJoinInput, ContentJoinOutput, 4_000),
            AIFunction("generate_content_mend", ContentMendInput, Draft, 8_000),
            AIFunction("generate_image_prompts", GenerateImagePromptsInput, GenerateImagePromptsOutput, 3_000),
        )
    }
)


def validate_answer(function: str, asked: BaseModel, answer: BaseModel, *, mended: bool = False) -> None:
    """Make sure that an answer, already valid by its schema, is about what was asked.

    Args:
        function: a name in `FUNCTIONS`.
        asked: the function's input.
        answer: the function's output.
        mended: the model was shown once what was wrong with an answer; keywords that it sorts then are taken as they
            are, since those that it left out or named twice can be placed without it.

    Raises:
        BadAnswer: keywords, groups or roles are missing, repeated or foreign; ideas are too many, alike, or target
            keywords that were not given; an outline repeats itself, or links to what was not offered.
        TypeError: the models are not those of the function (a mistake in the calling code).
    """
    known = FUNCTIONS[function]
    if not isinstance(asked, known.input) or not isinstance(answer, known.output):
        raise TypeError(f"{function} takes {known.input.__name__} and gives {known.output.__name__}")
    if isinstance(asked, AutoClusterInput) and isinstance(answer, AutoClusterOutput):
        _exactly("group ids", [group.id for group in asked.groups], [cluster.id for cluster in answer.clusters])
    elif isinstance(asked, GroupKeywordsInput) and isinstance(answer, GroupKeywordsOutput):
        if not mended:
            fit_groups(asked, answer)
    elif isinstance(asked, GenerateIdeasInput) and isinstance(answer, GenerateIdeasOutput):
        _fit_ideas(asked, answer)
    elif isinstance(asked, GenerateImagePromptsInput) and isinstance(answer, GenerateImagePromptsOutput):
        _exactly("roles", asked.roles, [image.role for image in answer.images])
    elif isinstance(asked, ContentBriefInput) and isinstance(answer, ContentBriefOutput):
        _fit_brief(asked, answer)
    elif isinstance(asked, ContentJoinInput) and isinstance(answer, ContentJoinOutput):
        numbers = [lead.section for lead in answer.leads]
        _no_repeats("leads into sections", numbers)
        if foreign := {number for number in numbers if number >= len(asked.sections)}:
            raise BadAnswer(f"the answer leads into sections that do not exist: {_some(foreign)}")


def _fit_brief(asked: ContentBriefInput, answer: ContentBriefOutput) -> None:
    _no_repeats("headings", [entry.heading.casefold() for entry in answer.outline])
    if answer.outline[0].level != 2:
        raise BadAnswer("the first heading of the outline is not of level 2")
    _no_repeats("links", answer.link_ids)
    if foreign := set(answer.link_ids) - {candidate.id for candidate in asked.link_candidates}:
        raise BadAnswer(f"the answer links to pages that were not offered: {_some(foreign)}")


def _fit_ideas(asked: GenerateIdeasInput, answer: GenerateIdeasOutput) -> None:
    if len(answer.ideas) > asked.ideas_wanted:
        raise BadAnswer(f"{len(answer.ideas)} ideas came, {asked.ideas_wanted} were wanted")
    _no_repeats("idea titles", [idea.title.casefold() for idea in answer.ideas])
    given = {keyword.id for keyword in asked.keywords}
    for idea in answer.ideas:
        _no_repeats("keyword ids of an idea", idea.keyword_ids)
        if foreign := set(idea.keyword_ids) - given:
            raise BadAnswer(f"an idea targets keyword ids that were not asked about: {_some(foreign)}")


def _exactly(what: str, asked: Sequence[int | str], answered: Sequence[int | str]) -> None:
    _no_repeats(what, answered)
    if foreign := set(answered) - set(asked):
        raise BadAnswer(f"the answer has {what} that were not asked about: {_some(foreign)}")
    if missing := set(asked) - set(answered):
        raise BadAnswer(f"the answer lacks {what}: {_some(missing)}")


def _no_repeats(what: str, answered: Sequence[int | str]) -> None:
    if repeated := {one for one in answered if answered.count(one) > 1}:
        raise BadAnswer(f"the answer repeats {what}: {_some(repeated)}")


def _some(values: Iterable[int | str]) -> str:
    """The first five of the values, in order."""
    ordered = sorted(values, key=str)
    return ", ".join(str(value) for value in ordered[:5]) + (", …" if len(ordered) > 5 else "")
