"""Keywords, the clusters they form, the ideas and the tasks that come of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from igny8_assets.store.models.base import Attempted, Base, Counted, Id, UtcDateTime, utc_now, word_type
from igny8_assets.store.models.sites import Sector, Site
from igny8_assets.vocabulary import ContentStructure, ContentType, Reason


class KeywordStatus(StrEnum):
    """Where a keyword stands."""

    NEW = "new"
    MAPPED = "mapped"
    ORPHANED = "orphaned"
    IGNORED = "ignored"


class ClusterStatus(StrEnum):
    """Whether a cluster has ideas."""

    ACTIVE = "active"
    MAPPED = "mapped"


class IdeaStatus(StrEnum):
    """Where an idea stands."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    HELD = "held"
    DROPPED = "dropped"


class TaskStatus(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    HELD = "held"
    DROPPED = "dropped"


class KeywordFile(Base):
    """A keyword export that was imported; its row is the claim, so that a file counts once per site."""

    __tablename__ = "keyword_file"
    __table_args__ = (UniqueConstraint("site_id", "sha256"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    layout: Mapped[str] = mapped_column(String(60))
    rows: Mapped[int]
    new: Mapped[int]
    merged: Mapped[int]
    rejected: Mapped[int]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


def compared_name(name: str) -> str:
    """A cluster's name as it is compared with others: without case, and space beyond what parts its words."""
    return " ".join(name.casefold().split())


class Cluster(Counted, Attempted, Base):
    """Keywords that one set of texts can answer.

    `ideas_pending` says whether stage 2 has work here; `idea_rounds` how often it made ideas. A name that a person
    gave stays whatever the cluster becomes. One that a rebuild made is called after its `head_keyword_id` until stage 1
    names and describes it, and has none from then on.
    """

    __tablename__ = "cluster"
    __table_args__ = (
        UniqueConstraint("site_id", "market", "root_keyword"),
        Index("ix_cluster_pending", "site_id", "ideas_pending"),
        Index("ix_cluster_name", "site_id", "market", "name_compared"),
        Index(
            "ix_cluster_unnamed",
            "site_id",
            sqlite_where=text("head_keyword_id is not null"),
            postgresql_where=text("head_keyword_id is not null"),
        ),
        CheckConstraint("keyword_count >= 0 and uncovered_count between 0 and keyword_count", name="keyword_counts"),
        # Ids are part of the ledger's keys: that of a cluster that was merged away must never be given to another.
        {"sqlite_autoincrement": True},
    )
    counted_as = "cluster"
    counted_by = ("status", "ideas_pending", "failure_reason")

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    sector_id: Mapped[int] = mapped_column(ForeignKey("sector.id"))
    market: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    name_compared: Mapped[str] = mapped_column(String(360), default="", server_default="")
    named_by_person: Mapped[bool] = mapped_column(default=False)
    head_keyword_id: Mapped[int | None] = mapped_column(Id, default=None)
    root_keyword: Mapped[str] = mapped_column(String(600))
    description: Mapped[str] = mapped_column(default="")
    intent: Mapped[str | None] = mapped_column(String(20), default=None)
    volume: Mapped[int] = mapped_column(Id, default=0)
    keyword_count: Mapped[int] = mapped_column(default=0)
    uncovered_count: Mapped[int] = mapped_column(default=0)
    idea_rounds: Mapped[int] = mapped_column(default=0)
    ideas_pending: Mapped[bool] = mapped_column(default=True, active_history=True)
    status: Mapped[ClusterStatus] = mapped_column(
        word_type(ClusterStatus, "cluster_status"), default=ClusterStatus.ACTIVE, active_history=True
    )
    run_id: Mapped[str | None] = mapped_column(ForeignKey("automation_run.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    @validates("name")
    def _compare(self, _key: str, name: str) -> str:
        self.name_compared = compared_name(name)
        return name

    @staticmethod
    def amounts(values: dict[str, Any]) -> dict[str, int]:
        """By status; those with work for stage 2 also as pending, or failed."""
        amounts = {str(values["status"]): 1}
        if values["ideas_pending"]:
            amounts["failed" if values["failure_reason"] else "pending"] = 1
        return amounts


class Keyword(Counted, Attempted, Base):
    """One search term of one market; `cpc_millis` is in thousandths of the export's currency.

    `reason` says why it is in its cluster, `reason_keyword_id` beside which other keyword, and `reason_amount` how many
    of the ten ranking URLs they share, or how alike the texts are in thousandths. What a person placed stays there.
    An ignored one remembers by `left_cluster_id`, and by its reason, where it was.
    """

    __tablename__ = "keyword"
    __table_args__ = (
        UniqueConstraint("site_id", "market", "normalised"),
        # One check per row instead of two, for keywords come by the million; it also keeps the sector the site's own.
        ForeignKeyConstraint(["sector_id", "site_id"], ["sector.id", "sector.site_id"]),
        Index("ix_keyword_status", "site_id", "status"),
        Index(
            "ix_keyword_cluster",
            "cluster_id",
            sqlite_where=text("cluster_id is not null"),
            postgresql_where=text("cluster_id is not null"),
        ),
        CheckConstraint("difficulty between 0 and 100", name="difficulty"),
        CheckConstraint("(status = 'mapped') = (cluster_id is not null)", name="mapped_has_cluster"),
    )
    counted_as = "keyword"
    counted_by = ("status", "failure_reason")

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(Id)
    sector_id: Mapped[int] = mapped_column(Id)
    text: Mapped[str] = mapped_column(String(200))
    normalised: Mapped[str] = mapped_column(String(600))
    market: Mapped[str] = mapped_column(String(8))
    volume: Mapped[int | None] = mapped_column(Id, default=None)
    volume_kind: Mapped[str | None] = mapped_column(String(12), default=None)
    difficulty: Mapped[int | None] = mapped_column(default=None)
    cpc_millis: Mapped[int | None] = mapped_column(Id, default=None)
    intents: Mapped[str] = mapped_column(String(80), default="")
    parent: Mapped[str | None] = mapped_column(String(600), default=None)
    url: Mapped[str | None] = mapped_column(String(2000), default=None)
    # No foreign key, for the same reason: a file is written in the transaction of its keywords, and never deleted.
    file_id: Mapped[int | None] = mapped_column(Id, default=None)
    file_line: Mapped[int | None] = mapped_column(default=None)
    status: Mapped[KeywordStatus] = mapped_column(
        word_type(KeywordStatus, "keyword_status"), default=KeywordStatus.NEW, active_history=True
    )
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"), default=None)
    # No foreign key: the cluster may have ended since, and its id is never given to another.
    left_cluster_id: Mapped[int | None] = mapped_column(Id, default=None)
    reason: Mapped[Reason | None] = mapped_column(word_type(Reason, "keyword_reason"), default=None)
    reason_keyword_id: Mapped[int | None] = mapped_column(Id, default=None)
    reason_amount: Mapped[int | None] = mapped_column(default=None)
    ranking_urls: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True), default=None)

    @staticmethod
    def amounts(values: dict[str, Any]) -> dict[str, int]:
        """By status; a new one whose last try failed counts as failed too and is not pending."""
        amounts = {str(values["status"]): 1}
        if values["status"] == KeywordStatus.NEW:
            amounts["failed" if values["failure_reason"] else "pending"] = 1
        return amounts


class PlannedMembership(Base):
    """Where stage 1 decided to put a keyword; the row goes when the keyword is saved there.

    The plan outlives a killed process, so that the same grouping is carried to its end. A negative group
    number means no group: the keyword is an orphan.
    """

    __tablename__ = "planned_membership"
    __table_args__ = (Index("ix_planned_membership_group", "site_id", "group_number", "position"),)

    keyword_id: Mapped[int] = mapped_column(ForeignKey("keyword.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    group_number: Mapped[int]
    position: Mapped[int]
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"), default=None)
    reason: Mapped[Reason | None] = mapped_column(word_type(Reason, "planned_reason"), default=None)
    reason_keyword_id: Mapped[int | None] = mapped_column(Id, default=None)
    reason_amount: Mapped[int | None] = mapped_column(default=None)


class ContentIdea(Counted, Base):
    """A text that could be written for a cluster.

    `is_distinct`: a person released it although it resembles something, so it is not held for that again.
    """

    __tablename__ = "content_idea"
    __table_args__ = (Index("ix_content_idea_status", "site_id", "status"),)
    counted_as = "idea"
    counted_by = ("status",)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    sector_id: Mapped[int] = mapped_column(ForeignKey("sector.id"))
    cluster_id: Mapped[int] = mapped_column(ForeignKey("cluster.id"), index=True)
    title: Mapped[str] = mapped_column(String(150))
    description: Mapped[str]
    content_type: Mapped[ContentType] = mapped_column(word_type(ContentType, "content_type"))
    content_structure: Mapped[ContentStructure] = mapped_column(word_type(ContentStructure, "content_structure"))
    priority: Mapped[int] = mapped_column(default=0)
    volume: Mapped[int] = mapped_column(Id, default=0)
    status: Mapped[IdeaStatus] = mapped_column(
        word_type(IdeaStatus, "idea_status"), default=IdeaStatus.NEW, active_history=True
    )
    held_reason: Mapped[str | None] = mapped_column(default=None)
    resembles: Mapped[str | None] = mapped_column(default=None)
    is_distinct: Mapped[bool] = mapped_column(default=False)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("automation_run.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    keywords: Mapped[list["IdeaKeyword"]] = relationship(order_by="IdeaKeyword.position")

    @staticmethod
    def amounts(values: dict[str, Any]) -> dict[str, int]:
        """By status; new ones are pending for stage 3."""
        amounts = {str(values["status"]): 1}
        if values["status"] == IdeaStatus.NEW:
            amounts["pending"] = 1
        return amounts


class IdeaKeyword(Base):
    """A keyword that an idea targets; position 0 is the keyphrase."""

    __tablename__ = "idea_keyword"

    idea_id: Mapped[int] = mapped_column(ForeignKey("content_idea.id"), primary_key=True)
    keyword_id: Mapped[int] = mapped_column(ForeignKey("keyword.id"), primary_key=True, index=True)
    position: Mapped[int]

    keyword: Mapped[Keyword] = relationship()


class Task(Counted, Attempted, Base):
    """A text to write, `word_target` words long; an idea has at most one.

    `brief` is what it is written from, once that is made; `report` is the quality report of a draft that was given up.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_status", "site_id", "status"),
        CheckConstraint("word_target between 100 and 20000", name="word_target"),
    )
    counted_as = "task"
    counted_by = ("status", "word_target")

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    sector_id: Mapped[int] = mapped_column(ForeignKey("sector.id"))
    cluster_id: Mapped[int] = mapped_column(ForeignKey("cluster.id"), index=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("content_idea.id"), unique=True)
    title: Mapped[str] = mapped_column(String(150))
    description: Mapped[str]
    content_type: Mapped[ContentType] = mapped_column(word_type(ContentType, "content_type"))
    content_structure: Mapped[ContentStructure] = mapped_column(word_type(ContentStructure, "content_structure"))
    word_target: Mapped[int] = mapped_column(active_history=True)
    priority: Mapped[int] = mapped_column(default=0)
    volume: Mapped[int] = mapped_column(Id, default=0)
    status: Mapped[TaskStatus] = mapped_column(
        word_type(TaskStatus, "task_status"), default=TaskStatus.PENDING, active_history=True
    )
    held_reason: Mapped[str | None] = mapped_column(default=None)
    resembles: Mapped[str | None] = mapped_column(default=None)
    is_distinct: Mapped[bool] = mapped_column(default=False)
    rejection_reason: Mapped[str | None] = mapped_column(default=None)
    brief: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    brief_edited_by: Mapped[str | None] = mapped_column(String(120), default=None)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("automation_run.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    idea: Mapped[ContentIdea] = relationship()
    cluster: Mapped[Cluster] = relationship()

    @staticmethod
    def amounts(values: dict[str, Any]) -> dict[str, int]:
        """By status; what the pending ones cost is summed beside their number."""
        from igny8_assets.store.prices import content_tenths

        amounts = {str(values["status"]): 1}
        if values["status"] == TaskStatus.PENDING:
            amounts["pending_tenths"] = content_tenths(values["word_target"])
        return amounts


__all__ = [
    "Cluster",
    "ClusterStatus",
    "ContentIdea",
    "IdeaKeyword",
    "IdeaStatus",
    "Keyword",
    "KeywordFile",
    "KeywordStatus",
    "PlannedMembership",
    "Sector",
    "Site",
    "Task",
    "TaskStatus",
]
