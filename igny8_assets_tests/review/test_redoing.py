"""Making again what exists is a new attempt, and an approval of the old is void."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.review.decisions import approve
from igny8_assets.review.redoing import redo
from igny8_assets.review.removing import remove_image
from igny8_assets.store.models import (
    Content,
    ContentStatus,
    IdeaStatus,
    Illustration,
    Image,
    ImageStatus,
    Site,
    Task,
    TaskStatus,
)
from igny8_assets_tests.factories import make_content, make_image


def approved(session: Session, site: Site, images: int = 2) -> Content:
    return approve(session, site, make_content(session, site, images=images).id, "Ada")


def test_a_text_is_written_again(session: Session, site: Site) -> None:
    content = approved(session, site)
    redo(session, site, 4, content.id)
    task = session.get_one(Task, content.task_id)
    assert (content.status, content.review_reason) == (ContentStatus.REJECTED, "to be written again")
    assert (task.status, task.attempt, task.idea.status) == (TaskStatus.PENDING, 2, IdeaStatus.IN_PROGRESS)


def test_a_text_that_waits_to_be_written_is_not_sent_back_twice(session: Session, site: Site) -> None:
    content = make_content(session, site)
    redo(session, site, 4, content.id)
    with pytest.raises(UserError, match="is pending already"):
        redo(session, site, 4, content.id)


def test_image_prompts_are_written_again_from_nothing(session: Session, site: Site) -> None:
    content = approved(session, site)
    redo(session, site, 5, content.id)
    assert (content.status, content.illustration) == (ContentStatus.DRAFT, Illustration.NEEDS_PROMPTS)
    assert content.attempt == 2
    assert session.scalar(select(func.count()).select_from(Image).where(Image.content_id == content.id)) == 0
    assert content.reviewed_hash is None


def test_a_new_image_never_gets_the_number_of_one_that_went_for_that_one_is_paid(session: Session, site: Site) -> None:
    content = make_content(session, site, images=2)
    gone = {image.id for image in content.images}
    redo(session, site, 5, content.id)
    assert make_image(session, content).id not in gone


def test_a_text_without_prompts_has_none_to_write_again(session: Session, site: Site) -> None:
    content = make_content(session, site, images=0)
    with pytest.raises(UserError, match="no image prompts yet"):
        redo(session, site, 5, content.id)


def test_an_image_is_made_again_and_the_approval_is_void(session: Session, site: Site) -> None:
    content = approved(session, site)
    image = content.images[0]
    redo(session, site, 6, image.id)
    assert (image.status, image.attempt) == (ImageStatus.PENDING, 2)
    assert (content.status, content.illustration) == (ContentStatus.DRAFT, Illustration.NEEDS_IMAGES)


def test_a_removed_image_comes_back(session: Session, site: Site) -> None:
    content = make_content(session, site, images=2)
    remove_image(session, site, content.images[0].id)
    redo(session, site, 6, content.images[0].id)
    assert content.images[0].status == ImageStatus.PENDING


@pytest.mark.parametrize("status", [ImageStatus.PENDING, ImageStatus.FAILED])
def test_an_image_that_is_not_there_is_not_made_again(session: Session, site: Site, status: ImageStatus) -> None:
    image = make_content(session, site).images[0]
    image.status = status
    with pytest.raises(UserError):
        redo(session, site, 6, image.id)


@pytest.mark.parametrize("stage", [1, 2, 3, 7, 0, 99])
def test_other_stages_say_what_to_do_instead(session: Session, site: Site, stage: int) -> None:
    with pytest.raises(UserError):
        redo(session, site, stage, 1)


@pytest.mark.parametrize("stage", [4, 5, 6])
def test_a_published_text_stays_as_it_is(session: Session, site: Site, stage: int) -> None:
    content = make_content(session, site, status=ContentStatus.PUBLISHED)
    with pytest.raises(UserError, match="is published"):
        redo(session, site, stage, content.images[0].id if stage == 6 else content.id)


@pytest.mark.parametrize("stage", [4, 5, 6])
def test_what_does_not_exist_is_not_found(session: Session, site: Site, stage: int) -> None:
    with pytest.raises(NotFound):
        redo(session, site, stage, 12345)


def test_a_text_whose_failed_image_is_removed_is_ready(session: Session, site: Site) -> None:
    content = make_content(session, site, images=2)
    content.images[1].status, content.illustration = ImageStatus.FAILED, Illustration.NEEDS_IMAGES
    remove_image(session, site, content.images[1].id)
    assert content.illustration == Illustration.READY


def test_removing_a_picture_that_the_reviewer_saw_voids_the_approval(session: Session, site: Site) -> None:
    content = approved(session, site)
    remove_image(session, site, content.images[1].id)
    assert (content.status, content.illustration) == (ContentStatus.DRAFT, Illustration.READY)


def test_removing_twice_changes_nothing_more(session: Session, site: Site) -> None:
    content = make_content(session, site)
    remove_image(session, site, content.images[0].id)
    approve(session, site, content.id, "Ada")
    remove_image(session, site, content.images[0].id)
    assert content.status == ContentStatus.APPROVED
