"""Keyword exports go into the store: one transaction per file, in which the file is claimed, merged and counted."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.keywords.bulk_copy import Fixed, Rows, write_rows
from igny8_assets.keywords.normalising import shown
from igny8_assets.keywords.reading import Export, read_export
from igny8_assets.keywords.rejects import write_rejects
from igny8_assets.keywords.stored_merging import insert_new, merge_known
from igny8_assets.store import counters
from igny8_assets.store.database import Store
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Keyword, KeywordFile, Site


@dataclass(frozen=True)
class ImportSummary:
    """What came of a file: `rows == new + merged + rejected`.

    `again` says that it was imported before: nothing of it is new, and its readable rows count as merged.
    """

    name: str
    layout: str
    rows: int
    new: int
    merged: int
    rejected: int
    rejects_file: Path | None
    again: bool


def import_file(store: Store, site_id: int, sector_id: int, market: str, path: Path, rejects: Path) -> ImportSummary:
    """Import a keyword export into a site, once by its content.

    Args:
        sector_id: the sector that its new keywords get.
        market: the country of rows that don't name one.
        path: the export.
        rejects: the folder for the file of rows that can't be read.

    Raises:
        UserError: the file or none of its rows can be read, or its rejects can't be written; nothing was stored.
    """
    digest = _sha256(path)
    with store.read() as session:
        earlier = _earlier(session, site_id, digest)
    if earlier is not None:
        return earlier
    export = read_export(path, market=market)
    if len(export.rejects) == export.rows:
        first = export.rejects.iloc[0]
        raise UserError(
            f"{path.name} has no row that can be read (line {first['line']}: {first['reason']}); export it again"
        )
    keywords = Rows(export.keywords)
    with store.write() as session:
        # Imports into one site go one after the other; SQLite has one writer anyway.
        session.execute(select(Site.id).where(Site.id == site_id).with_for_update(key_share=True))
        earlier = _earlier(session, site_id, digest)
        if earlier is not None:
            return earlier
        file = KeywordFile(
            site_id=site_id,
            sha256=digest,
            name=shown(path.name),
            layout=export.layout,
            rows=export.rows,
            new=0,
            merged=0,
            rejected=len(export.rejects),
        )
        session.add(file)
        session.flush()
        file.new = _write_keywords(session, site_id, sector_id, file.id, keywords)
        file.merged = export.rows - file.rejected - file.new
        counters.add(session, site_id, "keyword", {"new": file.new, "pending": file.new})
        rejects_file = _write_rejects(export, rejects, path.name, digest)
        return ImportSummary(
            file.name, file.layout, file.rows, file.new, file.merged, file.rejected, rejects_file, again=False
        )


def was_imported(session: Session, site_id: int, path: Path) -> bool:
    """Whether a site has had a file of this content.

    Raises:
        UserError: the file can't be read.
    """
    return _earlier(session, site_id, _sha256(path)) is not None


def _write_keywords(session: Session, site_id: int, sector_id: int, file_id: int, keywords: Rows) -> int:
    """Insert or merge all keywords of a file, and say how many were new."""
    fixed: Fixed = {"site_id": site_id, "sector_id": sector_id, "file_id": file_id, "status": "new", "attempt": 1}
    if session.scalar(select(Keyword.id).where(Keyword.site_id == site_id).limit(1)) is None:
        # Nothing to merge with: straight into the table, which is much quicker.
        write_rows(session, "keyword", keywords, fixed)
        return len(keywords)
    new = insert_new(session, keywords, fixed)
    # Every writer of the site takes the lease's row first: what is merged now can't be held by one that waits for us.
    take_turn(session, site_id)
    merge_known(session, site_id, file_id)
    return new


def _earlier(session: Session, site_id: int, digest: str) -> ImportSummary | None:
    file = session.scalar(select(KeywordFile).where(KeywordFile.site_id == site_id, KeywordFile.sha256 == digest))
    if file is None:
        return None
    known = file.rows - file.rejected
    return ImportSummary(file.name, file.layout, file.rows, 0, known, file.rejected, None, again=True)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror}; check its name and permissions") from None


def _write_rejects(export: Export, folder: Path, name: str, digest: str) -> Path | None:
    if not len(export.rejects):
        return None
    # A file name may have 255 bytes, and a sign up to four.
    target = folder / f"{Path(name).stem[:50]}-{digest[:8]}-rejects.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} can't be made ({error.strerror}); check its permissions") from None
    write_rejects(export, target)
    return target
