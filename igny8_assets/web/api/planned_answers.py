"""What the operations about ideas and tasks take and answer."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from igny8_assets.review.prioritising import LARGEST_PRIORITY
from igny8_assets.store.models import ContentIdea, IdeaStatus, Task, TaskStatus
from igny8_assets.vocabulary import ContentStructure, ContentType
from igny8_assets.web.shapes import Body, Numbers, Reason


class Named(Body):
    """Ideas or tasks, by their numbers."""

    ids: Numbers


class Holding(Named):
    """What to hold back, and why."""

    reason: Reason


class NewPriority(Body):
    """How soon it is taken up: the highest first, and among equals the most searched."""

    priority: Annotated[int, Field(ge=-LARGEST_PRIORITY, le=LARGEST_PRIORITY, examples=[10])]


class PlannedFacts(BaseModel):
    """What ideas and tasks have in common."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    description: str
    content_type: ContentType
    content_structure: ContentStructure
    sector_id: int
    cluster_id: int
    priority: int
    volume: int = Field(description="Searches a month of its keywords.")
    held_reason: str | None
    resembles: str | None = Field(description="What it is held for being like.")
    run_id: str | None
    created_at: datetime


class IdeaFacts(PlannedFacts):
    """A text that could be written."""

    status: IdeaStatus

    @classmethod
    def of(cls, idea: ContentIdea) -> "IdeaFacts":
        """The facts of a row."""
        return cls.model_validate(idea)


class TaskFacts(PlannedFacts):
    """A text to write."""

    status: TaskStatus
    idea_id: int
    word_target: int
    attempt: int
    failure_reason: str | None
    rejection_reason: str | None = Field(description="Why the text before was rejected.")
    brief_edited_by: str | None

    @classmethod
    def of(cls, task: Task) -> "TaskFacts":
        """The facts of a row."""
        return cls.model_validate(task)
