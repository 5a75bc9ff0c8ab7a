"""Why a text exists: from the keywords through its cluster, idea and task to the run that made it, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.store.models import (
    AICall,
    AutomationRun,
    Cluster,
    Content,
    ContentIdea,
    IdeaKeyword,
    Keyword,
    Site,
    Task,
)


@dataclass(frozen=True)
class Asked:
    """What a model was asked of one kind for the text, added up: costs in 10⁻¹² dollar, as of `Spent`."""

    stage: int
    function: str
    provider: str
    model: str
    prompt_version: int
    calls: int
    known_usd_pico: int
    possible_usd_pico: int


@dataclass(frozen=True)
class Lineage:
    """Whence a text comes, the first cause first; `run` is none where no run made it, as in what was brought along."""

    keywords: Sequence[Keyword]
    cluster: Cluster
    idea: ContentIdea
    task: Task
    run: AutomationRun | None
    asked: Sequence[Asked]


def lineage_of(session: Session, site: Site, content: Content) -> Lineage:
    """Why a text of the site exists.

    What was asked is what was asked for this text alone: writing it, the prompts of its images, and the images that it
    has. Its cluster and idea were paid for together with others.
    """
    task = session.get_one(Task, content.task_id)
    keywords = session.scalars(
        select(Keyword)
        .join(IdeaKeyword, IdeaKeyword.keyword_id == Keyword.id)
        .where(IdeaKeyword.idea_id == task.idea_id)
        .order_by(IdeaKeyword.position)
    ).all()
    return Lineage(
        keywords=keywords,
        cluster=session.get_one(Cluster, task.cluster_id),
        idea=session.get_one(ContentIdea, task.idea_id),
        task=task,
        run=None if content.run_id is None else session.get(AutomationRun, content.run_id),
        asked=_asked(session, site, content),
    )


def _asked(session: Session, site: Site, content: Content) -> list[Asked]:
    items = [(4, content.task_id, [content.task_attempt]), (5, content.id, range(1, content.attempt + 1))]
    items += [(6, image.id, range(1, image.attempt + 1)) for image in content.images]
    keys = [f"{site.slug}:{stage}:{item}:{attempt}" for stage, item, attempts in items for attempt in attempts]
    kind: tuple[Any, ...] = (
        AICall.stage,
        AICall.function,
        AICall.provider,
        AICall.model,
        AICall.prompt_version,
    )
    unknown = AICall.cost_usd_pico.is_(None)
    rows = session.execute(
        select(
            *kind,
            func.count(),
            func.sum(func.coalesce(AICall.cost_usd_pico, 0)),
            func.coalesce(func.sum(AICall.reserved_usd_pico).filter(unknown), 0),
        )
        .where(AICall.site_id == site.id, AICall.work_key.in_(keys))
        .group_by(*kind)
        .order_by(*kind)
    )
    return [Asked(*row[:5], *(int(figure) for figure in row[5:])) for row in rows]
