"""A site's pages: from sitemaps and tables, files and addresses, within bounds."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.errors import UserError
from igny8_assets.pages import fetching
from igny8_assets.pages.addresses import title_of
from igny8_assets.pages.reading import MOST_SITEMAPS, Found, read_pages
from igny8_assets.pages.sitemaps import ENTITY
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


def read(source: object, domain: str = "shop.example") -> Found:
    return read_pages(str(source), domain=domain, site_name="The Shop")


def urls_of(source: object) -> list[str]:
    return [page.url for page in read(source).pages]


def refusal_of(source: object) -> str:
    with pytest.raises(UserError) as told:
        read(source)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_sitemap_in_a_file_gives_its_pages_with_titles_from_their_addresses(tmp_path: Path) -> None:
    file = tmp_path / "sitemap.xml"
    file.write_text(sitemap("https://shop.example/blog/how-to-descale_a-kettle/", "https://shop.example/"))
    first, second = read(file).pages
    assert (first.url, first.title) == ("https://shop.example/blog/how-to-descale_a-kettle/", "How to descale a kettle")
    assert second.title == "The Shop"


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
    found = read(file)
    [page] = found.pages
    assert (page.title, page.keyphrase) == ("Die Kanne", "kanne")
    assert found.rejected == ("line 4: shop.example/b is not an http(s) address",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty; name a sitemap"),
        (" \n ", "is empty; name a sitemap"),
        ("<urlset>", "is not a sitemap: its XML is broken at line 1"),
        ("<html><body>Hello</body></html>", "is a web page and not a sitemap"),
        ("<!-- x -->\n<!DOCTYPE HTML>\n<p>Hello<br>", "is a web page and not a sitemap"),
        ("<rss><channel/></rss>", "it begins with <rss>"),
        ("PK\x03\x04\0\0\0", "is not a text; save it as a CSV"),
        ("https://shop.example/a,A\n", "its first line names the columns"),
        ("keyword,volume\na,1\n", "a column `url`"),
    ],
)
def test_what_is_neither_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "odd"
    file.write_text(text)
    with pytest.raises(UserError, match=complaint) as told:
        read(file)
    assert "\n" not in str(told.value)


def test_a_sitemap_can_read_no_file_of_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://secret.example/")
    file = tmp_path / "sitemap.xml"
    entity = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]>'
    file.write_text(f"{entity}<urlset><url><loc>&s;</loc></url></urlset>")
    found = read(file)
    assert found.pages == ()
    assert found.rejected == (f"{file}, entry 1: {ENTITY}",)
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    file.write_text(f"{bomb}]><urlset><url><loc>&j;</loc></url></urlset>")
    with pytest.raises(UserError, match="holds XML entities"):
        read(file)


def test_an_address_may_not_lead_to_a_file(web: Site, tmp_path: Path) -> None:
    file = tmp_path / "sitemap.xml"
    file.write_text(sitemap("https://secret.example/"))
    with pytest.raises(UserError):
        read(web.put("/index.xml", index(f"file://{file}")))
    with pytest.raises(UserError, match="leads on to something that is not"):
        read(web.put("/moved", "", status=302, Location=f"file://{file}"))
    with pytest.raises(UserError, match="http:// or https://"):
        read(f"file://{file}")


def test_redirects_are_followed_within_bounds(web: Site) -> None:
    web.put("/sitemap.xml", sitemap("https://shop.example/a"))
    assert urls_of(web.put("/old.xml", "", status=301, Location="/sitemap.xml")) == ["https://shop.example/a"]
    with pytest.raises(UserError, match="redirects more than 5 times"):
        read(web.put("/loop", "", status=302, Location="/loop"))


def test_what_is_too_large_is_refused_packed_or_not(web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 100_000)
    large = sitemap(*(f"https://shop.example/{number}" for number in range(5000)))
    for body in (large.encode(), gzip.compress(large.encode())):
        with pytest.raises(UserError, match="is larger than"):
            read(web.put("/large.xml", body))


def test_a_chain_of_sitemaps_ends(web: Site) -> None:
    for number in range(MOST_SITEMAPS + 2):
        web.put(f"/{number}.xml", index(f"/{number + 1}.xml"))
    with pytest.raises(UserError, match="more than 100 sitemaps"):
        read(f"{web.origin}/0.xml")
    assert len(web.asked) <= MOST_SITEMAPS


@pytest.mark.parametrize("status", [404, 500, 401])
def test_an_address_that_is_not_there_says_what_it_answered(web: Site, status: int) -> None:
    with pytest.raises(UserError, match=f"answered {status}"):
        read(web.put("/sitemap.xml", "no", status=status))


def test_a_server_that_is_not_there_is_told_in_a_line() -> None:
    told = refusal_of("http://127.0.0.1:9/sitemap.xml")
    assert told.endswith("can't be read: there is no connection to 127.0.0.1; check the address and the network")


def test_an_answer_that_breaks_off_is_told_in_a_line(web: Site) -> None:
    address = web.put("/sitemap.xml", "<urls", status=200, **{"Transfer-Encoding": "chunked"})
    assert refusal_of(address).endswith("can't be read: the answer broke off; try again later")
    packed = web.put("/packed.xml", "<urls", status=200, **{"Content-Encoding": "gzip"})
    assert "packed in a way that can't be read" in refusal_of(packed)
    plain = web.origin.replace("http://", "https://")
    assert "has no certificate that can be trusted" in refusal_of(f"{plain}/sitemap.xml")


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://", "http://x:99999/", "ftp://shop.example/", "https://a..b/"]
)
def test_an_address_that_can_not_be_is_refused_in_a_line(address: str) -> None:
    assert address in refusal_of(address)


@pytest.mark.parametrize("login", ["ada:secret", "secret", "ada:se/cret", "ada:secret@x"])
def test_a_password_is_never_shown(web: Site, tmp_path: Path, login: str) -> None:
    address = f"http://{login}@shop.example/sitemap.xml"
    file = tmp_path / "pages.csv"
    file.write_text(f"url\n{address}\nhttps://shop.example/\n")
    told = [refusal_of(address), *read(file).rejected, refusal_of(web.put("/index.xml", index(address)))]
    assert all("user name" in one and "cret" not in one for one in told)


def test_a_source_that_is_no_file_says_what_it_is(tmp_path: Path) -> None:
    assert refusal_of("").startswith("there is no source; name a sitemap")
    assert refusal_of(tmp_path).endswith("is a folder; name one of the files in it")
    assert "or begin an address with https://" in refusal_of("shop.example/sitemap.xml")


@given(st.text(max_size=80))
def test_any_address_has_a_title_that_can_be_shown(path: str) -> None:
    from urllib.parse import quote

    assert title_of(f"https://shop.example/{quote(path)}", "shop.example", "Shop").isprintable()


def test_a_list_of_addresses_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "sitemap.txt"
    file.write_bytes(b"\xef\xbb\xbfhttps://shop.example/a\r\n\r\nhttps://shop.example/b,c\r\nnothing\r\n")
    found = read(file)
    assert [page.url for page in found.pages] == ["https://shop.example/a", "https://shop.example/b,c"]
    assert found.rejected == ("line 4: nothing is not an http(s) address",)


def test_a_list_in_an_index_names_itself(web: Site) -> None:
    child = web.put("/a.txt", "https://shop.example/a\nhttps://other.example/\n")
    found = read(web.put("/index.xml", index(child)))
    assert [page.url for page in found.pages] == ["https://shop.example/a"]
    assert found.rejected[0].startswith(f"{child}, line 2: ")


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b"")]
)
def test_a_sitemap_in_utf_16_is_read(tmp_path: Path, encoding: str, mark: bytes) -> None:
    file = tmp_path / "sitemap.xml"
    text = sitemap("https://shop.example/ü").replace("UTF-8", "UTF-16")
    file.write_bytes(mark + f"\n{text}\n".encode(encoding))
    assert urls_of(file) == ["https://shop.example/ü"]


def test_a_cell_that_is_too_long_costs_its_row_only(tmp_path: Path) -> None:
    file = tmp_path / "pages.csv"
    file.write_text(f"url,title\nhttps://shop.example/a,{'x' * 300_000}\nhttps://shop.example/b,B\n")
    found = read(file)
    assert [page.url for page in found.pages] == ["https://shop.example/b"]
    assert found.rejected == ("line 2: a cell has more than 131,072 characters",)
