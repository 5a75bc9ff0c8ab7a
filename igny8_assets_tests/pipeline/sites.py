"""Sites for tests of whole runs, and what such a run leaves, by natural keys."""

import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import select

from igny8_assets.automation.sites import NewSite, add_account, add_site, default_sector
from igny8_assets.keywords.importing import ImportSummary, import_file
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Account,
    AutomationConfig,
    Cluster,
    Content,
    ContentIdea,
    CreditEntry,
    EntryKind,
    Image,
    Keyword,
    Site,
    Task,
)

TOPICS = {
    "tent": ["family tent", "best family tent", "family tent with porch", "large family tent", "cheap family tent"],
    "stove": ["camping stove", "best camping stove", "gas camping stove", "camping stove fuel", "small camping stove"],
    "boots": ["hiking boots", "waterproof hiking boots", "hiking boots for women", "best hiking boots"],
    "bag": ["down sleeping bag", "how to wash a down sleeping bag", "down sleeping bag for winter"],
}
"""Keywords of an invented camping shop."""


def make_site(store: Store, slug: str = "camp", *, credits_tenths: int = 100_000, images: int = 1) -> Site:
    """A site whose account has credits; a second site of the same store shares the account."""
    with store.write() as session:
        account = session.scalar(select(Account))
        if account is None:
            account = add_account(session, "default")
            if credits_tenths:
                ledger.grant(session, account.id, credits_tenths, key=uuid.uuid4().hex)
        return add_site(
            session, account, NewSite(slug, name="Camp Shop", domain="camp.example", in_article_images=images)
        )


def import_keywords(store: Store, site: Site, folder: Path, keywords: list[str] | None = None) -> ImportSummary:
    """Import the topics, or other keywords, with volumes that fall from the first to the last."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = keywords or [keyword for group in TOPICS.values() for keyword in group]
    path = folder / f"{uuid.uuid4().hex}.csv"
    lines = [f'"{text}",{1000 - number},{number % 100},informational' for number, text in enumerate(texts)]
    path.write_text("Keyword,Volume,Keyword Difficulty,Intent\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return import_export(store, site, path)


def import_export(store: Store, site: Site, path: Path) -> ImportSummary:
    """Import an export into a site's default sector."""
    with store.read() as session:
        sector = default_sector(session, site)
    return import_file(store, site.id, sector.id, site.country, path, path.parent / "rejects")


def configure(store: Store, site: Site, **values: Any) -> None:
    """Set fields of a site's automation settings."""
    with store.write() as session:
        row = session.get_one(AutomationConfig, site.id)
        for name, value in values.items():
            setattr(row, name, value)


def end_state(store: Store, site: Site) -> dict[str, list[Any]]:
    """Everything a site's runs made, without ids, moments and order."""
    with store.read() as session:
        mine = session.get_one(Site, site.id)
        balance = session.get_one(Account, mine.account_id).balance_tenths
        clusters = select(Cluster).where(Cluster.site_id == site.id)
        return {
            "keywords": sorted(
                (row.normalised, row.status.value, session.get_one(Cluster, row.cluster_id).root_keyword)
                if row.cluster_id
                else (row.normalised, row.status.value, "")
                for row in session.scalars(select(Keyword).where(Keyword.site_id == site.id))
            ),
            "clusters": sorted(
                (row.root_keyword, row.name, row.volume, row.keyword_count, row.uncovered_count, row.status.value)
                for row in session.scalars(clusters)
            ),
            "ideas": sorted(
                (row.title, row.status.value, tuple(link.keyword.normalised for link in row.keywords))
                for row in session.scalars(select(ContentIdea).where(ContentIdea.site_id == site.id))
            ),
            "tasks": sorted(
                (row.title, row.word_target, row.status.value)
                for row in session.scalars(select(Task).where(Task.site_id == site.id))
            ),
            "content": sorted(
                (row.title, row.slug, row.content_hash, row.status.value, row.illustration.value)
                for row in session.scalars(select(Content).where(Content.site_id == site.id))
            ),
            "images": sorted(
                (row.content.slug, row.role, row.prompt, row.status.value, row.sha256 or "")
                for row in session.scalars(select(Image).where(Image.site_id == site.id))
            ),
            "balance": [balance],
            "charges": [
                -sum(
                    session.scalars(
                        select(CreditEntry.amount_tenths).where(
                            CreditEntry.site_id == site.id, CreditEntry.kind == EntryKind.CHARGE
                        )
                    )
                )
            ],
        }
