"""Search results in the store, with the keywords that they are for."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from igny8_assets.store.models import Keyword

KEYWORDS_AT_ONCE = 500


def keep_results(session: Session, site_id: int, results: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """Keep the results of those keywords that the site has, in place of earlier ones, in every market.

    Args:
        session: to write with.
        site_id: whose keywords they are for.
        results: by normalised keyword the URLs of its first results.

    Returns:
        How many of the keywords the site has, and how many it does not.
    """
    wanted = sorted(results)
    known = 0
    for start in range(0, len(wanted), KEYWORDS_AT_ONCE):
        part = wanted[start : start + KEYWORDS_AT_ONCE]
        rows = session.execute(
            select(Keyword.id, Keyword.normalised).where(Keyword.site_id == site_id, Keyword.normalised.in_(part))
        ).all()
        known += len({row.normalised for row in rows})
        if rows:
            session.execute(
                update(Keyword), [{"id": row.id, "ranking_urls": list(results[row.normalised])} for row in rows]
            )
    return known, len(wanted) - known
