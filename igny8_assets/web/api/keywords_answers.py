"""What the operations about keywords take and answer."""

from pydantic import BaseModel, ConfigDict, Field

from igny8_assets.store.models import Keyword, KeywordStatus
from igny8_assets.web.shapes import Body, KeywordTexts


class NamedKeywords(Body):
    """Keywords, by their texts; each in every market that has it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"keywords": ["coffee grinder"]}]})

    keywords: KeywordTexts


class KeywordFacts(BaseModel):
    """A keyword, and where it is."""

    id: int
    text: str
    market: str
    volume: int | None = Field(description="Searches a month; nothing where it is unknown.")
    difficulty: int | None = Field(description="0 to 100; nothing where it is unknown.")
    intents: str
    status: KeywordStatus
    sector_id: int
    cluster_id: int | None
    cluster: str | None
    why: str = Field(description="Why it is in its cluster; may be empty.")
    failure_reason: str | None

    @classmethod
    def of(cls, row: Keyword, cluster: str | None, why: str) -> "KeywordFacts":
        """The facts of a row."""
        return cls(
            id=row.id,
            text=row.text,
            market=row.market,
            volume=row.volume,
            difficulty=row.difficulty,
            intents=row.intents,
            status=row.status,
            sector_id=row.sector_id,
            cluster_id=row.cluster_id,
            cluster=cluster,
            why=why,
            failure_reason=row.failure_reason,
        )


class Rejected(BaseModel):
    """A row of a file that could not be read."""

    line: int
    reason: str


class ImportAnswer(BaseModel):
    """What came of a file: rows = new + merged + rejected."""

    name: str
    layout: str = Field(description="The kind of export it was taken for.")
    rows: int
    new: int
    merged: int
    rejected: int
    again: bool = Field(description="It was imported before: nothing of it is new.")
    rejects: list[Rejected] = Field(description="The first 100 that were rejected, unless the file came before.")
