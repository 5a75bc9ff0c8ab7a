"""Pages from a sitemap (or an index of sitemaps) or from a table with a `url` column."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from igny8_assets.errors import UserError
from igny8_assets.pages.fetching import fetch, is_address

MOST_SITEMAPS = 100
MOST_PAGES = 200_000
LONGEST_URL = 2000
LONGEST_TITLE = 300
LONGEST_KEYPHRASE = 200
_COLUMNS = {
    "url": ("url", "address", "loc", "page", "permalink", "link"),
    "title": ("title", "title 1", "page title", "meta title", "post_title", "name"),
    "keyphrase": ("keyphrase", "focus keyphrase", "keyword", "focus keyword", "target keyword"),
}
_FILE_ENDING = re.compile(r"\.(html?|php|aspx?)$", re.IGNORECASE)


@dataclass(frozen=True)
class FoundPage:
    """A page as it was found; a sitemap has no titles, so they are read from the addresses."""

    url: str
    title: str
    keyphrase: str = ""


@dataclass(frozen=True)
class Found:
    """The pages of a source, each address once, and the rows that are none, with the reason."""

    pages: tuple[FoundPage, ...]
    rejected: tuple[str, ...]


def read_pages(source: str) -> Found:
    """Read the pages of a source.

    Args:
        source: a file or http(s) address of a sitemap, an index of sitemaps, or a CSV file.

    Raises:
        UserError: it can't be read, or is neither.
    """
    data = fetch(source)
    rows = (
        _from_sitemap(source, data)
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        else _from_table(source, data)
    )
    pages: dict[str, FoundPage] = {}
    rejected: list[str] = []
    for place, url, title, keyphrase in rows:
        if complaint := _complaint(url):
            rejected.append(f"{place}: {complaint}")
            continue
        if len(pages) == MOST_PAGES:
            raise UserError(f"{source} has more than {MOST_PAGES:,} pages; import it in parts")
        title = _clean(title, LONGEST_TITLE) or title_of(url)  # noqa: PLW2901
        pages.setdefault(url, FoundPage(url, title, _clean(keyphrase, LONGEST_KEYPHRASE)))
    return Found(tuple(pages.values()), tuple(rejected))


def title_of(url: str) -> str:
    """A title from the last part of an address: `/blog/how-to-descale/` is "How to descale"."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    words = re.sub(r"[-_+.]+", " ", _FILE_ENDING.sub("", unquote(parts[-1]))) if parts else urlsplit(url).netloc
    words = _clean(words, LONGEST_TITLE)
    return words[:1].upper() + words[1:]


def _from_sitemap(source: str, data: bytes) -> Iterator[tuple[str, str, str, str]]:
    seen = {source}
    waiting = [(source, data)]
    while waiting:
        place, content = waiting.pop(0)
        kind, locations = _locations(place, content)
        if kind == "urlset":
            for number, url in enumerate(locations, 1):
                yield f"{place}, entry {number}", url, "", ""
            continue
        for location in locations:
            child = urljoin(place, location) if is_address(place) else location
            if not is_address(child):
                child = str(Path(place).parent / child)
            if child in seen:
                continue
            if is_address(place) and not is_address(child):
                raise UserError(f"{place} names the sitemap {child}, which is no address")
            seen.add(child)
            if len(seen) > MOST_SITEMAPS:
                raise UserError(f"{source} leads to more than {MOST_SITEMAPS} sitemaps; import them one by one")
            waiting.append((child, fetch(child)))


def _locations(place: str, data: bytes) -> tuple[str, list[str]]:
    from lxml import etree

    # No entities, no DTD, nothing from the network: a sitemap needs none of them.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data.strip(), parser)
    except etree.XMLSyntaxError as error:
        raise UserError(f"{place} is not a sitemap: {error.msg}") from None
    kind = etree.QName(root).localname
    if kind not in {"urlset", "sitemapindex"}:
        raise UserError(f"{place} is not a sitemap; it begins with <{kind}> instead of <urlset> or <sitemapindex>")
    # Only the entries' own <loc>: pictures in them have some, too.
    own = etree.QName(etree.QName(root).namespace, "loc")
    return kind, [(child.text or "").strip() for entry in root for child in entry if child.tag == own]


def _from_table(source: str, data: bytes) -> Iterator[tuple[str, str, str, str]]:
    from igny8_assets.keywords.decoding import decode

    text = decode(source, lambda: io.BytesIO(data)).open().read()
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    header = [cell.strip().casefold() for cell in next(rows, [])]
    columns = {
        field: next((header.index(name) for name in names if name in header), None) for field, names in _COLUMNS.items()
    }
    if columns["url"] is None:
        raise UserError(
            f"{source} is neither a sitemap nor a table with a column `url` (and `title` and `keyphrase`, if known)"
        )
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        url, title, keyphrase = (
            row[place].strip() if place is not None and place < len(row) else "" for place in columns.values()
        )
        yield f"line {rows.line_num}", url, title, keyphrase


def _complaint(url: str) -> str | None:
    if not url:
        return "there is no address"
    if len(url) > LONGEST_URL or not url.isprintable() or any(sign.isspace() for sign in url):
        return "the address is too long or holds signs that no address has"
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{url[:80]} is not an address"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return f"{url[:80]} is not an http(s) address"
    return None


def _clean(text: str, longest: int) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:longest].strip()
