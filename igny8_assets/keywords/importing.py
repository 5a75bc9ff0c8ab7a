"""Keyword exports go into the store: one transaction per file, in which the file is claimed, merged and counted."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.keywords.reading import Export, read_export
from igny8_assets.keywords.rejects import write_rejects
from igny8_assets.store import counters
from igny8_assets.store.database import Store
from igny8_assets.store.models import KeywordFile

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "text",
    "normalised",
    "market",
    "volume",
    "volume_kind",
    "difficulty",
    "cpc_millis",
    "intents",
    "parent",
    "url",
    "file_line",
)
TYPES = {"volume": "bigint", "difficulty": "integer", "cpc_millis": "bigint", "file_line": "integer"}
LONGEST_MARKET = 8


@dataclass(frozen=True)
class ImportSummary:
    """What came of a file: `rows == new + merged + rejected`; `again` says that it was imported before."""

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
        UserError: the file can't be read at all; nothing was written.
    """
    digest = _sha256(path)
    with store.read() as session:
        earlier = _earlier(session, site_id, digest)
    if earlier is not None:
        return earlier
    export = read_export(path)
    rejects_file = _write_rejects(export, rejects, path.name, digest)
    with store.write() as session:
        # Another process may have imported the same file since; its row is the claim.
        earlier = _earlier(session, site_id, digest)
        if earlier is not None:
            return earlier
        file = KeywordFile(
            site_id=site_id,
            sha256=digest,
            name=path.name[:255],
            layout=export.layout,
            rows=export.rows,
            new=0,
            merged=0,
            rejected=len(export.rejects),
        )
        session.add(file)
        session.flush()
        _stage(store, session, _columns(export.keywords, market))
        _merge(session, site_id)
        file.new = _insert(session, site_id, sector_id, file.id)
        file.merged = export.rows - file.rejected - file.new
        session.execute(text("drop table incoming_keyword"))
        counters.add(session, site_id, "keyword", {"new": file.new, "pending": file.new})
        return _summary(file, rejects_file, again=False)


def _earlier(session: Session, site_id: int, digest: str) -> ImportSummary | None:
    file = session.scalar(select(KeywordFile).where(KeywordFile.site_id == site_id, KeywordFile.sha256 == digest))
    return None if file is None else _summary(file, None, again=True)


def _summary(file: KeywordFile, rejects_file: Path | None, *, again: bool) -> ImportSummary:
    return ImportSummary(file.name, file.layout, file.rows, file.new, file.merged, file.rejected, rejects_file, again)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror}; check its name and permissions") from None


def _write_rejects(export: Export, folder: Path, name: str, digest: str) -> Path | None:
    if not len(export.rejects):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{Path(name).stem}-{digest[:8]}-rejects.csv"
    write_rejects(export, target)
    return target


def _columns(keywords: "pd.DataFrame", market: str) -> "pd.DataFrame":
    ready = keywords.rename(columns={"line": "file_line"})
    ready["market"] = ready["market"].fillna(market).str.slice(0, LONGEST_MARKET)
    # In the order of the unique index, which then grows at its end instead of everywhere.
    return ready[list(COLUMNS)].sort_values(["market", "normalised"], kind="stable")


def _stage(store: Store, session: Session, keywords: "pd.DataFrame") -> None:
    columns = ", ".join(f"{name} {TYPES.get(name, 'text')}" for name in COLUMNS)
    session.execute(text(f"create temporary table incoming_keyword ({columns})"))
    connection: Any = session.connection().connection.driver_connection
    if store.is_sqlite:
        marks = ", ".join("?" for _ in COLUMNS)
        rows = zip(*(_plain(keywords[name]) for name in COLUMNS), strict=True)
        connection.executemany(f"insert into incoming_keyword values ({marks})", rows)  # noqa: S608
        return
    buffer = io.StringIO()
    keywords.to_csv(buffer, index=False, header=False, na_rep="\\N", sep="\t", quoting=3, escapechar="\\")
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert("copy incoming_keyword from stdin", buffer)
        cursor.execute("analyze incoming_keyword")


def _plain(column: "pd.Series[Any]") -> list[Any]:
    """A column as plain Python values, missing ones as None."""
    values = column.astype(object)
    return values.where(values.notna(), None).tolist()


# "exact volume beats estimate beats impressions"; of the same kind the larger, so that no order of files matters.
RANK = "case {}.volume_kind when 'exact' then 3 when 'estimate' then 2 when 'impressions' then 1 else 0 end"
SAME = "k.site_id = :site_id and k.market = i.market and k.normalised = i.normalised"
BETTER = (
    f"({RANK.format('i')} > {RANK.format('k')} or ({RANK.format('i')} = {RANK.format('k')} and i.volume > k.volume))"
)
MERGE = f"""
    update keyword as k set
        volume = case when {BETTER} then i.volume else k.volume end,
        volume_kind = case when {BETTER} then i.volume_kind else k.volume_kind end,
        difficulty = coalesce(k.difficulty, i.difficulty),
        cpc_millis = coalesce(k.cpc_millis, i.cpc_millis),
        intents = case when k.intents = '' then i.intents else k.intents end,
        parent = coalesce(k.parent, i.parent),
        url = coalesce(k.url, i.url)
    from incoming_keyword as i where {SAME}
"""
CLUSTER_VOLUMES = f"""
    update cluster set volume = (
        select coalesce(sum(volume), 0) from keyword where keyword.cluster_id = cluster.id
    ) where cluster.site_id = :site_id and cluster.id in (
        select k.cluster_id from keyword as k join incoming_keyword as i on {SAME} where k.cluster_id is not null
    )
"""
INSERT = """
    insert into keyword (
        site_id, sector_id, file_id, text, normalised, market, volume, volume_kind, difficulty, cpc_millis,
        intents, parent, url, file_line, status, attempt
    ) select
        :site_id, :sector_id, :file_id, text, normalised, market, volume, volume_kind, difficulty, cpc_millis,
        intents, parent, url, file_line, 'new', 1
    from incoming_keyword where true order by market, normalised
    on conflict (site_id, market, normalised) do nothing
"""


def _merge(session: Session, site_id: int) -> None:
    here = {"site_id": site_id}
    if session.execute(text("select 1 from keyword where site_id = :site_id limit 1"), here).first():
        session.execute(text(MERGE), here)
        session.execute(text(CLUSTER_VOLUMES), here)


def _insert(session: Session, site_id: int, sector_id: int, file_id: int) -> int:
    inserted: Any = session.execute(text(INSERT), {"site_id": site_id, "sector_id": sector_id, "file_id": file_id})
    return int(inserted.rowcount)
