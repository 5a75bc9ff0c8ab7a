"""What the operations about clusters take and answer."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from igny8_assets.stages.distinct_names import LONGEST_CLUSTER_NAME
from igny8_assets.store.models import Cluster, ClusterStatus
from igny8_assets.web.shapes import Body, Kept, KeywordTexts, Numbers, RowNumber

Name = Annotated[str, Kept, Field(min_length=1, max_length=LONGEST_CLUSTER_NAME, examples=["Coffee grinders"])]


class NewName(Body):
    """A name that stays whatever the cluster becomes."""

    name: Name


class Merging(Body):
    """The cluster that stays, and those that go into it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"into": 1, "others": [2, 3]}]})

    into: RowNumber
    others: Numbers


class Splitting(Body):
    """A cluster, and those of its keywords that go into a new one; at least one has to stay."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"cluster": 1, "keywords": ["burr grinder"]}]})

    cluster: RowNumber
    keywords: KeywordTexts
    name: Name | None = None


class Moving(Body):
    """Keywords, and the cluster to put them into."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": 1, "keywords": ["burr grinder"]}]})

    to: RowNumber
    keywords: KeywordTexts


class ClusterFacts(BaseModel):
    """A cluster, with what its keywords add up to."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    named_by_person: bool
    description: str
    sector_id: int
    market: str
    intent: str | None
    volume: int = Field(description="Searches a month, as far as they are known.")
    keyword_count: int
    uncovered_count: int = Field(description="Keywords that no idea targets.")
    status: ClusterStatus
    failure_reason: str | None
    created_at: datetime

    @classmethod
    def of(cls, cluster: Cluster) -> "ClusterFacts":
        """The facts of a row."""
        return cls.model_validate(cluster)


class MemberFacts(BaseModel):
    """A keyword of a cluster."""

    text: str
    volume: int | None
    difficulty: int | None
    why: str = Field(description="Why it is there; may be empty.")


class ClusterAnswer(ClusterFacts):
    """A cluster with its keywords."""

    difficulty: int | None = Field(description="The mean of those that are known, 0 to 100.")
    members: list[MemberFacts] = Field(description="The 1,000 most searched at most; the list of keywords has them all")


class MergedAnswer(BaseModel):
    """The cluster that is left, and how many clusters and ideas came into it."""

    cluster: ClusterFacts
    clusters: int
    ideas: int


class MovedAnswer(BaseModel):
    """Where keywords were moved, how many, and the names of the clusters that this left without any."""

    cluster: ClusterFacts
    keywords: int
    deleted: list[str] = Field(description="Clusters that are gone.")
    emptied: list[str] = Field(description="Clusters that stay for their ideas.")
