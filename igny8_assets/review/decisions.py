"""What a person decides about a text: approve it, reject it, note that it is published."""

from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.quality.report import QualityReport
from igny8_assets.review.access import LONGEST_REASON, checked_name, checked_text, find_content
from igny8_assets.review.writing_again import discard, send_back
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import (
    Content,
    ContentStatus,
    Decision,
    Illustration,
    ReviewDecision,
    Site,
    utc_now,
)

LONGEST_URL = 2000
MOST_BLOCKS_SHOWN = 3


def approve(session: Session, site: Site, content_id: int, reviewer: str, *, seen_hash: str | None = None) -> Content:
    """Approve a draft as it is now.

    Args:
        seen_hash: the content hash of what the reviewer read (or how it begins, 8 digits at least); if the text was
            changed since, it is not approved.

    Raises:
        UserError: it is not a draft, its pictures are not all there, a check blocks it, or it was changed since.
    """
    reviewer = checked_name(reviewer)
    take_turn(session, site.id)
    content = find_content(session, site, content_id)
    if content.status != ContentStatus.DRAFT:
        raise UserError(f"text {content.id} is {content.status.value}; only a draft can be approved")
    if content.illustration != Illustration.READY:
        needs = "prompts for its images" if content.illustration == Illustration.NEEDS_PROMPTS else "its images"
        raise UserError(
            f"text {content.id} still needs {needs}; `igny8 run {site.slug}` makes them, "
            f"`igny8 content remove-image {site.slug} IMAGE` lets it go without one"
        )
    if seen_hash is not None and (len(seen_hash) < 8 or not content.content_hash.startswith(seen_hash.lower())):
        raise UserError(f"text {content.id} is not the one you read: its hash is {content.content_hash}; read it again")
    blocks = QualityReport.from_json(content.quality).blocks if content.quality else ()
    if blocks:
        shown = "; ".join(f"{finding.check}: {finding.evidence}" for finding in blocks[:MOST_BLOCKS_SHOWN])
        raise UserError(f"text {content.id} can't be approved, its checks block it: {shown}")
    content.status = ContentStatus.APPROVED
    _record(session, content, Decision.APPROVED, reviewer, None)
    return content


def reject(session: Session, site: Site, content_id: int, reviewer: str, reason: str, *, write_again: bool) -> Content:
    """Reject a text.

    Args:
        reason: why; with `write_again` the next attempt is told it.
        write_again: put the text's task back to pending, as a new attempt that is charged.

    Raises:
        UserError: it is published or rejected already, or its task can't be written again.
    """
    reviewer = checked_name(reviewer)
    reason = checked_text(reason, "the reason", LONGEST_REASON)
    take_turn(session, site.id)
    content = find_content(session, site, content_id)
    if content.status not in (ContentStatus.DRAFT, ContentStatus.APPROVED):
        raise UserError(
            f"text {content.id} is {content.status.value}; only a draft or an approved text can be rejected"
        )
    if write_again:
        send_back(session, content, reason)
    discard(content, reason)
    _record(session, content, Decision.REJECTED, reviewer, reason)
    return content


def mark_published(session: Session, site: Site, content_id: int, reviewer: str, url: str) -> Content:
    """Note that a text stands on the web.

    Raises:
        UserError: it is not approved, what was approved is not what it is now, or the address is none.
    """
    reviewer = checked_name(reviewer)
    url = _checked_url(url)
    take_turn(session, site.id)
    content = find_content(session, site, content_id)
    if content.status != ContentStatus.APPROVED:
        raise UserError(f"text {content.id} is {content.status.value}; only an approved text can be published")
    if content.reviewed_hash != content.content_hash:
        raise UserError(f"text {content.id} was changed after its approval; `igny8 review approve` it again")
    content.status, content.published_url = ContentStatus.PUBLISHED, url
    add_decision(session, content, Decision.PUBLISHED, reviewer, None)
    return content


def add_decision(session: Session, content: Content, decision: Decision, person: str, reason: str | None) -> None:
    """Write down what a person decided about the text as it is now."""
    session.add(
        ReviewDecision(
            content_id=content.id,
            decision=decision,
            reviewer=person,
            content_hash=content.content_hash,
            reason=reason,
        )
    )


def _record(session: Session, content: Content, decision: Decision, reviewer: str, reason: str | None) -> None:
    content.reviewer, content.reviewed_at, content.reviewed_hash = reviewer, utc_now(), content.content_hash
    content.review_reason = reason
    add_decision(session, content, decision, reviewer, reason)


def _checked_url(url: str) -> str:
    url = checked_text(url, "the address", LONGEST_URL)
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(sign.isspace() for sign in url)
    except ValueError:
        fine = False
    if not fine:
        raise UserError(f"{url!r} is not a web address; write it like https://www.example.com/page")
    return url
