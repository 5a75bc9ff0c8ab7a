"""Pages from a sitemap (or an index of sitemaps), from a list of addresses, or from a table with a `url` column."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

from igny8_assets.errors import UserError
from igny8_assets.keywords.decoding import TextSource, find_encoding
from igny8_assets.keywords.normalising import shown
from igny8_assets.pages.addresses import NotAPage, OnAnotherSite, has_login, one_line, page_address, title_of
from igny8_assets.pages.fetching import fetch, is_address
from igny8_assets.pages.sitemaps import ENTITY, read_sitemap
from igny8_assets.pages.tables import Row, read_text

MOST_SITEMAPS = 100
MOST_PAGES = 200_000
LONGEST_TITLE = 300
LONGEST_KEYPHRASE = 200


@dataclass(frozen=True)
class FoundPage:
    """A page as it was found; a sitemap has no titles, so they are read from the addresses."""

    url: str
    title: str
    keyphrase: str = ""


@dataclass(frozen=True)
class Found:
    """The pages of a source, each address once, and the rows that are none, with the reason.

    `elsewhere` of the rejected ones are addresses of other sites; `repeated` rows name a page again.
    """

    pages: tuple[FoundPage, ...]
    rejected: tuple[str, ...]
    elsewhere: int
    repeated: int


def read_pages(source: str, *, domain: str, site_name: str) -> Found:
    """Read the pages of a site from a source.

    Args:
        source: a file or http(s) address of a sitemap, an index of sitemaps, a list of addresses, or a CSV file.
        domain: the site's; addresses elsewhere are rejected.
        site_name: the title of the home page where none is told.

    Raises:
        UserError: it can't be read, or is none of these.
    """
    pages: dict[str, FoundPage] = {}
    rejected: list[str] = []
    elsewhere = repeated = 0
    for row in _rows(source):
        try:
            if row.url is None:
                raise NotAPage(row.fault or "")
            url = page_address(row.url, domain)
        except NotAPage as reason:
            rejected.append(f"{row.place}: {reason}")
            elsewhere += isinstance(reason, OnAnotherSite)
            continue
        if url not in pages and len(pages) == MOST_PAGES:
            raise UserError(f"{shown(source)} has more than {MOST_PAGES:,} pages; import it in parts")
        repeated += url in pages
        title = _cut(row.title, LONGEST_TITLE) or _cut(title_of(url, domain, site_name), LONGEST_TITLE)
        pages.setdefault(url, FoundPage(url, title, _cut(row.keyphrase, LONGEST_KEYPHRASE)))
    return Found(tuple(pages.values()), tuple(rejected), elsewhere, repeated)


def _rows(source: str) -> Iterator[Row]:
    seen = {source}
    waiting = deque([source])
    while waiting:
        place = waiting.popleft()
        data, name = fetch(place), shown(place)
        text = TextSource(name, partial(BytesIO, data), find_encoding(partial(BytesIO, data)))
        # A mark and zero bytes are left out: they stand before and within the first sign of UTF-16.
        if not data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
            for row in read_text(name, text.open().read()):
                yield row if place == source else replace(row, place=f"{name}, {row.place}")
            continue
        sitemap = read_sitemap(name, data, text.encoding)
        if not sitemap.is_index:
            for number, url in enumerate(sitemap.locations, 1):
                yield Row(f"{name}, entry {number}", url, fault=ENTITY)
            continue
        for number, location in enumerate(sitemap.locations, 1):
            child = _child(place, f"{name}, entry {number}", location)
            if child in seen:
                continue
            seen.add(child)
            if len(seen) > MOST_SITEMAPS:
                raise UserError(f"{shown(source)} leads to more than {MOST_SITEMAPS} sitemaps; import them one by one")
            waiting.append(child)


def _child(place: str, name: str, location: str | None) -> str:
    """The sitemap that an index names: in a file by an address or a file beside it, at an address by an address."""
    if not location:
        raise UserError(f"{name}: {'there is no address' if location is not None else ENTITY}")
    if has_login(location):
        raise UserError(f"{name}: the address holds a user name or a password; leave them out")
    try:
        child = urljoin(place, location) if is_address(place) else location
    except ValueError:
        raise UserError(f"{name}: {shown(location)} is not an address") from None
    if is_address(child):
        return child
    if is_address(place):
        raise UserError(f"{name}: {shown(child)} is no address of a sitemap")
    return str(Path(place).parent / child)


def _cut(text: str, longest: int) -> str:
    return one_line(text)[:longest].strip()
