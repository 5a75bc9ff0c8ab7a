"""Lists of a site's keywords, page by page: the API and the page show the same."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from igny8_assets.keywords.normalising import normalise
from igny8_assets.review.why_there import why_there
from igny8_assets.store.models import Cluster, Keyword, KeywordStatus, Site
from igny8_assets.web.api.keywords_answers import KeywordFacts
from igny8_assets.web.cursors import Order, Page, page_of


@dataclass(frozen=True)
class WantedKeywords:
    """Which keywords a list is of; `text` is what they contain, `min_volume` searches a month."""

    status: KeywordStatus | None = None
    cluster: int | None = None
    text: str | None = None
    min_volume: int | None = None
    max_difficulty: int | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What the rows have to meet."""
        conditions: list[ColumnElement[bool]] = []
        if self.status is not None:
            conditions.append(Keyword.status == self.status)
        if self.cluster is not None:
            conditions.append(Keyword.cluster_id == self.cluster)
        if self.text is not None and normalise(self.text):
            conditions.append(Keyword.normalised.contains(normalise(self.text), autoescape=True))
        if self.min_volume is not None:
            conditions.append(Keyword.volume >= self.min_volume)
        if self.max_difficulty is not None:
            conditions.append(Keyword.difficulty <= self.max_difficulty)
        return conditions


def page_of_keywords(
    session: Session, site: Site, wanted: WantedKeywords, limit: int, after: str | None
) -> Page[KeywordFacts]:
    """A page of a site's keywords, the most searched first.

    Raises:
        UserError: 422, `after` was not given by this list.
    """
    beside = aliased(Keyword)
    rows = (
        select(Keyword, Cluster.name, beside.text)
        .outerjoin(Cluster, Cluster.id == Keyword.cluster_id)
        .outerjoin(beside, beside.id == Keyword.reason_keyword_id)
        .where(Keyword.site_id == site.id, *wanted.conditions)
    )
    orders = [Order(func.coalesce(Keyword.volume, -1), is_falling=True), Order(Keyword.id)]
    return page_of(session, rows, orders, limit, after, _facts)


def _facts(row: Any) -> KeywordFacts:
    keyword, cluster, beside = row[:3]
    return KeywordFacts.of(keyword, cluster, why_there(keyword.reason, beside, keyword.reason_amount))
