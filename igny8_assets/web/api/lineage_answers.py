"""Why a text exists, as the API tells it."""

from datetime import datetime

from pydantic import BaseModel, Field

from igny8_assets.review.lineage import Lineage
from igny8_assets.store.models import Trigger
from igny8_assets.web.shapes import Usd, usd_of


class Source(BaseModel):
    """A row that a text comes from."""

    id: int
    name: str


class TargetKeyword(BaseModel):
    """A keyword that the text is for, and the file it came from by its line."""

    id: int
    text: str
    volume: int | None
    file_id: int | None
    file_line: int | None


class SourceRun(BaseModel):
    """The run that wrote the text."""

    run_id: str
    trigger: Trigger
    started_at: datetime | None


class AskedAnswer(BaseModel):
    """What a model was asked of one kind for this text alone, added up."""

    stage: int
    function: str
    provider: str
    model: str
    prompt_version: int
    calls: int
    cost_usd: Usd
    possible_cost_usd: Usd = Field(description="Beyond that: of requests of which nobody knows what became of them.")


class LineageAnswer(BaseModel):
    """Keywords, cluster, idea, task, run, and what was asked of models; the first keyword is the keyphrase."""

    keywords: list[TargetKeyword]
    cluster: Source
    idea: Source
    task: Source
    run: SourceRun | None = Field(description="Nothing where no run wrote it.")
    asked: list[AskedAnswer]
    cost_usd: Usd

    @classmethod
    def of(cls, lineage: Lineage) -> "LineageAnswer":
        """The answer that tells a lineage."""
        run = lineage.run
        return cls(
            keywords=[
                TargetKeyword(id=one.id, text=one.text, volume=one.volume, file_id=one.file_id, file_line=one.file_line)
                for one in lineage.keywords
            ],
            cluster=Source(id=lineage.cluster.id, name=lineage.cluster.name),
            idea=Source(id=lineage.idea.id, name=lineage.idea.title),
            task=Source(id=lineage.task.id, name=lineage.task.title),
            run=None if run is None else SourceRun(run_id=run.id, trigger=run.trigger, started_at=run.started_at),
            asked=[
                AskedAnswer(
                    stage=one.stage,
                    function=one.function,
                    provider=one.provider,
                    model=one.model,
                    prompt_version=one.prompt_version,
                    calls=one.calls,
                    cost_usd=usd_of(one.known_usd_pico),
                    possible_cost_usd=usd_of(one.possible_usd_pico),
                )
                for one in lineage.asked
            ],
            cost_usd=usd_of(sum(one.known_usd_pico for one in lineage.asked)),
        )
