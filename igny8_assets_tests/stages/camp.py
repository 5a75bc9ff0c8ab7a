"""A small camping site whose keywords are in the store already, and everything that the store remembers of it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from igny8_assets.store import counters, ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import Base, Cluster, CreditEntry, EntryKind, Keyword, Site
from igny8_assets_tests.factories import make_keyword
from igny8_assets_tests.pipeline.sites import TOPICS, configure, make_site

TENTS = TOPICS["tent"][:3]
STOVES = TOPICS["stove"][:3]
OF_A_RUN = ("automation_run", "run_launch", "stage_result", "site_lease", "automation_config")
"""Tables that every run writes, whatever it did."""


def make_camp(
    store: Store,
    texts: Iterable[str] = (*TENTS, *STOVES),
    *,
    slug: str = "camp",
    tenths: int = 100_000,
    images: int = 0,
    **config: Any,
) -> Site:
    """A site with these keywords, one idea a cluster and only a featured picture unless told otherwise."""
    site = make_site(store, slug, credits_tenths=tenths, images=images)
    configure(store, site, **{"ideas_per_cluster": 1, **config})
    add_keywords(store, site, texts)
    return site


def add_keywords(store: Store, site: Site, texts: Iterable[str]) -> None:
    """New keywords, the first the most searched."""
    with store.write() as session:
        for place, text in enumerate(texts):
            make_keyword(session, session.get_one(Site, site.id), text, volume=1000 - place, intents="informational")


def count(store: Store, *conditions: Any) -> int:
    """How many rows of the model of the first condition (or of the model itself) there are."""
    model, *where = conditions
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def membership(store: Store, site: Site) -> dict[str, str | None]:
    """Keyword → the root keyword of its cluster."""
    with store.read() as session:
        rows = session.execute(
            select(Keyword.text, Cluster.root_keyword)
            .outerjoin(Cluster, Cluster.id == Keyword.cluster_id)
            .where(Keyword.site_id == site.id)
        )
        return {row.text: row.root_keyword for row in rows}


def everything(store: Store, *, without: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for the tables that are named."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in set(without)]
    with store.read() as session:
        return {table.name: sorted(map(tuple, session.execute(select(table))), key=repr) for table in tables}


def charged_tenths(store: Store, site: Site, stage: int | None = None) -> int:
    """What a site was charged, in one stage or in all."""
    mine = [CreditEntry.site_id == site.id, CreditEntry.kind == EntryKind.CHARGE]
    if stage is not None:
        mine.append(CreditEntry.stage == stage)
    with store.read() as session:
        return -int(session.scalar(select(func.sum(CreditEntry.amount_tenths)).where(*mine)) or 0)


def assert_sound(store: Store, site: Site) -> None:
    """Counters say what the rows say, the balance is the sum of the ledger, and nothing is left reserved."""
    with store.read() as session:
        counted, true = counters.read(session, site.id), counters.recount(session, site.id)
        assert {key: value for key, value in counted.items() if value} == {
            key: value for key, value in true.items() if value
        }
        assert ledger.balance(session, site.account_id) == ledger.sum_of_entries(session, site.account_id)
        reserved = select(func.sum(CreditEntry.amount_tenths)).where(
            CreditEntry.account_id == site.account_id, CreditEntry.kind.in_([EntryKind.RESERVE, EntryKind.RELEASE])
        )
        assert not session.scalar(reserved)
