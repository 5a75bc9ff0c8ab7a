"""What failed is pending again as a new attempt; what did not fail stays."""

import pytest
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.review.retrying import retry
from igny8_assets.store import counters
from igny8_assets.store.models import (
    Cluster,
    Content,
    Illustration,
    Image,
    ImageStatus,
    Keyword,
    KeywordStatus,
    Site,
    Task,
    TaskStatus,
)
from igny8_assets_tests.factories import make_cluster, make_content, make_image, make_keyword, make_task

REASON = "the provider said no"


def failed_rows(session: Session, site: Site) -> tuple[Keyword, Cluster, Task, Content, Image]:
    keyword = make_keyword(session, site, failure_reason=REASON)
    cluster = make_cluster(session, site, failure_reason=REASON)
    task = make_task(session, site, status=TaskStatus.FAILED, failure_reason=REASON)
    content = make_content(session, site, images=0, failure_reason=REASON)
    illustrated = make_content(session, site, illustration=Illustration.NEEDS_IMAGES)
    image = make_image(session, illustrated, role="in_article_1", status=ImageStatus.FAILED, failure_reason=REASON)
    return keyword, cluster, task, content, image


def test_without_a_stage_everything_that_failed_is_asked_again(session: Session, site: Site) -> None:
    rows = failed_rows(session, site)
    assert retry(session, site) == {1: 1, 2: 1, 4: 1, 5: 1, 6: 1}
    for row in rows:
        session.refresh(row)
        assert (row.failure_reason, row.attempt) == (None, 2)
    pending = counters.read(session, site.id)
    assert pending["keyword", "pending"] == pending["task", "pending"] == pending["image", "pending"] == 1
    assert pending["cluster", "failed"] == pending["content", "prompts_failed"] == 0


def test_a_second_retry_finds_nothing(session: Session, site: Site) -> None:
    failed_rows(session, site)
    retry(session, site)
    assert set(retry(session, site).values()) == {0}


def test_a_stage_alone_leaves_the_others(session: Session, site: Site) -> None:
    *_, task, content, _image = failed_rows(session, site)
    assert retry(session, site, stage=4) == {4: 1}
    assert (task.attempt, content.attempt) == (2, 1)


def test_orphans_are_tried_again_only_when_stage_1_is_asked_for(session: Session, site: Site) -> None:
    orphan = make_keyword(session, site, status=KeywordStatus.ORPHANED)
    retry(session, site)
    session.refresh(orphan)
    assert orphan.status == KeywordStatus.ORPHANED
    assert retry(session, site, stage=1) == {1: 1}
    session.refresh(orphan)
    assert (orphan.status, orphan.attempt) == (KeywordStatus.NEW, 2)


def test_an_item_alone_leaves_its_neighbours(session: Session, site: Site) -> None:
    tasks = [make_task(session, site, status=TaskStatus.FAILED, failure_reason=REASON) for _ in range(2)]
    assert retry(session, site, stage=4, item=tasks[0].id) == {4: 1}
    assert (tasks[0].status, tasks[1].status) == (TaskStatus.PENDING, TaskStatus.FAILED)


def test_an_item_that_did_not_fail_is_refused(session: Session, site: Site) -> None:
    task = make_task(session, site)
    with pytest.raises(UserError, match="did not fail"):
        retry(session, site, stage=4, item=task.id)
    with pytest.raises(NotFound, match="no keyword 999"):
        retry(session, site, stage=1, item=999)


@pytest.mark.parametrize("stage", [0, 3, 7, 8, -1])
def test_a_stage_without_failures_says_what_to_do_instead(session: Session, site: Site, stage: int) -> None:
    with pytest.raises(UserError):
        retry(session, site, stage=stage)


def test_an_item_needs_its_stage(session: Session, site: Site) -> None:
    with pytest.raises(UserError, match="with its stage"):
        retry(session, site, item=1)
