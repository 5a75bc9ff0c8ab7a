"""Asking again for what failed: a person's ask, so a new attempt, which is charged if it succeeds."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.review.access import find_row
from igny8_assets.store import counters
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import (
    Cluster,
    Content,
    ContentStatus,
    Illustration,
    Image,
    ImageStatus,
    Keyword,
    KeywordStatus,
    Site,
    Task,
    TaskStatus,
)

NOUNS = {1: "keyword", 2: "cluster", 4: "task", 5: "text", 6: "image"}


def retry(session: Session, site: Site, stage: int | None = None, item: int | None = None) -> dict[int, int]:
    """Make failed items pending again.

    Args:
        stage: only of this stage; for stage 1 this includes the orphans, which did not fail but fit no cluster.
        item: only this row of the stage: a keyword, cluster, task, text or image.

    Returns:
        By stage, how many items are pending again.

    Raises:
        UserError: the stage has no failures of its own, or the item is not one that failed.
    """
    if item is not None and stage is None:
        raise UserError("an item is named together with its stage, e.g. --stage 4 --item 12")
    if stage is not None and stage not in _RETRY:
        raise UserError(_INSTEAD.get(stage, f"there is no stage {stage}; failures are retried in 1, 2, 4, 5 and 6"))
    take_turn(session, site.id)
    if stage is None:
        return {number: again(session, site, None) for number, again in _RETRY.items()}
    asked = _RETRY[stage](session, site, item)
    if stage == 1:
        asked += _orphans(session, site, item)
    if item is not None and not asked:
        find_row(session, site, _MODELS[stage], item, NOUNS[stage])
        raise UserError(f"{NOUNS[stage]} {item} did not fail; there is nothing to retry")
    return {stage: asked}


_INSTEAD = {
    3: "stage 3 holds what it can't do; `igny8 ideas release` lets it go on",
    7: "stage 7 is a person's review; nothing fails there",
}


def _keywords(session: Session, site: Site, item: int | None) -> int:
    changed = _bulk(session, site, item, Keyword.status == KeywordStatus.NEW, Keyword.failure_reason.is_not(None))
    counters.add(session, site.id, "keyword", {"failed": -changed, "pending": changed})
    return changed


def _orphans(session: Session, site: Site, item: int | None) -> int:
    changed = _bulk(session, site, item, Keyword.status == KeywordStatus.ORPHANED)
    counters.add(session, site.id, "keyword", {"orphaned": -changed, "new": changed, "pending": changed})
    return changed


def _bulk(session: Session, site: Site, item: int | None, *which: ColumnElement[bool]) -> int:
    """Keywords may be a million: they are changed past the session, and counted by hand."""
    statement = update(Keyword).where(Keyword.site_id == site.id, *which)
    if item is not None:
        statement = statement.where(Keyword.id == item)
    changed: Any = session.execute(
        statement.values(status=KeywordStatus.NEW, failure_reason=None, attempt=Keyword.attempt + 1),
        execution_options={"synchronize_session": False},
    )
    return int(changed.rowcount)


def _clusters(session: Session, site: Site, item: int | None) -> int:
    waits = Cluster.ideas_pending.is_(True)
    return len(_again(session, site, Cluster, item, waits, Cluster.failure_reason.is_not(None)))


def _tasks(session: Session, site: Site, item: int | None) -> int:
    rows = _again(session, site, Task, item, Task.status == TaskStatus.FAILED)
    for row in rows:
        row.status = TaskStatus.PENDING
    return len(rows)


def _texts(session: Session, site: Site, item: int | None) -> int:
    needs_prompts = Content.illustration == Illustration.NEEDS_PROMPTS
    is_draft = Content.status == ContentStatus.DRAFT
    return len(_again(session, site, Content, item, is_draft, needs_prompts, Content.failure_reason.is_not(None)))


def _images(session: Session, site: Site, item: int | None) -> int:
    rows = _again(session, site, Image, item, Image.status == ImageStatus.FAILED)
    for row in rows:
        row.status = ImageStatus.PENDING
    return len(rows)


def _again(
    session: Session, site: Site, model: type[Any], item: int | None, *which: ColumnElement[bool]
) -> Sequence[Any]:
    """The rows that failed, as a new attempt without a failure."""
    wanted = select(model).where(model.site_id == site.id, *which)
    if item is not None:
        wanted = wanted.where(model.id == item)
    rows = session.scalars(wanted).all()
    for row in rows:
        row.attempt, row.failure_reason = row.attempt + 1, None
    return rows


_RETRY: dict[int, Callable[[Session, Site, int | None], int]] = {
    1: _keywords,
    2: _clusters,
    4: _tasks,
    5: _texts,
    6: _images,
}
_MODELS: dict[int, type[Any]] = {1: Keyword, 2: Cluster, 4: Task, 5: Content, 6: Image}
