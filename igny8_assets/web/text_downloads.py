"""A site's texts as one file to download."""

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from igny8_assets.store.models import Content, ContentStatus
from igny8_assets.web.callers import Access
from igny8_assets.web.downloads import download, folder_for_a_download, zipped

if TYPE_CHECKING:
    from fastapi.responses import FileResponse


class ExportFormat(StrEnum):
    """The formats of an export."""

    HTML = "html"
    MD = "md"
    CSV = "csv"
    WXR = "wxr"


ZIP = "application/zip"
KINDS = {
    ExportFormat.HTML: ZIP,
    ExportFormat.MD: ZIP,
    ExportFormat.CSV: "text/csv",
    ExportFormat.WXR: "application/rss+xml",
}


def texts_as_file(access: Access, slug: str, form: ExportFormat, status: ContentStatus | None) -> "FileResponse":
    """The texts of a status, or all but the rejected; `missing.txt` in a zip tells of pictures that are not there.

    Raises:
        NotFound: the caller may see no such site.
        UserError: there is nothing to export, or not in this format.
    """
    from igny8_assets.media.library import ImageLibrary
    from igny8_assets.review.exporting.exports import FOLDER_FORMATS, export_content

    with access.reading(slug) as (session, site), folder_for_a_download(access.settings) as folder:
        wanted = select(Content).where(Content.site_id == site.id).order_by(Content.id)
        chosen = Content.status != ContentStatus.REJECTED if status is None else Content.status == status
        contents = session.scalars(wanted.where(chosen).options(selectinload(Content.images))).all()
        is_folder = form in FOLDER_FORMATS
        target = folder / (site.slug if is_folder else f"{site.slug}.{'xml' if form == ExportFormat.WXR else form}")
        done = export_content(site, contents, form, target, ImageLibrary(access.settings.images))
        if is_folder:
            if done.missing:
                (target / "missing.txt").write_text("\n".join(done.missing) + "\n", encoding="utf-8")
            target = zipped(target, folder / f"{site.slug}.zip")
    return download(folder, target, KINDS[form])
