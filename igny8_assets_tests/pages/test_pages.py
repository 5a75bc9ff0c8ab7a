"""A site's pages: from sitemaps and tables, files and addresses, within bounds."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.errors import UserError
from igny8_assets.pages import fetching
from igny8_assets.pages.reading import MOST_SITEMAPS, read_pages, title_of
from igny8_assets_tests.pages.site_server import Site, website

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(*urls: str) -> str:
    entries = "".join(f"<url><loc> {url} </loc><lastmod>2026-01-01</lastmod></url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACE}>{entries}</urlset>'


def index(*urls: str) -> str:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex {NAMESPACE}>{entries}</sitemapindex>"


@pytest.fixture
def web() -> Iterator[Site]:
    with website() as site:
        yield site


def urls_of(source: object) -> list[str]:
    return [page.url for page in read_pages(str(source)).pages]


def test_a_sitemap_in_a_file_gives_its_pages_with_titles_from_their_addresses(tmp_path: Path) -> None:
    file = tmp_path / "sitemap.xml"
    file.write_text(sitemap("https://shop.example/blog/how-to-descale_a-kettle/", "https://shop.example/"))
    first, second = read_pages(str(file)).pages
    assert (first.url, first.title) == ("https://shop.example/blog/how-to-descale_a-kettle/", "How to descale a kettle")
    assert second.title == "Shop.example"


def test_an_index_is_followed_and_gzip_is_unpacked(web: Site) -> None:
    web.put("/b.xml.gz", gzip.compress(sitemap("https://shop.example/b").encode()))
    web.put("/a.xml", sitemap("https://shop.example/a", "https://shop.example/b"))
    address = web.put("/index.xml", index(f"{web.origin}/a.xml", "/b.xml.gz", f"{web.origin}/index.xml"))
    assert urls_of(address) == ["https://shop.example/a", "https://shop.example/b"]


def test_pictures_in_a_sitemap_are_no_pages(tmp_path: Path) -> None:
    file = tmp_path / "sitemap.xml"
    picture = '<i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><i:loc>https://x.example/p.png</i:loc></i:image>'
    file.write_text(sitemap("https://shop.example/a").replace("</url>", f"{picture}</url>"))
    assert urls_of(file) == ["https://shop.example/a"]


def test_a_table_has_titles_and_keyphrases(tmp_path: Path) -> None:
    file = tmp_path / "pages.csv"
    file.write_bytes(
        "\ufeffAddress;Title 1;Focus keyphrase\nhttps://shop.example/a;Die Kanne;kanne\n;;\n".encode()
        + b"shop.example/b;B;\n"
    )
    found = read_pages(str(file))
    [page] = found.pages
    assert (page.title, page.keyphrase) == ("Die Kanne", "kanne")
    assert found.rejected == ("line 4: shop.example/b is not an http(s) address",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty|neither a sitemap"),
        ("<urlset>", "is not a sitemap: "),
        ("<html><body>Hello</body></html>", "it begins with <html>"),
        ("keyword,volume\na,1\n", "a column `url`"),
    ],
)
def test_what_is_neither_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "odd"
    file.write_text(text)
    with pytest.raises(UserError, match=complaint) as told:
        read_pages(str(file))
    assert "\n" not in str(told.value)


def test_a_sitemap_can_read_no_file_of_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://secret.example/")
    file = tmp_path / "sitemap.xml"
    entity = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]>'
    file.write_text(f"{entity}<urlset><url><loc>&s;</loc></url></urlset>")
    assert urls_of(file) == []
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    file.write_text(f"{bomb}]><urlset><url><loc>&j;</loc></url></urlset>")
    with pytest.raises(UserError, match="is not a sitemap"):
        read_pages(str(file))


def test_an_address_may_not_lead_to_a_file(web: Site, tmp_path: Path) -> None:
    file = tmp_path / "sitemap.xml"
    file.write_text(sitemap("https://secret.example/"))
    with pytest.raises(UserError):
        read_pages(web.put("/index.xml", index(f"file://{file}")))
    with pytest.raises(UserError, match="can't be read"):
        read_pages(web.put("/moved", "", status=302, Location=f"file://{file}"))
    with pytest.raises(UserError, match="http:// or https://"):
        read_pages(f"file://{file}")


def test_redirects_are_followed_within_bounds(web: Site) -> None:
    web.put("/sitemap.xml", sitemap("https://shop.example/a"))
    assert urls_of(web.put("/old.xml", "", status=301, Location="/sitemap.xml")) == ["https://shop.example/a"]
    with pytest.raises(UserError, match="redirects more than 5 times"):
        read_pages(web.put("/loop", "", status=302, Location="/loop"))


def test_what_is_too_large_is_refused_packed_or_not(web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 100_000)
    large = sitemap(*(f"https://shop.example/{number}" for number in range(5000)))
    for body in (large.encode(), gzip.compress(large.encode())):
        with pytest.raises(UserError, match="is larger than"):
            read_pages(web.put("/large.xml", body))


def test_a_chain_of_sitemaps_ends(web: Site) -> None:
    for number in range(MOST_SITEMAPS + 2):
        web.put(f"/{number}.xml", index(f"/{number + 1}.xml"))
    with pytest.raises(UserError, match="more than 100 sitemaps"):
        read_pages(f"{web.origin}/0.xml")
    assert len(web.asked) <= MOST_SITEMAPS


@pytest.mark.parametrize("status", [404, 500, 401])
def test_an_address_that_is_not_there_says_what_it_answered(web: Site, status: int) -> None:
    with pytest.raises(UserError, match=f"answered {status}"):
        read_pages(web.put("/sitemap.xml", "no", status=status))


def test_a_server_that_is_not_there_is_told_in_a_line() -> None:
    with pytest.raises(UserError, match="can't be read: ConnectionError"):
        read_pages("http://127.0.0.1:9/sitemap.xml")


@given(st.text(max_size=80))
def test_any_address_has_a_title_that_can_be_shown(path: str) -> None:
    from urllib.parse import quote

    assert title_of(f"https://shop.example/{quote(path)}").isprintable()
