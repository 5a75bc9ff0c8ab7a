"""Clusters as these tests need them, and what is planned to join them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.store.models import AutomationConfig, Cluster, Keyword, PlannedMembership, Sector, Site
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.factories import make_cluster, make_keyword


def make_mills(session: Session, site: Site, *texts: str, **values: Any) -> tuple[Cluster, list[Keyword]]:
    """A cluster of these keywords, the first its root and the most searched."""
    cluster = make_cluster(session, site, name=texts[0], **values)
    volumes = range(10 * len(texts), 0, -10)
    rows = [
        make_keyword(session, site, text, cluster=cluster, volume=volume, reason=Reason.LIKENESS, reason_amount=700)
        for text, volume in zip(texts, volumes, strict=True)
    ]
    return cluster, rows


def reopen_after(session: Session, site: Site, number: int) -> None:
    session.get_one(AutomationConfig, site.id).reopen_after = number
    session.flush()


def plan(session: Session, site: Site, *keywords: Keyword, group: int = 0, cluster: Cluster | None = None) -> None:
    for position, keyword in enumerate(keywords):
        session.add(
            PlannedMembership(
                keyword_id=keyword.id,
                site_id=site.id,
                group_number=group,
                position=position,
                cluster_id=cluster and cluster.id,
            )
        )
    session.flush()


def planned(session: Session) -> dict[int, int | None]:
    rows = session.execute(select(PlannedMembership.keyword_id, PlannedMembership.cluster_id))
    return {row.keyword_id: row.cluster_id for row in rows}


def is_there(session: Session, cluster: Cluster) -> bool:
    return session.scalar(select(Cluster.id).where(Cluster.id == cluster.id)) is not None


def add_sector(session: Session, site: Site) -> Sector:
    sector = Sector(site_id=site.id, name="Tea")
    session.add(sector)
    session.flush()
    return sector
