"""What a person wants to see on an asset's page: counts, money, a table of what was made, a preview."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from igny8_assets.assets.cluster_picture import cluster_picture
from igny8_assets.assets.costs import cost_metadata
from igny8_assets.media.errors import MediaError
from igny8_assets.media.library import ImageLibrary
from igny8_assets.media.webp import thumbnail_data_uri
from igny8_assets.quality.blocks import read_body
from igny8_assets.stages.stage import StageReport
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store.models import (
    Cluster,
    Content,
    ContentIdea,
    ContentStatus,
    Illustration,
    Image,
    ImageStatus,
    Task,
)

ROWS_SHOWN = 20
EXCERPT_CHARACTERS = 600
SHORTEST_CUT = 60


def stage_metadata(ticket: RunTicket, report: StageReport) -> dict[str, Any]:
    """The metadata of one materialization; never whole bodies or prompts."""
    with ticket.store.read() as session:
        records = _RECORDS[report.stage](session, ticket)
        preview = _preview(session, ticket, report.stage)
    metadata: dict[str, Any] = {"preview": dg.MetadataValue.md(preview)} if preview else {}
    metadata |= {
        "dagster/row_count": report.counts.get(_MADE.get(report.stage, ""), report.done),
        report.processed: report.done,
        **report.counts,
        "failed": report.failed,
        "pending": report.pending,
        "credits": report.credits_tenths / 10,
        "ai_calls": report.spent.calls,
        "tokens_in": report.spent.tokens_in,
        "tokens_cached": report.spent.tokens_cached,
        "tokens_out": report.spent.tokens_out,
        **cost_metadata(ticket, report),
        "seconds": round(report.seconds, 1),
        "run_id": ticket.run_id,
    }
    if report.failures:
        metadata["failures"] = _table(report.failures[:ROWS_SHOWN])
    if records:
        metadata["made"] = _table(records)
    return metadata


_MADE = {
    1: "clusters_created",
    2: "ideas_created",
    3: "tasks_created",
    4: "content_created",
    5: "prompts_created",
    6: "images_generated",
}


def _table(records: Sequence[dict[str, Any]]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table(records=[dg.TableRecord(record) for record in records])


def _clusters(session: Session, ticket: RunTicket) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Cluster).where(Cluster.run_id == ticket.run_id).order_by(Cluster.volume.desc()).limit(ROWS_SHOWN)
    )
    return [
        {"cluster": row.name, "keywords": row.keyword_count, "volume": row.volume, "intent": row.intent or ""}
        for row in rows
    ]


def _ideas(session: Session, ticket: RunTicket) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(ContentIdea)
        .where(ContentIdea.run_id == ticket.run_id)
        .order_by(ContentIdea.volume.desc())
        .limit(ROWS_SHOWN)
    )
    return [
        {"idea": row.title, "structure": row.content_structure.value, "volume": row.volume, "status": row.status.value}
        for row in rows
    ]


def _tasks(session: Session, ticket: RunTicket) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Task).where(Task.run_id == ticket.run_id).order_by(Task.volume.desc()).limit(ROWS_SHOWN)
    )
    return [
        {"task": row.title, "words": row.word_target, "type": row.content_type.value, "status": row.status.value}
        for row in rows
    ]


def _drafts(session: Session, ticket: RunTicket) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Content).where(Content.run_id == ticket.run_id).order_by(Content.id).limit(ROWS_SHOWN)
    )
    return [{"draft": row.title, "words": row.word_count, "keyphrase": row.keyphrase} for row in rows]


def _prompts(session: Session, ticket: RunTicket) -> list[dict[str, Any]]:
    return [{"image": row.alt_text, "role": row.role} for row in _images_of(session, ticket)]


def _images(session: Session, ticket: RunTicket) -> list[dict[str, Any]]:
    return [
        {
            "image": row.name or row.alt_text,
            "width": row.width or 0,
            "height": row.height or 0,
            "status": row.status.value,
        }
        for row in _images_of(session, ticket)
    ]


def _images_of(session: Session, ticket: RunTicket) -> Sequence[Image]:
    return session.scalars(
        select(Image).where(Image.run_id == ticket.run_id).order_by(Image.content_id, Image.id).limit(ROWS_SHOWN)
    ).all()


def _waiting(session: Session, ticket: RunTicket) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Content)
        .where(
            Content.site_id == ticket.site.id,
            Content.status == ContentStatus.DRAFT,
            Content.illustration == Illustration.READY,
        )
        .order_by(Content.id)
        .limit(ROWS_SHOWN)
    )
    return [{"text": row.title, "words": row.word_count, "content_id": row.id} for row in rows]


_RECORDS: dict[int, Callable[[Session, RunTicket], list[dict[str, Any]]]] = {
    1: _clusters,
    2: _ideas,
    3: _tasks,
    4: _drafts,
    5: _prompts,
    6: _images,
    7: _waiting,
}


def _preview(session: Session, ticket: RunTicket, stage: int) -> str | None:
    if stage == 1:
        return cluster_picture(session, ticket.site)
    if stage == 4:
        draft = session.scalars(
            select(Content).where(Content.run_id == ticket.run_id).order_by(Content.id).limit(1)
        ).first()
        if draft is None:
            return None
        return f"**{_escaped(draft.title)}**\n\n{_excerpt(draft.html)}"
    if stage == 6:
        image = session.scalars(
            select(Image)
            .where(Image.run_id == ticket.run_id, Image.status == ImageStatus.GENERATED)
            .order_by(Image.content_id, Image.id)
            .limit(1)
            .options(joinedload(Image.content))
        ).first()
        if image is None or image.name is None:
            return None
        try:
            data = ImageLibrary(ticket.settings.images).get(image.name)
            return f"![{_escaped(image.alt_text)}]({thumbnail_data_uri(data)})"
        except MediaError as error:
            return f"The picture {image.name} can't be shown: {error}"
    return None


def _excerpt(html: str) -> str:
    """The beginning of a text as Markdown, cut between words; Dagster shows up to 1,000 characters unfolded."""
    parts: list[str] = []
    left = EXCERPT_CHARACTERS
    for block in read_body(html).blocks:
        if block.level == 1:
            continue
        if left < SHORTEST_CUT:
            parts.append("…")
            break
        text = block.text if len(block.text) <= left else block.text[:left].rsplit(" ", 1)[0] + " …"
        parts.append(f"**{_escaped(text)}**" if block.level else _escaped(text))
        left -= len(text)
        if text != block.text:
            break
    return "\n\n".join(parts)


def _escaped(text: str) -> str:
    """A text in which nothing is taken for Markdown."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)
