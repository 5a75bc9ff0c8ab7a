"""Real keyword exports through the pipeline; their files are read where they lie and never copied."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from igny8_assets.automation.sites import default_sector
from igny8_assets.keywords.importing import import_file
from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, Content, Keyword, KeywordStatus, Task
from igny8_assets_tests.pipeline.running import run_stages
from igny8_assets_tests.pipeline.sites import configure, make_site

EXPORTS = ("semrush_woocommerce.csv", "ahrefs_ai_tools.csv")
TASKS_WRITTEN = 40


@dataclass(frozen=True)
class Outcome:
    """What came of an export; the rows are all accounted for."""

    rows: int
    mapped: int
    orphaned: int
    new: int
    rejected: int
    merged: int
    clusters: int
    tasks: int
    drafts: int
    blocked: int
    ready: int


def run_export(store: Store, export: Path, folder: Path) -> Outcome:
    """All rows through stages 1 to 3, and 40 tasks through 4 to 7."""
    site = make_site(store, credits_tenths=10_000_000, images=2)
    with store.read() as session:
        sector = default_sector(session, site)
    summary = import_file(store, site.id, sector.id, site.country, export, folder / "rejects")
    run_stages(store, site, 1, 3)
    configure(store, site, stage_4_cap=TASKS_WRITTEN)
    reports = run_stages(store, site, 4, 7)
    with store.read() as session:
        statuses = Counter(session.scalars(select(Keyword.status).where(Keyword.site_id == site.id)))
        drafts = session.scalars(select(Content).where(Content.site_id == site.id)).all()
        clusters = len(session.scalars(select(Cluster.id).where(Cluster.site_id == site.id)).all())
        tasks = len(session.scalars(select(Task.id).where(Task.site_id == site.id)).all())
    return Outcome(
        rows=summary.rows,
        mapped=statuses[KeywordStatus.MAPPED],
        orphaned=statuses[KeywordStatus.ORPHANED],
        new=statuses[KeywordStatus.NEW],
        rejected=summary.rejected,
        merged=summary.merged,
        clusters=clusters,
        tasks=tasks,
        drafts=len(drafts),
        blocked=reports[4].failed,
        ready=reports[7].done,
    )
