"""Which keywords belong together: what a language model is asked, what it answers, and how far that holds."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from igny8_assets.ai.provider import BadAnswer
from igny8_assets.ai.schemas import Line, Schema
from igny8_assets.vocabulary import Intent

MOST_KEYWORDS = 400
MOST_CLUSTERS = 60
KeywordIds = Annotated[list[int], Field(max_length=MOST_KEYWORDS)]


class KeywordToPlace(Schema):
    """A keyword without a cluster."""

    id: int
    text: Line
    volume: int | None = None
    intents: tuple[Intent, ...] = ()


class ClusterToJoin(Schema):
    """A cluster that exists and takes in keywords; its root keyword is the one that it was made around."""

    id: int
    name: str
    root_keyword: str


class GroupKeywordsInput(Schema):
    """Keywords to sort; `width` says what one cluster holds, `separate_intents` whether other intents are kept out."""

    language: str
    width: str
    separate_intents: bool
    keywords: Annotated[list[KeywordToPlace], Field(min_length=1, max_length=MOST_KEYWORDS)]
    clusters: Annotated[list[ClusterToJoin], Field(max_length=MOST_CLUSTERS)]


class Joining(Schema):
    """Keywords that belong to a cluster that exists."""

    cluster_id: int
    keyword_ids: Annotated[list[int], Field(min_length=1, max_length=MOST_KEYWORDS)]


class NewGroup(Schema):
    """Keywords that make a cluster of their own."""

    keyword_ids: Annotated[list[int], Field(min_length=1, max_length=MOST_KEYWORDS)]


class GroupKeywordsOutput(Schema):
    """Every keyword once: in a cluster that exists, in a new group, or alone."""

    joins: Annotated[list[Joining], Field(max_length=MOST_CLUSTERS)]
    groups: Annotated[list[NewGroup], Field(max_length=MOST_KEYWORDS)]
    alone: KeywordIds


def named_ids(answer: GroupKeywordsOutput) -> Iterator[int]:
    """Every keyword id of an answer, as often as it stands there."""
    for join in answer.joins:
        yield from join.keyword_ids
    for group in answer.groups:
        yield from group.keyword_ids
    yield from answer.alone


def fit_groups(asked: GroupKeywordsInput, answer: GroupKeywordsOutput) -> None:
    """Make sure that every keyword is named once, and nothing that was not asked about.

    Raises:
        BadAnswer: says all that is wrong, so that a model can mend it at once.
    """
    keywords, clusters = {one.id for one in asked.keywords}, {one.id for one in asked.clusters}
    named, repeated = set[int](), set[int]()
    for one in named_ids(answer):
        (repeated if one in named else named).add(one)
    wrong = {
        "has keyword ids that were not asked about": named - keywords,
        "has cluster ids that were not asked about": {part.cluster_id for part in answer.joins} - clusters,
        "repeats keyword ids": repeated & keywords,
        "lacks keyword ids": keywords - named,
    }
    if told := "; ".join(f"it {what}: {_all(ids)}" for what, ids in wrong.items() if ids):
        raise BadAnswer(f"the answer does not name every keyword once: {told}")


def _all(ids: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(ids)))
