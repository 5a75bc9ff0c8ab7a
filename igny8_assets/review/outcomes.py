"""What became of clusters: how hard they are to rank for, and the ideas, tasks and texts that came of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Result, Select, func, select
from sqlalchemy.orm import Session

from igny8_assets.store.models import Content, ContentIdea, ContentStatus, IdeaStatus, Keyword, Task, TaskStatus


@dataclass
class Outcome:
    """What there is of one cluster; `difficulty` is the mean of the known ones, 0 to 100.

    What was dropped or rejected is not counted.
    """

    difficulty: int | None = None
    ideas: int = 0
    tasks: int = 0
    texts: dict[ContentStatus, int] = field(default_factory=dict)


def outcomes_of(session: Session, cluster_ids: Sequence[int]) -> dict[int, Outcome]:
    """The outcome of each cluster that is named."""
    difficulties = difficulties_of(session, cluster_ids)
    found = {number: Outcome(difficulties.get(number)) for number in cluster_ids}
    ideas = select(ContentIdea.cluster_id, func.count()).where(ContentIdea.status != IdeaStatus.DROPPED)
    tasks = select(Task.cluster_id, func.count()).where(Task.status != TaskStatus.DROPPED)
    texts = select(Task.cluster_id, func.count(), Content.status).join(Task, Task.id == Content.task_id)
    for number, count in _of_each(session, ideas, ContentIdea.cluster_id, cluster_ids):
        found[number].ideas = count
    for number, count in _of_each(session, tasks, Task.cluster_id, cluster_ids):
        found[number].tasks = count
    for number, count, status in _of_each(session, texts, Task.cluster_id, cluster_ids, Content.status):
        if status != ContentStatus.REJECTED:
            found[number].texts[status] = count
    return found


def difficulties_of(session: Session, cluster_ids: Sequence[int]) -> dict[int, int]:
    """The mean difficulty of those clusters of whose keywords it is known, 0 to 100."""
    wanted = select(Keyword.cluster_id, func.avg(Keyword.difficulty)).where(Keyword.difficulty.is_not(None))
    return {number: round(float(mean)) for number, mean in _of_each(session, wanted, Keyword.cluster_id, cluster_ids)}


def _of_each(
    session: Session, wanted: Select[*tuple[Any, ...]], cluster: Any, cluster_ids: Sequence[int], *apart: Any
) -> Result[*tuple[Any, ...]]:
    return session.execute(wanted.where(cluster.in_(cluster_ids)).group_by(cluster, *apart))
