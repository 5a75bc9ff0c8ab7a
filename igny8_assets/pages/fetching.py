"""Bytes from a file or an http(s) address, in bounds: size, time, and redirects."""

import zlib
from pathlib import Path
from urllib.parse import urlsplit

from igny8_assets.errors import UserError

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
    data = _download(source) if is_address(source) else _read(Path(source))
    if not data.startswith(_GZIP):
        return data
    try:
        # One byte more than is allowed says that there is more.
        unpacked = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise UserError(f"{source} is a broken gzip archive") from None
    return _bounded(unpacked, source)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return _bounded(file.read(MOST_BYTES + 1), str(path))
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror or error}") from None


def _download(address: str) -> bytes:
    import requests

    if urlsplit(address).scheme not in {"http", "https"}:
        raise UserError(f"{address} is not an address to read pages from; it begins with http:// or https://")
    data = bytearray()
    try:
        with requests.Session() as session:
            session.max_redirects = MOST_REDIRECTS
            session.headers["User-Agent"] = "igny8-assets (reads the sitemap of its own site)"
            with session.get(address, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS)) as response:
                if response.status_code != requests.codes.ok:
                    raise UserError(f"{address} answered {response.status_code}; open it in a browser to see why")
                for part in response.iter_content(_CHUNK):
                    data += part
                    if len(data) > MOST_BYTES:
                        return _bounded(bytes(data), address)
    except requests.TooManyRedirects:
        raise UserError(f"{address} redirects more than {MOST_REDIRECTS} times") from None
    except (requests.RequestException, ValueError) as error:
        raise UserError(f"{address} can't be read: {type(error).__name__}") from None
    return bytes(data)


def _bounded(data: bytes, source: str) -> bytes:
    if len(data) > MOST_BYTES:
        raise UserError(f"{source} is larger than {MOST_BYTES // 1024 // 1024} MB; split it as sitemaps are split")
    return data
