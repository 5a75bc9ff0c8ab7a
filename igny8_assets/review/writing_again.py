"""Sending a text's task back to be written again, and taking a text out of the pipeline."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.store.models import Content, ContentStatus, IdeaStatus, ImageStatus, Task, TaskStatus


def discard(content: Content, reason: str) -> None:
    """Reject a text; pictures that it still waits for are not made any more."""
    content.status, content.review_reason = ContentStatus.REJECTED, reason
    for image in content.images:
        if image.status in (ImageStatus.PENDING, ImageStatus.FAILED):
            image.status, image.failure_reason = ImageStatus.REMOVED, None


def send_back(session: Session, content: Content, reason: str | None) -> None:
    """Put the task of a text back to pending as a new attempt; its next text is written with the reason in mind.

    Raises:
        UserError: the task is not done, or a later text came of it.
    """
    task = session.get_one(Task, content.task_id)
    later = session.scalar(
        select(Content.id).where(Content.task_id == task.id, Content.task_attempt > content.task_attempt).limit(1)
    )
    if later is not None:
        raise UserError(f"text {content.id} was written again already: it is text {later} now")
    if task.status != TaskStatus.COMPLETED:
        raise UserError(f"the task of text {content.id} is {task.status.value} already: task {task.id}")
    task.status, task.attempt = TaskStatus.PENDING, task.attempt + 1
    task.rejection_reason, task.failure_reason = reason, None
    if task.brief is not None:
        # What a person changed stays; any other brief is made anew, with the reason in mind.
        task.brief = {**task.brief, "rejection_reason": reason} if task.brief_edited_by else None
    task.idea.status = IdeaStatus.IN_PROGRESS


def void_approval(content: Content, reason: str) -> bool:
    """Make an approved text a draft again, because what was approved is no longer what would be published.

    Returns:
        Whether it was approved.
    """
    if content.status != ContentStatus.APPROVED:
        return False
    content.status, content.review_reason = ContentStatus.DRAFT, reason
    content.reviewer = content.reviewed_at = content.reviewed_hash = None
    return True
