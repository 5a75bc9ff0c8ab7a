"""What a person decides counts for the exact text, by name, and only where the state allows it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.review.decisions import approve, mark_published, reject
from igny8_assets.store.models import (
    Content,
    ContentStatus,
    Decision,
    IdeaStatus,
    Illustration,
    ImageStatus,
    ReviewDecision,
    Site,
    Task,
    TaskStatus,
)
from igny8_assets_tests.factories import make_content, make_image, make_site

URL = "https://shop.example/descale"


def decisions(session: Session, content: Content) -> list[Decision]:
    session.flush()
    rows = select(ReviewDecision.decision).where(ReviewDecision.content_id == content.id).order_by(ReviewDecision.id)
    return list(session.scalars(rows))


def test_an_approval_records_who_when_and_which_exact_text(session: Session, site: Site) -> None:
    content = make_content(session, site)
    approve(session, site, content.id, " Ada ")
    assert (content.status, content.reviewer) == (ContentStatus.APPROVED, "Ada")
    assert content.reviewed_hash == content.content_hash
    assert content.reviewed_at is not None
    assert decisions(session, content) == [Decision.APPROVED]


@pytest.mark.parametrize("needs", [Illustration.NEEDS_PROMPTS, Illustration.NEEDS_IMAGES])
def test_a_draft_without_its_pictures_is_not_approved(session: Session, site: Site, needs: Illustration) -> None:
    content = make_content(session, site, images=0, illustration=needs)
    with pytest.raises(UserError, match="still needs"):
        approve(session, site, content.id, "Ada")
    assert content.status == ContentStatus.DRAFT


@pytest.mark.parametrize("status", [ContentStatus.APPROVED, ContentStatus.REJECTED, ContentStatus.PUBLISHED])
def test_only_a_draft_is_approved(session: Session, site: Site, status: ContentStatus) -> None:
    content = make_content(session, site, status=status)
    with pytest.raises(UserError, match="only a draft"):
        approve(session, site, content.id, "Ada")


def test_a_text_that_a_check_blocks_is_not_approved_and_the_check_is_named(session: Session, site: Site) -> None:
    finding = {"check": "minimum_words", "verdict": "block", "evidence": "12 words"}
    content = make_content(session, site, quality={"verdict": "block", "findings": [finding]})
    with pytest.raises(UserError, match="minimum_words: 12 words"):
        approve(session, site, content.id, "Ada")


def test_a_text_that_changed_since_it_was_read_is_not_approved(session: Session, site: Site) -> None:
    content = make_content(session, site)
    with pytest.raises(UserError, match="not the one you read"):
        approve(session, site, content.id, "Ada", seen_hash="0" * 64)
    approve(session, site, content.id, "Ada", seen_hash=content.content_hash[:12])
    assert content.status == ContentStatus.APPROVED


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\0b", "a\nb"])
def test_a_decision_needs_a_name_that_can_be_shown(session: Session, site: Site, name: str) -> None:
    content = make_content(session, site)
    with pytest.raises(UserError, match="reviewer's name"):
        approve(session, site, content.id, name)


def test_a_text_of_another_site_is_not_found(session: Session, site: Site) -> None:
    content = make_content(session, make_site(session, "other"))
    with pytest.raises(NotFound, match="has no text"):
        approve(session, site, content.id, "Ada")


def test_what_is_approved_can_be_marked_published(session: Session, site: Site) -> None:
    content = make_content(session, site)
    approve(session, site, content.id, "Ada")
    mark_published(session, site, content.id, "Bo", URL)
    assert (content.status, content.published_url, content.reviewer) == (ContentStatus.PUBLISHED, URL, "Ada")
    assert decisions(session, content) == [Decision.APPROVED, Decision.PUBLISHED]


def test_a_draft_is_not_published(session: Session, site: Site) -> None:
    content = make_content(session, site)
    with pytest.raises(UserError, match="only an approved text"):
        mark_published(session, site, content.id, "Ada", URL)


def test_a_text_whose_hash_is_not_the_reviewed_one_is_not_published(session: Session, site: Site) -> None:
    content = make_content(session, site)
    approve(session, site, content.id, "Ada")
    content.content_hash = "0" * 64
    with pytest.raises(UserError, match="changed after its approval"):
        mark_published(session, site, content.id, "Ada", URL)


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "shop.example", "https://", "https://a b", "http://[", "x" * 2001]
)
def test_an_address_that_no_browser_opens_is_refused(session: Session, site: Site, url: str) -> None:
    content = make_content(session, site)
    approve(session, site, content.id, "Ada")
    with pytest.raises(UserError, match="address"):
        mark_published(session, site, content.id, "Ada", url)


def test_a_rejected_text_keeps_the_reason_and_its_task_stays_done(session: Session, site: Site) -> None:
    content = make_content(session, site)
    reject(session, site, content.id, "Ada", "too thin", write_again=False)
    assert (content.status, content.review_reason) == (ContentStatus.REJECTED, "too thin")
    assert session.get_one(Task, content.task_id).status == TaskStatus.COMPLETED
    assert decisions(session, content) == [Decision.REJECTED]


def test_rejecting_can_ask_to_write_it_again_with_the_reason(session: Session, site: Site) -> None:
    content = make_content(session, site)
    reject(session, site, content.id, "Ada", "too thin", write_again=True)
    task = session.get_one(Task, content.task_id)
    assert (task.status, task.attempt, task.rejection_reason) == (TaskStatus.PENDING, 2, "too thin")
    assert task.idea.status == IdeaStatus.IN_PROGRESS
    assert content.status == ContentStatus.REJECTED


def test_an_approved_text_can_still_be_rejected(session: Session, site: Site) -> None:
    content = make_content(session, site)
    approve(session, site, content.id, "Ada")
    reject(session, site, content.id, "Bo", "a mistake", write_again=False)
    assert content.status == ContentStatus.REJECTED


def test_a_rejected_text_costs_no_more_pictures(session: Session, site: Site) -> None:
    content = make_content(session, site, illustration=Illustration.NEEDS_IMAGES)
    pending = make_image(session, content, role="in_article_1", status=ImageStatus.PENDING)
    session.expire(content, ["images"])
    reject(session, site, content.id, "Ada", "too thin", write_again=False)
    assert pending.status == ImageStatus.REMOVED


def test_a_text_that_was_written_again_since_is_not_sent_back_twice(session: Session, site: Site) -> None:
    first = make_content(session, site)
    reject(session, site, first.id, "Ada", "too thin", write_again=True)
    task = session.get_one(Task, first.task_id)
    task.status = TaskStatus.COMPLETED
    second = make_content(session, site, task=task)
    first.status = ContentStatus.DRAFT
    with pytest.raises(UserError, match=f"text {second.id} now"):
        reject(session, site, first.id, "Ada", "too thin", write_again=True)


@pytest.mark.parametrize("reason", ["", " ", "x" * 2001, "a\0b", "\ud800"])
def test_a_reason_that_can_not_be_stored_is_refused(session: Session, site: Site, reason: str) -> None:
    content = make_content(session, site)
    with pytest.raises(UserError, match="the reason"):
        reject(session, site, content.id, "Ada", reason, write_again=False)


def test_a_published_text_is_not_rejected(session: Session, site: Site) -> None:
    content = make_content(session, site, status=ContentStatus.PUBLISHED)
    with pytest.raises(UserError, match="is published"):
        reject(session, site, content.id, "Ada", "late", write_again=False)
