"""Writing texts out, in any of the formats."""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from igny8_assets.errors import UserError
from igny8_assets.media.errors import MediaError
from igny8_assets.media.library import ImageLibrary
from igny8_assets.review.exporting.page import as_page
from igny8_assets.review.exporting.pictures import Picture, pictures_of
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Content, ContentStatus, Site
from igny8_assets.whole_files import whole_file

FOLDER_FORMATS = ("html", "md")
FORMATS = (*FOLDER_FORMATS, "csv", "wxr")
IMAGES = "images"


@dataclass(frozen=True)
class Exported:
    """What was written: the folder or file (None is standard output), how many texts and images.

    `missing` has a line for each image that could not be read: its text is there without it.
    """

    target: Path | None
    texts: int
    images: int
    missing: tuple[str, ...] = ()


def export_content(
    site: Site, contents: Sequence[Content], form: str, out: Path | None, library: ImageLibrary
) -> Exported:
    """Write texts out; their images must be loaded or loadable.

    Args:
        form: `html` or `md` (a folder: one file per text, named by its slug, and its pictures in images/), `csv` or
            `wxr` (one file).
        out: the folder or the file; None is standard output, which only `csv` and `wxr` can be written to.
        library: where the pictures are.

    Raises:
        UserError: there is no such format, a folder is missing for it, or something can't be read or written.
    """
    if form not in FORMATS:
        raise UserError(f"there is no format {form!r}; choose {', '.join(FORMATS)}")
    if form in FOLDER_FORMATS:
        if out is None:
            raise UserError(f"{form} needs a folder to write to; name it by --out")
        return _write_folder(site, contents, form, out, library)
    if form == "csv":
        from igny8_assets.review.exporting.table import as_csv

        data = as_csv(contents).encode("utf-8", "replace")
    else:
        from igny8_assets.review.exporting.wordpress import as_wxr

        data = as_wxr(site, contents)
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        _write(out, data)
    return Exported(out, len(contents), 0)


def export_drafts(store: Store, settings: Settings, site: Site) -> Exported:
    """Write all texts of a site that are not rejected as HTML pages to its folder of drafts."""
    with store.read() as session:
        contents = session.scalars(
            select(Content)
            .where(Content.site_id == site.id, Content.status != ContentStatus.REJECTED)
            .order_by(Content.id)
            .options(selectinload(Content.images))
        ).all()
        done = export_content(site, contents, "html", settings.drafts / site.slug, ImageLibrary(settings.images))
        remove_rejected(session, site, settings.drafts / site.slug)
    return done


def remove_rejected(session: Session, site: Site, folder: Path) -> None:
    """Remove what earlier exports wrote of texts that have been rejected since; for a folder of ours only."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for row in session.execute(select(Content.id, Content.slug, Content.status).where(Content.site_id == site.id)):
        names[row.status == ContentStatus.REJECTED].add(_file_name(row.id, row.slug))
    for name in names[True] - names[False]:
        for form in FOLDER_FORMATS:
            (folder / f"{name}.{form}").unlink(missing_ok=True)


def _write_folder(site: Site, contents: Iterable[Content], form: str, folder: Path, library: ImageLibrary) -> Exported:
    texts = images = 0
    missing: list[str] = []
    for content in contents:
        pictures = []
        for picture in pictures_of(content, lambda name, _location: f"{IMAGES}/{Path(name).name}"):
            try:
                data = library.get(picture.name)
            except MediaError as error:
                missing.append(
                    f"text {content.id} is written without its image {picture.number} ({error}); "
                    f"`igny8 redo {site.slug} --stage 6 --item {picture.number}` has it made again"
                )
                continue
            _write(folder / picture.source, data)
            pictures.append(picture)
        path = folder / f"{_file_name(content.id, content.slug)}.{form}"
        _write(path, _text_as(form, site, content, pictures).encode("utf-8", "replace"))
        texts, images = texts + 1, images + len(pictures)
    if not texts:
        _make_folder(folder)
    return Exported(folder, texts, images, tuple(missing))


def _text_as(form: str, site: Site, content: Content, pictures: list[Picture]) -> str:
    if form == "html":
        return as_page(site, content, pictures)
    from igny8_assets.review.exporting.markdown_file import as_markdown_file

    return as_markdown_file(site, content, pictures)


def _file_name(content_id: int, slug: str) -> str:
    """The slug, which is safe as a name; whatever else may be in it is not trusted to be."""
    return re.sub(r"[^a-z0-9-]+", "-", slug.lower()).strip("-") or f"text-{content_id}"


def _write(path: Path, data: bytes) -> None:
    _make_folder(path.parent)
    with whole_file(path) as file:
        file.write(data)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} can't be made a folder: {error.strerror}; choose another by --out") from None
