"""Taking keywords out of the work, and back in."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from igny8_assets.review.memberships import find_keywords, recount, unplan
from igny8_assets.store.models import KeywordStatus, Site


def ignore(session: Session, site: Site, texts: Sequence[str]) -> int:
    """Ignore keywords, in every market in which the site has them; a mapped one leaves its cluster.

    Returns:
        How many were not ignored before.

    Raises:
        UserError: one is no keyword, or the site lacks it; nothing was changed.
    """
    rows = [row for row in find_keywords(session, site, texts) if row.status != KeywordStatus.IGNORED]
    left = {row.cluster_id for row in rows if row.cluster_id is not None}
    unplan(session, site, [row.id for row in rows])
    for row in rows:
        row.status, row.cluster_id, row.failure_reason = KeywordStatus.IGNORED, None, None
        row.reason = row.reason_keyword_id = row.reason_amount = None
    recount(session, site, sorted(left))
    return len(rows)


def unignore(session: Session, site: Site, texts: Sequence[str]) -> int:
    """Make ignored keywords new again.

    Returns:
        How many were ignored.

    Raises:
        UserError: one is no keyword, or the site lacks it; nothing was changed.
    """
    rows = [row for row in find_keywords(session, site, texts) if row.status == KeywordStatus.IGNORED]
    for row in rows:
        row.status = KeywordStatus.NEW
    return len(rows)
