"""The inbox: what the asset `keywords` imports, and what it reports."""

import time
from pathlib import Path
from typing import Any

import dagster as dg
from sqlalchemy import select

from igny8_assets.assets.joining import as_failure
from igny8_assets.automation.sites import default_sector, find_site
from igny8_assets.errors import UserError
from igny8_assets.keywords.importing import ImportSummary, import_file
from igny8_assets.resources import Installation
from igny8_assets.run_end import launch_of
from igny8_assets.settings import Settings
from igny8_assets.stages.run_log import INBOX, RunLog
from igny8_assets.store import counters
from igny8_assets.store.database import Store
from igny8_assets.store.models import Keyword

ROWS_SHOWN = 20


def import_settled_files(context: dg.AssetExecutionContext, installation: Installation) -> dict[str, Any]:
    """Import the files of the partition's inbox that nobody is still writing, and report the counts."""
    settings, store = installation.settings, installation.store
    slug = context.partition_key
    try:
        with store.read() as session:
            site = find_site(session, slug)
            sector_id = default_sector(session, site).id
    except UserError as error:
        raise as_failure(error) from None
    settled, unsettled = inbox_files(settings.inbox / slug, settings.inbox_settle_seconds)
    summaries: list[ImportSummary] = []
    refused: list[dict[str, str]] = []
    for path in settled:
        try:
            rejects = settings.folder / "rejects" / slug
            summary = import_file(store, site.id, sector_id, site.country, path, rejects)
        except UserError as error:
            _tell(context, settings, f"inbox: {path.name} was not imported: {error}", level="warning")
            refused.append({"file": path.name, "reason": str(error)})
            continue
        if not summary.again:
            summaries.append(summary)
            _tell(context, settings, f"inbox: {path.name}: {in_words(summary)}")
    for path in unsettled:
        _tell(
            context,
            settings,
            f"inbox: {path.name} was changed less than {settings.inbox_settle_seconds:g} s ago and may still be "
            "written to; the next run imports it",
        )
    return import_metadata(store, site.id, summaries, refused)


def _tell(context: dg.AssetExecutionContext, settings: Settings, message: str, level: str = "info") -> None:
    """Say it in Dagster's log, and in that of our run where one waits for this Dagster run."""
    context.log.log(level, message)
    launch = launch_of(context.run.tags)
    if launch is not None:
        RunLog(settings, launch[0]).write(message, level=level, stage=INBOX)


def in_words(summary: ImportSummary) -> str:
    """What came of a file, for a person."""
    return (
        f"{summary.rows:,} rows ({summary.layout}), {summary.new:,} new keywords, {summary.merged:,} merged with known "
        f"ones, {summary.rejected:,} rejected" + (f" (see {summary.rejects_file})" if summary.rejects_file else "")
    )


def inbox_files(folder: Path, seconds: float) -> tuple[list[Path], list[Path]]:
    """The files of a folder by name: those that have been unchanged for so many seconds, and the others."""
    if not folder.is_dir():
        return [], []
    latest = time.time() - seconds
    settled: list[Path] = []
    unsettled: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            (settled if path.stat().st_mtime <= latest else unsettled).append(path)
    return settled, unsettled


def import_metadata(
    store: Store, site_id: int, summaries: list[ImportSummary], refused: list[dict[str, str]]
) -> dict[str, Any]:
    """What the asset's page shows of an import."""
    with store.read() as session:
        counted = counters.read(session, site_id)
        rows = session.scalars(
            select(Keyword)
            .where(Keyword.site_id == site_id, Keyword.volume.is_not(None))
            .order_by(Keyword.volume.desc(), Keyword.id)
            .limit(ROWS_SHOWN)
        )
        top = [{"keyword": row.text, "volume": row.volume, "status": row.status.value} for row in rows]
    statuses = {name: counted["keyword", name] for name in ("new", "mapped", "orphaned", "ignored")}
    metadata: dict[str, Any] = {
        "dagster/row_count": sum(statuses.values()),
        "files": len(summaries),
        "rows": sum(summary.rows for summary in summaries),
        "new": sum(summary.new for summary in summaries),
        "merged": sum(summary.merged for summary in summaries),
        "rejected": sum(summary.rejected for summary in summaries),
        **{f"keywords_{name}": amount for name, amount in statuses.items()},
    }
    if refused:
        metadata["refused"] = dg.MetadataValue.table(records=[dg.TableRecord(record) for record in refused])
    if top:
        metadata["most_searched"] = dg.MetadataValue.table(records=[dg.TableRecord(record) for record in top])
    return metadata
