"""Bytes from a file or an http(s) address, in bounds: size, time, and redirects."""

import zlib
from pathlib import Path
from urllib.parse import urlsplit

from igny8_assets.errors import UserError
from igny8_assets.keywords.normalising import shown
from igny8_assets.pages.addresses import has_login
from igny8_assets.pages.failures import in_words

MOST_BYTES = 50 * 1024 * 1024
"""The largest sitemap, unpacked, that the sitemap protocol allows."""
MOST_REDIRECTS = 5
CONNECT_SECONDS, READ_SECONDS = 10, 30
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"


def is_address(source: str) -> bool:
    """Whether a source is an address rather than a file."""
    return "://" in source


def fetch(source: str) -> bytes:
    """The content of a file or address, unpacked if it is gzip.

    Args:
        source: a path, or an address that begins with http:// or https://; so do those that it redirects to.

    Raises:
        UserError: it can't be read, is too large, or redirects too often; says which and why.
    """
    if not source.strip():
        raise UserError("there is no source; name a sitemap or a CSV with a url column: a file or an address")
    data = _download(source) if is_address(source) else _read(Path(source))
    if not data.startswith(_GZIP):
        return data
    try:
        # One byte more than is allowed says that there is more.
        unpacked = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise UserError(f"{shown(source)} is a broken gzip archive; save it again") from None
    return _bounded(unpacked, shown(source))


def _read(path: Path) -> bytes:
    name = shown(str(path))
    if path.is_dir():
        raise UserError(f"{name} is a folder; name one of the files in it")
    try:
        with path.open("rb") as file:
            return _bounded(file.read(MOST_BYTES + 1), name)
    except FileNotFoundError:
        raise UserError(f"{name}: there is no such file; check its name, or begin an address with https://") from None
    except OSError as error:
        raise UserError(f"{name} can't be read: {error.strerror or error}") from None


def _download(address: str) -> bytes:
    import requests

    name = _checked(address)
    data = bytearray()
    try:
        with requests.Session() as session:
            session.max_redirects = MOST_REDIRECTS
            session.headers["User-Agent"] = "igny8-assets (reads the sitemap of its own site)"
            with session.get(address, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS)) as response:
                if response.status_code != requests.codes.ok:
                    raise UserError(f"{name} answered {response.status_code}; open it in a browser to see why")
                for part in response.iter_content(_CHUNK):
                    data += part
                    if len(data) > MOST_BYTES:
                        return _bounded(bytes(data), name)
    except requests.TooManyRedirects:
        raise UserError(f"{name} redirects more than {MOST_REDIRECTS} times; name where it ends") from None
    except (requests.RequestException, ValueError) as error:
        raise UserError(in_words(error, name)) from None
    return bytes(data)


def _checked(address: str) -> str:
    """The address fit for a message, once it is known to be one; no password is ever shown."""
    if has_login(address):
        raise UserError("an address may hold no user name and no password; save the sitemap as a file and name that")
    name = shown(address)
    try:
        parts = urlsplit(address)
        sound = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise UserError(f"{name} is not an address; write it like https://www.example.com/sitemap.xml") from None
    if parts.scheme not in {"http", "https"} or not sound:
        raise UserError(f"{name} is not an address to read pages from; it begins with http:// or https:// and a host")
    return name


def _bounded(data: bytes, source: str) -> bytes:
    if len(data) > MOST_BYTES:
        raise UserError(f"{source} is larger than {MOST_BYTES // 1024 // 1024} MB; split it as sitemaps are split")
    return data
