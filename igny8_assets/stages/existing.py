"""What a site has already, read once a launch: its ideas, its texts and its pages."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from igny8_assets.ai.schemas import LinkTarget
from igny8_assets.quality.resemblance import Existing, SiteIndex
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store.models import (
    Content,
    ContentIdea,
    ContentStatus,
    IdeaKeyword,
    IdeaStatus,
    Keyword,
    Page,
    Task,
)

LINK_CANDIDATES = 12
LONGEST_LINK_TITLE = 300
_NOTE = "site index"
LOGGER = logging.getLogger(__name__)


def site_index(session: Session, ticket: RunTicket) -> SiteIndex:
    """The index of the ticket's site; used on the writer's thread alone."""
    index = ticket.notes.get(_NOTE)
    if index is None:
        index = ticket.notes[_NOTE] = SiteIndex.of(_everything(session, ticket.site.id))
    return index


@dataclass(frozen=True)
class Duplicate:
    """Why something is held: what a person is told, and what it resembles."""

    reason: str
    resembles: str


def duplicate_of(
    session: Session, ticket: RunTicket, idea: ContentIdea, keyphrase: str, *kinds: str
) -> Duplicate | None:
    """What of these kinds the idea, or the text that would come of it, doubles; not itself, and no later idea.

    A check that fails holds the idea, too: nothing is paid for that could not be compared.
    """
    if idea.is_distinct:
        return None
    try:
        found = site_index(session, ticket).resembling(
            idea.title,
            keyphrase,
            compare=lambda one: (
                one.kind in kinds
                and (one.idea_id is None or one.idea_id != idea.id)
                and not (one.kind == "idea" and idea.id is not None and one.id >= idea.id)
            ),
        )
    except DatabaseError:
        raise
    except Exception as error:
        LOGGER.exception("idea %s", idea.title)
        return Duplicate(f"the check for duplicates failed ({type(error).__name__})", "not known")
    return Duplicate(found.reason, found.existing.name) if found else None


def link_candidates(session: Session, ticket: RunTicket, task: Task, keyphrase: str) -> list[LinkTarget]:
    """Pages and published texts on near topics, which a text may link to."""
    index = site_index(session, ticket)
    near = index.nearest(
        f"{task.title} {keyphrase}",
        LINK_CANDIDATES,
        compare=lambda one: one.url is not None and one.idea_id != task.idea_id,
    )
    return [
        LinkTarget(id=f"{one.kind}-{one.id}", title=(one.title or str(one.url))[:LONGEST_LINK_TITLE], url=str(one.url))
        for one in near
    ]


def _everything(session: Session, site_id: int) -> Iterator[Existing]:
    keyphrase = (
        select(Keyword.text)
        .join(IdeaKeyword, IdeaKeyword.keyword_id == Keyword.id)
        .where(IdeaKeyword.idea_id == ContentIdea.id, IdeaKeyword.position == 0)
        .scalar_subquery()
    )
    ideas = select(ContentIdea.id, ContentIdea.title, keyphrase).where(
        ContentIdea.site_id == site_id, ContentIdea.status.not_in([IdeaStatus.DROPPED, IdeaStatus.HELD])
    )
    for row in session.execute(ideas):
        yield Existing("idea", row.id, row.title, row[2] or "", idea_id=row.id)
    texts = (
        select(Content.id, Content.title, Content.keyphrase, Content.published_url, Task.idea_id)
        .join(Task, Task.id == Content.task_id)
        .where(Content.site_id == site_id, Content.status != ContentStatus.REJECTED)
    )
    for row in session.execute(texts):
        yield Existing("text", row.id, row.title, row.keyphrase, row.published_url, row.idea_id)
    for row in session.execute(select(Page.id, Page.title, Page.keyphrase, Page.url).where(Page.site_id == site_id)):
        yield Existing("page", row.id, row.title, row.keyphrase, row.url)
