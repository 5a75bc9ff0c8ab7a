"""Work that waits at one stage, as the stage before it leaves it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Cluster,
    ClusterStatus,
    Content,
    ContentIdea,
    IdeaStatus,
    Illustration,
    Image,
    ImageStatus,
    Keyword,
    Site,
    Task,
)
from igny8_assets_tests.factories import (
    make_cluster,
    make_content,
    make_idea,
    make_image,
    make_keyword,
    make_task,
)
from igny8_assets_tests.pipeline.sites import TOPICS
from igny8_assets_tests.stages.camp import make_camp

SUBJECTS = [topic[0] for topic in TOPICS.values()]


def make_waiting(store: Store, stage: int, number: int = 2, *, slug: str = "camp", **values: Any) -> Site:
    """A site where `number` (at most four) items wait at a stage and nothing at the others."""
    # One item is a group of two keywords, a cluster, an idea, and so on.
    site = make_camp(store, [], slug=slug, **{"stage_1_batch_size": 2, "stage_3_batch_size": 1, **values})
    with store.write() as session:
        for subject in SUBJECTS[:number]:
            SEEDS[stage](session, session.get_one(Site, site.id), subject)
    return site


def _group(session: Session, site: Site, subject: str) -> None:
    for text in (subject, f"best {subject}"):
        make_keyword(session, site, text)


def _cluster(session: Session, site: Site, subject: str, **values: Any) -> tuple[Cluster, list[Keyword]]:
    cluster = make_cluster(session, site, name=subject, **values)
    keywords = [make_keyword(session, site, text, cluster=cluster) for text in (subject, f"best {subject}")]
    return cluster, keywords


def _idea(session: Session, site: Site, subject: str, status: IdeaStatus = IdeaStatus.NEW) -> ContentIdea:
    cluster, keywords = _cluster(session, site, subject, status=ClusterStatus.MAPPED, ideas_pending=False)
    title = f"How to choose a {subject}"
    return make_idea(session, site, cluster=cluster, title=title, keywords=keywords, status=status)


def _task(session: Session, site: Site, subject: str) -> None:
    make_task(session, site, idea=_idea(session, site, subject, IdeaStatus.IN_PROGRESS), word_target=800)


def _draft(session: Session, site: Site, subject: str) -> Content:
    return make_content(session, site, images=0, title=f"How to choose a {subject}", keyphrase=subject)


def _image(session: Session, site: Site, subject: str) -> None:
    content = _draft(session, site, subject)
    content.illustration = Illustration.NEEDS_IMAGES
    unmade: dict[str, Any] = {"name": None, "location": None, "width": None, "height": None, "format": None}
    make_image(session, content, status=ImageStatus.PENDING, **unmade)


SEEDS: dict[int, Callable[[Session, Site, str], object]] = {
    1: _group,
    2: _cluster,
    3: _idea,
    4: _task,
    5: _draft,
    6: _image,
}
MODELS: dict[int, type[Any]] = {1: Keyword, 2: Cluster, 3: ContentIdea, 4: Task, 5: Content, 6: Image}
PRICES = {1: 4, 2: 20, 3: 0, 4: 16, 5: 20, 6: 10}
"""Tenths for one of the items above."""
