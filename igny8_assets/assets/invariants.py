"""What must hold of a site's rows: each function says whether it holds, and with which figures."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.media.library import ImageLibrary
from igny8_assets.settings import Settings
from igny8_assets.store import counters, ledger
from igny8_assets.store.models import (
    Account,
    Cluster,
    Content,
    ContentStatus,
    Image,
    ImageStatus,
    Keyword,
    KeywordFile,
    KeywordStatus,
    Site,
)

Verdict = tuple[bool, dict[str, Any]]
MOST_NAMED = 20


def every_row_is_accounted_for(session: Session, site: Site, _settings: Settings) -> Verdict:
    """Rows of all imports = new + merged + rejected, and the new ones are there."""
    sums = session.execute(
        select(
            func.coalesce(func.sum(KeywordFile.rows), 0),
            func.coalesce(func.sum(KeywordFile.new), 0),
            func.coalesce(func.sum(KeywordFile.merged + KeywordFile.rejected), 0),
        ).where(KeywordFile.site_id == site.id)
    ).one()
    there = session.scalar(select(func.count()).select_from(Keyword).where(Keyword.site_id == site.id)) or 0
    rows, new, rest = (int(value) for value in sums)
    figures = {"rows": rows, "new": new, "merged_or_rejected": rest, "keywords": there}
    return rows == new + rest and new == there, figures


def counters_equal_the_rows(session: Session, site: Site, _settings: Settings) -> Verdict:
    """Every counter equals a real count."""
    kept = {key: amount for key, amount in counters.read(session, site.id).items() if amount}
    real = {key: amount for key, amount in counters.recount(session, site.id).items() if amount}
    wrong = sorted(" ".join(key) for key in kept.keys() | real.keys() if kept.get(key) != real.get(key))
    return not wrong, {"wrong": ", ".join(wrong) or "none"}


def every_mapped_keyword_has_a_cluster(session: Session, site: Site, _settings: Settings) -> Verdict:
    """Memberships fit the statuses of keywords and the counts of clusters."""
    astray = session.scalar(
        select(func.count())
        .select_from(Keyword)
        .where(
            Keyword.site_id == site.id,
            (Keyword.status == KeywordStatus.MAPPED) != Keyword.cluster_id.is_not(None),
        )
    )
    members = (
        select(Keyword.cluster_id, func.count().label("number"))
        .where(Keyword.site_id == site.id, Keyword.cluster_id.is_not(None))
        .group_by(Keyword.cluster_id)
        .subquery()
    )
    miscounted = session.scalars(
        select(Cluster.name)
        .outerjoin(members, members.c.cluster_id == Cluster.id)
        .where(Cluster.site_id == site.id, func.coalesce(members.c.number, 0) != Cluster.keyword_count)
        .limit(MOST_NAMED)
    ).all()
    figures = {"keywords_astray": astray or 0, "miscounted_clusters": ", ".join(miscounted) or "none"}
    return not astray and not miscounted, figures


def no_draft_without_text(session: Session, site: Site, _settings: Settings) -> Verdict:
    """Every text has words."""
    empty = session.scalars(
        select(Content.title)
        .where(Content.site_id == site.id, (Content.word_count < 1) | (Content.html == ""))
        .limit(MOST_NAMED)
    ).all()
    return not empty, {"empty": ", ".join(empty) or "none"}


def draft_quality(session: Session, site: Site, _settings: Settings) -> Verdict:
    """No draft blocks; the warnings of all drafts are added up by check."""
    warned: dict[str, int] = {}
    blocked = drafts = 0
    for quality in session.scalars(
        select(Content.quality).where(Content.site_id == site.id, Content.status == ContentStatus.DRAFT)
    ):
        drafts += 1
        for finding in quality.get("findings", ()):
            if finding["verdict"] == "warn":
                warned[finding["check"]] = warned.get(finding["check"], 0) + 1
            blocked += finding["verdict"] == "block"
    figures: dict[str, Any] = {"drafts": drafts, "blocked": blocked}
    for check, number in sorted(warned.items(), key=lambda one: (-one[1], one)):
        figures[f"warnings: {check}"] = number
    return not blocked, figures


def every_image_has_its_file(session: Session, site: Site, settings: Settings) -> Verdict:
    """Every generated image's file is in the library."""
    library = ImageLibrary(settings.images)
    names = session.scalars(
        select(Image.name).where(Image.site_id == site.id, Image.status == ImageStatus.GENERATED)
    ).all()
    missing = [name or "(no name)" for name in names if name is None or not library.exists(name)]
    return not missing, {"images": len(names), "missing": ", ".join(missing[:MOST_NAMED]) or "none"}


def ledger_balances(session: Session, site: Site, _settings: Settings) -> Verdict:
    """The balance of the site's account equals the sum of its ledger."""
    balance = session.get_one(Account, site.account_id).balance_tenths
    entries = ledger.sum_of_entries(session, site.account_id)
    return balance == entries, {"balance": balance / 10, "entries": entries / 10}
