"""Keeping a site's pages: what is imported again is brought up to date, never doubled."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound
from igny8_assets.pages.reading import FoundPage
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Page, Site

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Kept:
    """How many pages were new, had another title or keyphrase, and were known as they are."""

    new: int
    changed: int
    known: int


def keep_pages(session: Session, site: Site, found: Sequence[FoundPage]) -> Kept:
    """Store pages under their addresses; an empty keyphrase leaves the one that is known."""
    take_turn(session, site.id)
    present = {page.url: page for page in session.scalars(select(Page).where(Page.site_id == site.id))}
    new = [
        {"site_id": site.id, "url": page.url, "title": page.title, "keyphrase": page.keyphrase}
        for page in found
        if page.url not in present
    ]
    for start in range(0, len(new), _ROWS_AT_ONCE):
        session.execute(insert(Page), new[start : start + _ROWS_AT_ONCE])
    changed = 0
    for page in found:
        row = present.get(page.url)
        if row is None:
            continue
        told = (page.title, page.keyphrase or row.keyphrase)
        if (row.title, row.keyphrase) != told:
            (row.title, row.keyphrase), changed = told, changed + 1
    return Kept(len(new), changed, len(found) - len(new) - changed)


def remove_pages(session: Session, site: Site, ids: Sequence[int]) -> int:
    """Forget pages.

    Raises:
        NotFound: the site has no page of a number; nothing was removed.
    """
    take_turn(session, site.id)
    there = set(session.scalars(select(Page.id).where(Page.site_id == site.id, Page.id.in_(ids))))
    for page_id in ids:
        if page_id not in there:
            raise NotFound(f"site {site.slug!r} has no page {page_id}; `igny8 pages list {site.slug}` shows them")
    session.execute(delete(Page).where(Page.id.in_(there)))
    return len(there)
