"""Files that are made for one answer: under the home while they are sent, gone afterwards."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from igny8_assets.settings import Settings


@contextmanager
def folder_for_a_download(settings: Settings) -> Iterator[Path]:
    """A folder to make a file in; it stays for `download`, unless the making fails."""
    downloads = settings.folder / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=downloads))
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def download(folder: Path, file: Path, media_type: str) -> FileResponse:
    """The answer that sends a file piece by piece, and then removes its folder."""
    gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(file, media_type=media_type, filename=file.name, background=gone)


def zipped(folder: Path, target: Path) -> Path:
    """All files of a folder in a zip, by their paths within it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return target
