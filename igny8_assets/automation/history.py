"""A site's runs, page by page, the latest first."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from igny8_assets.automation.runs import find_run
from igny8_assets.errors import NotFound
from igny8_assets.store.models import AutomationRun, Site


def page_of_runs(
    session: Session, site: Site, limit: int, after: str | None = None
) -> tuple[Sequence[AutomationRun], str | None]:
    """Some of a site's runs, skipped slots among them.

    Args:
        limit: how many at most.
        after: the last run of the page before.

    Returns:
        The runs, and what to give as `after` for the next page: nothing when there is none.

    Raises:
        NotFound: `after` is no run of this site.
    """
    chosen = select(AutomationRun).where(AutomationRun.site_id == site.id)
    if after is not None:
        last = find_run(session, after)
        if last.site_id != site.id:
            raise NotFound(f"run {after!r} is not one of {site.slug}; `igny8 history {site.slug}` shows its runs")
        chosen = chosen.where(
            or_(
                AutomationRun.requested_at < last.requested_at,
                and_(AutomationRun.requested_at == last.requested_at, AutomationRun.id > last.id),
            )
        )
    ordered = chosen.order_by(AutomationRun.requested_at.desc(), AutomationRun.id).limit(limit + 1)
    rows = session.scalars(ordered).all()
    page = rows[:limit]
    return page, page[-1].id if len(rows) > limit else None
