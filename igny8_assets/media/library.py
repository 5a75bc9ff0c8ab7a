"""The place where our copies of images live: a folder or a bucket."""

import re
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from igny8_assets.media.errors import MediaError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_REMOTE = frozenset({"s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss", "memory"})
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_RETRY_TIME = timedelta(seconds=30)
_REASONS = {
    "NotFoundError": "there is no such image or bucket",
    "FileNotFoundError": "there is no such image",
    "PermissionDeniedError": "access is not allowed",
    "UnauthenticatedError": "the credentials are not accepted",
}


class ImageLibrary:
    """Images under short names such as `demo/how-to-descale-12-featured.webp`, each written whole or not at all.

    `url` is a folder (made when first written to), a `file://` URL, or an object store: `s3://bucket/path`, `gs://…`,
    `az://…` (keys come from that service's usual environment variables), `memory://` (lives as long as this object).

    Raises:
        MediaError: the URL is of another kind; from every method: what could not be done, and why.
    """

    def __init__(self, url: str) -> None:
        self._folder = _folder_of(url)
        self._url = str(self._folder) if self._folder else url.rstrip("/")

    def put(self, name: str, data: bytes) -> str:
        """Store the image and return where our copy is; an image of that name is replaced in one step."""
        import obstore

        _check(name)
        try:
            obstore.put(self._store, name, data)
        except Exception as error:
            raise self._failure("stored", name, error) from None
        return self.location(name)

    def get(self, name: str) -> bytes:
        """The image's bytes."""
        import obstore

        _check(name)
        try:
            return bytes(obstore.get(self._store, name).bytes())
        except Exception as error:
            raise self._failure("read", name, error) from None

    def exists(self, name: str) -> bool:
        """Whether there is an image of that name."""
        import obstore

        _check(name)
        try:
            obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        except Exception as error:
            raise self._failure("looked up", name, error) from None
        return True

    def location(self, name: str) -> str:
        """The full path or URL of the image of that name, whether it is there or not."""
        _check(name)
        if self._folder:
            return str(self._folder / name)
        # "memory://" without its closing slashes ends with a colon.
        return f"{self._url}{'//' if self._url.endswith(':') else '/'}{name}"

    @cached_property
    def _store(self) -> "ObjectStore":
        from obstore.store import LocalStore, MemoryStore, from_url

        if self._folder is not None:
            return LocalStore(self._folder, mkdir=True)
        if self._url.startswith("memory:"):
            return MemoryStore()
        # By default an unreachable bucket is tried for three minutes, which would hold up a run at every image.
        return from_url(self._url, retry_config={"max_retries": 3, "retry_timeout": _RETRY_TIME})

    def _failure(self, done: str, name: str, error: Exception) -> MediaError:
        lines = str(error).splitlines() or [type(error).__name__]
        reason = _REASONS.get(type(error).__name__, lines[0][:200])
        message = f"image {name} could not be {done} in {self._url}: {reason}"
        # A password in the URL stays out of the message.
        return MediaError(re.sub(r"//[^/@\s]*@", "//", message))


def _folder_of(url: str) -> Path | None:
    scheme = urlsplit(url).scheme if "://" in url else ""
    if scheme in _REMOTE:
        return None
    if scheme not in ("", "file"):
        raise MediaError(f"images can't be kept at {scheme}://: use a folder, s3://, gs:// or az:// (IGNY8_IMAGES_URL)")
    path = url2pathname(urlsplit(url).path) if scheme else url
    if not path:
        raise MediaError("images have no place: name a folder or a URL (IGNY8_IMAGES_URL)")
    return Path(path).expanduser().absolute()


def _check(name: str) -> None:
    if ".." in name or _NAME.fullmatch(name) is None:
        raise MediaError(f"{name!r} is no image name: letters, digits, '-', '_', '.' and single '/' between folders")
