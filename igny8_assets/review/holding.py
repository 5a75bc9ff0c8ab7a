"""Holding ideas and tasks back, releasing them, and dropping them for good."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.review.access import LONGEST_REASON, checked_text, find_row
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import ContentIdea, IdeaStatus, Site, Task, TaskStatus

Noun = Literal["idea", "task"]
HELD, DROPPED = "held", "dropped"
_WAITING: dict[str, tuple[str, ...]] = {"idea": ("new",), "task": ("pending", "failed")}


def hold(session: Session, site: Site, noun: Noun, ids: Sequence[int], reason: str) -> int:
    """Hold ideas or tasks back until a person releases them.

    Returns:
        How many were held by this call; those held already only get the new reason.

    Raises:
        UserError: one does not exist or is past holding; nothing was changed.
    """
    reason = checked_text(reason, "the reason", LONGEST_REASON)
    changed = 0
    for row in _rows(session, site, noun, ids, allowed=(*_WAITING[noun], HELD), verb="held"):
        changed += row.status != HELD
        _set_status(row, HELD)
        row.held_reason = reason
    return changed


def release(session: Session, site: Site, noun: Noun, ids: Sequence[int]) -> int:
    """Let held or dropped ideas or tasks go on: an idea is new again, a task pending.

    A task that had failed before it was held begins a new attempt.

    Returns:
        How many were released.

    Raises:
        UserError: one does not exist or is neither held nor dropped; nothing was changed.
    """
    rows = _rows(session, site, noun, ids, allowed=(HELD, DROPPED), verb="released")
    return _let_go(rows)


def release_all(session: Session, site: Site, noun: Noun) -> int:
    """Let all held ideas or tasks of a site go on; dropped ones stay dropped. Says how many there were."""
    take_turn(session, site.id)
    model = _model(noun)
    return _let_go(session.scalars(select(model).where(model.site_id == site.id, model.status == HELD)).all())


def drop(session: Session, site: Site, noun: Noun, ids: Sequence[int]) -> int:
    """Give ideas or tasks up; only naming them in a release brings them back.

    Returns:
        How many were dropped by this call.

    Raises:
        UserError: one does not exist or is past dropping; nothing was changed.
    """
    rows = _rows(session, site, noun, ids, allowed=(*_WAITING[noun], HELD, DROPPED), verb="dropped")
    changed = 0
    for row in rows:
        changed += row.status != DROPPED
        _set_status(row, DROPPED)
        row.held_reason = None
    return changed


def find_planned(session: Session, site: Site, noun: Noun, row_id: int) -> ContentIdea | Task:
    """An idea or a task of the site.

    Raises:
        NotFound: the site has none of this id.
    """
    row: ContentIdea | Task = find_row(session, site, _model(noun), row_id, noun, hint=_where(site, noun))
    return row


def refuse_become_a_task(site: Site, row: ContentIdea | Task) -> None:
    """Refuse what is decided of an idea whose task is what counts now.

    Raises:
        UserError: it is such an idea.
    """
    if row.status == IdeaStatus.IN_PROGRESS:
        raise UserError(f"idea {row.id} is a task already; `igny8 tasks list {site.slug}` shows it")


def _rows(
    session: Session, site: Site, noun: Noun, ids: Sequence[int], *, allowed: tuple[str, ...], verb: str
) -> Sequence[ContentIdea | Task]:
    if not ids:
        raise UserError(f"name the {noun}s by their numbers; {_where(site, noun)}")
    take_turn(session, site.id)
    model = _model(noun)
    wanted = list(dict.fromkeys(ids))
    found = {
        row.id: row for row in session.scalars(select(model).where(model.site_id == site.id, model.id.in_(wanted)))
    }
    for row_id in wanted:
        if row_id not in found:
            raise NotFound(f"site {site.slug!r} has no {noun} {row_id}; {_where(site, noun)}")
        refuse_become_a_task(site, found[row_id])
        if found[row_id].status not in allowed:
            raise UserError(f"{noun} {row_id} is {found[row_id].status.value} and can't be {verb}")
    return [found[row_id] for row_id in wanted]


def _let_go(rows: Sequence[ContentIdea | Task]) -> int:
    for row in rows:
        # Whoever lets something go that resembles another has looked at both.
        row.is_distinct = row.is_distinct or row.resembles is not None
        row.held_reason = row.resembles = None
        if isinstance(row, ContentIdea):
            row.status = IdeaStatus.NEW
            continue
        row.status = TaskStatus.PENDING
        if row.failure_reason is not None:
            row.failure_reason, row.attempt = None, row.attempt + 1
    return len(rows)


def _set_status(row: ContentIdea | Task, status: str) -> None:
    if isinstance(row, ContentIdea):
        row.status = IdeaStatus(status)
    else:
        row.status = TaskStatus(status)


def _model(noun: Noun) -> type[Any]:
    return ContentIdea if noun == "idea" else Task


def _where(site: Site, noun: Noun) -> str:
    return f"`igny8 {noun}s list {site.slug}` shows them"
