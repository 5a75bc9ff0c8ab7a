"""What a text is written from: a person looks at a task's brief and changes it before it is written."""

from sqlalchemy.orm import Session

from igny8_assets.ai.schemas import ContentBrief
from igny8_assets.errors import NotFound, UserError
from igny8_assets.review.access import checked_name, find_row
from igny8_assets.review.sent_briefs import read_sent
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Site, Task, TaskStatus

FIXED = ("keyphrase", "supporting_keywords", "intents", "language", "site_name", "links")
"""What comes from the task and its site: it is not edited here, but links may be left out."""


def find_task(session: Session, site: Site, task_id: int) -> Task:
    """A task of a site.

    Raises:
        NotFound: the site has no such task.
    """
    task: Task = find_row(session, site, Task, task_id, "task", hint=f"`igny8 tasks list {site.slug}` shows them")
    return task


def read_brief(task: Task) -> ContentBrief:
    """The brief of a task.

    Raises:
        NotFound: none was made yet.
    """
    if task.brief is None:
        raise NotFound(
            f"task {task.id} has no brief yet; stage 4 makes it, and with "
            "`igny8 config set SITE review_briefs=true` it stops there for you to look at it"
        )
    return ContentBrief.model_validate(task.brief)


def edit_brief(session: Session, site: Site, task_id: int, editor: str, text: str) -> Task:
    """Put another brief in the place of a task's.

    Args:
        text: the whole brief as JSON, as `igny8 tasks brief --json` shows it.

    Raises:
        UserError: the task is done or given up, the text is no brief, or it changes what is fixed; nothing was changed.
    """
    editor = checked_name(editor)
    take_turn(session, site.id)
    task = find_task(session, site, task_id)
    before = read_brief(task)
    if task.status not in (TaskStatus.PENDING, TaskStatus.HELD, TaskStatus.FAILED):
        raise UserError(
            f"task {task.id} is {task.status.value}; only the brief of a text that is not written is edited"
        )
    after = read_sent(text, before)
    for name in FIXED[:-1]:
        if getattr(after, name) != getattr(before, name):
            raise UserError(f"`{name}` of a brief comes from the task and its site; leave it as it is")
    if foreign := [link.id for link in after.links if link not in before.links]:
        raise UserError(f"the brief may leave links out, but {foreign[0]} was not among them")
    if after != before:
        task.brief, task.brief_edited_by = after.model_dump(mode="json"), editor
        task.word_target = after.word_target
    return task
