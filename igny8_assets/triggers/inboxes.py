"""What lies in the inbox folders of the sites, and what of it is dealt with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.assets.importing import inbox_files
from igny8_assets.errors import UserError
from igny8_assets.keywords.importing import was_imported
from igny8_assets.settings import Settings
from igny8_assets.store.models import Site, SiteStatus

Marks = dict[str, str]
"""Name of a file → its size and time of change: another mark is another file."""


@dataclass(frozen=True)
class Inbox:
    """The settled files of a site: those that are dealt with, and those that have arrived since."""

    site: str
    done: Marks
    arrived: Marks


def read_inboxes(session: Session, settings: Settings, done: Mapping[str, Marks]) -> list[Inbox]:
    """The inboxes of all active sites, by slug.

    Args:
        done: site → the files that were dealt with; one that is there no more is forgotten.
    """
    if not settings.inbox.is_dir():
        return []
    folders = {folder.name: folder for folder in settings.inbox.iterdir() if folder.is_dir()}
    sites = session.execute(
        select(Site.slug, Site.id).where(Site.slug.in_(folders), Site.status == SiteStatus.ACTIVE).order_by(Site.slug)
    )
    return [_read(session, settings, slug, site_id, folders[slug], done.get(slug, {})) for slug, site_id in sites.all()]


def _read(session: Session, settings: Settings, slug: str, site_id: int, folder: Path, done: Marks) -> Inbox:
    known: Marks = {}
    arrived: Marks = {}
    settled, _ = inbox_files(folder, settings.inbox_settle_seconds)
    for path in settled:
        try:
            stat = path.stat()
            mark = f"{stat.st_size}:{stat.st_mtime_ns}"
            dealt_with = done.get(path.name) == mark or was_imported(session, site_id, path)
        except (OSError, UserError):
            # It was taken away in this moment, or nobody may read it, which an import says.
            continue
        (known if dealt_with else arrived)[path.name] = mark
    return Inbox(slug, known, arrived)
