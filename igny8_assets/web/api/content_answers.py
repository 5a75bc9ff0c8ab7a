"""What the operations about texts take and answer."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from igny8_assets.quality.report import Verdict
from igny8_assets.review.decisions import LONGEST_URL
from igny8_assets.review.editing import LONGEST, LONGEST_HTML
from igny8_assets.store.models import Content, ContentStatus, Decision, Illustration, ReviewDecision
from igny8_assets.web.api.images_answers import ImageFacts
from igny8_assets.web.api.lineage_answers import LineageAnswer
from igny8_assets.web.shapes import Body, Kept
from igny8_assets.web.shapes import Reason as ReasonText


class ContentChanges(Body):
    """What to change of a text; what is not named, or null, stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"meta_title": "How to descale a coffee machine"}]})

    title: Annotated[str, Kept, Field(min_length=1, max_length=LONGEST["title"])] | None = None
    meta_title: Annotated[str, Kept, Field(min_length=1, max_length=LONGEST["meta_title"])] | None = None
    meta_description: Annotated[str, Kept, Field(min_length=1, max_length=LONGEST["meta_description"])] | None = None
    html: Annotated[str, Kept, Field(min_length=1, max_length=LONGEST_HTML)] | None = None


class Approval(Body):
    """What was read: the text's `content_hash`. Another text is not approved."""

    content_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])]


class Rejection(Body):
    """Why a text is rejected, and whether it is written again, which is charged again."""

    reason: ReasonText
    write_again: bool = False


class Publication(Body):
    """Where an approved text stands on the web."""

    url: Annotated[
        str,
        Kept,
        Field(min_length=8, max_length=LONGEST_URL, pattern=r"^https?://", examples=["https://www.example.com/page"]),
    ]


class TextVersion(BaseModel):
    """What the ETag of a text is about: its words and where it stands, whatever its pictures become meanwhile."""

    content_hash: str
    status: ContentStatus

    @classmethod
    def of(cls, content: Content) -> "TextVersion":
        """The version of a row."""
        return cls(content_hash=content.content_hash, status=content.status)


class Finding(BaseModel):
    """The result of one check."""

    check: str
    verdict: Verdict
    evidence: str


class ContentSummary(BaseModel):
    """A text as a list shows it."""

    id: int
    title: str
    slug: str
    keyphrase: str
    word_count: int
    status: ContentStatus
    illustration: Illustration
    verdict: Verdict | None = Field(description="The worst of its findings; nothing if none was made.")
    warnings: int
    blocks: int
    content_hash: str
    reviewer: str | None
    reviewed_at: datetime | None
    review_reason: str | None
    published_url: str | None
    failure_reason: str | None
    created_at: datetime

    @classmethod
    def of(cls, content: Content) -> "ContentSummary":
        """The summary of a row."""
        return cls(**_summary(content))


class ContentAnswer(ContentSummary):
    """All of a text, and why it exists."""

    meta_title: str
    meta_description: str
    html: str
    json_ld: str
    outline: list[str]
    task_id: int
    task_attempt: int
    attempt: int
    reviewed_hash: str | None
    run_id: str | None
    findings: list[Finding]
    images: list[ImageFacts]
    provenance: dict[str, Any] = Field(description="What was noted of its making when it was written.")
    lineage: LineageAnswer

    @classmethod
    def told(cls, content: Content, lineage: LineageAnswer) -> "ContentAnswer":
        """The answer that tells a row."""
        own = ("meta_title", "meta_description", "html", "json_ld", "outline", "task_id", "task_attempt", "attempt")
        return cls(
            **_summary(content),
            **{name: getattr(content, name) for name in (*own, "reviewed_hash", "run_id", "provenance")},
            findings=[Finding(**finding) for finding in content.quality.get("findings", [])],
            images=[ImageFacts.of(image) for image in content.images],
            lineage=lineage,
        )


class DecisionFacts(BaseModel):
    """What a person decided about a text, and about which words."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    decision: Decision
    reviewer: str
    content_hash: str
    reason: str | None
    created_at: datetime

    @classmethod
    def of(cls, decision: ReviewDecision) -> "DecisionFacts":
        """The facts of a row."""
        return cls.model_validate(decision)


def _summary(content: Content) -> dict[str, Any]:
    own = ("id", "title", "slug", "keyphrase", "word_count", "status", "illustration", "content_hash", "reviewer")
    review = ("reviewed_at", "review_reason", "published_url", "failure_reason", "created_at")
    verdicts = [finding["verdict"] for finding in content.quality.get("findings", [])]
    return {
        **{name: getattr(content, name) for name in (*own, *review)},
        "verdict": content.quality.get("verdict"),
        "warnings": verdicts.count(Verdict.WARN.value),
        "blocks": verdicts.count(Verdict.BLOCK.value),
    }
