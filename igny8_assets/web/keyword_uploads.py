"""Keyword exports that are sent to the server: who may send one, and what comes of it."""

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from igny8_assets.automation.sites import default_sector, find_sector
from igny8_assets.web.api.keywords_answers import ImportAnswer, Rejected
from igny8_assets.web.callers import Access
from igny8_assets.web.uploads import Upload, uploading

NO_LIMIT_HERE = 2**63 - 1
"""Bytes of a request's body: what an upload may have is a setting (uploads.py)."""
REJECTS_SHOWN = 100


@asynccontextmanager
async def receiving(request: Request, access: Access, slug: str) -> AsyncIterator[Upload]:
    """The export, received only from who may send one.

    Raises:
        NotFound, UserError: as `Access.reading`, before anything was received, and as `uploading`.
    """
    await run_in_threadpool(_see, access, slug)
    async with uploading(request, access.settings) as upload:
        yield upload


def _see(access: Access, slug: str) -> None:
    with access.reading(slug):
        pass


def import_upload(access: Access, slug: str, upload: Upload) -> ImportAnswer:
    """Import an export into the sector that its form names, or the default one.

    Raises:
        NotFound: there is no such sector.
        UserError: as `import_file`; nothing was stored.
    """
    from igny8_assets.keywords.importing import import_file

    with access.reading(slug) as (session, site):
        named = upload.fields.get("sector", "").strip()
        sector = find_sector(session, site, named) if named else default_sector(session, site)
    rejects = access.settings.folder / "rejects" / site.slug
    done = import_file(access.store, site.id, sector.id, site.country, upload.file, rejects)
    return ImportAnswer(
        name=done.name,
        layout=done.layout,
        rows=done.rows,
        new=done.new,
        merged=done.merged,
        rejected=done.rejected,
        again=done.again,
        rejects=[] if done.rejects_file is None else _first_rejects(done.rejects_file),
    )


def _first_rejects(path: Path) -> list[Rejected]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [Rejected(line=int(row["line"]), reason=row["reason"]) for row in islice(rows, REJECTS_SHOWN)]
