"""`igny8 pages`: what a site has on the web already."""

from pathlib import Path

from igny8_assets.store.models import Site
from igny8_assets_tests.cli.conftest import Igny8


def test_pages_are_imported_brought_up_to_date_and_removed(igny8: Igny8, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "pages.csv"
    rows = ("url,title,keyphrase", "https://shop.example/a,A,kettle", "https://shop.example/b,B,", "no address,C,")
    file.write_text("\n".join(rows) + "\n")
    told = igny8("pages", "import", "shop", file)
    assert told.code == 0
    assert "line 4: the address holds signs that no address has" in told.out
    assert told.out.endswith("2 new pages, 0 changed, 0 known already, 1 rejected\n")
    file.write_text("url,title\nhttps://shop.example/a,A new title\nhttps://shop.example/b,B\n")
    assert igny8("pages", "import", "shop", file).out == "0 new pages, 1 changed, 1 known already, 0 rejected\n"
    first, second = igny8("pages", "list", "shop", "--json").json
    assert (first["title"], first["keyphrase"], second["title"]) == ("A new title", "kettle", "B")
    assert igny8("pages", "remove", "shop", first["id"]).out == "1 page removed\n"
    assert igny8("pages", "remove", "shop", first["id"]).code == 2
    assert len(igny8("pages", "list", "shop", "--json").json) == 1


def test_every_row_of_a_file_is_in_the_sum(igny8: Igny8, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "pages.csv"
    bad = [f"no address {number}," for number in range(6)]
    file.write_text("\n".join(("url,title", "https://shop.example/a,A", "https://shop.example/a,Again", *bad)) + "\n")
    told = igny8("pages", "import", "shop", file).out.splitlines()
    assert told[-1] == "1 new page, 0 changed, 0 known already, 6 rejected, 1 repeated"
    assert told[-2] == "… and 1 more row; mend these, and the rest is named"


def test_a_mistake_writes_nothing(igny8: Igny8, site: Site, tmp_path: Path) -> None:
    assert igny8("pages", "import", "shop", tmp_path / "none.xml").code == 2
    assert igny8("pages", "import", "nosite", tmp_path / "none.xml").code == 2
    assert igny8("pages", "list", "shop", "--json").json == []


def test_an_import_that_finds_nothing_says_so_with_a_hint(igny8: Igny8, site: Site, tmp_path: Path) -> None:
    igny8("site", "add", "tea", "--domain", "www.tea.example")
    file = tmp_path / "pages.csv"
    file.write_text("url,title\n")
    assert "has no page of tea; it names no address at all" in igny8("pages", "import", "tea", file).err
    file.write_text("url,title\nhttps://other.example/,Other\n")
    refused = igny8("pages", "import", "tea", file)
    assert refused.code == 2
    assert "line 2: https://other.example/ is not on the site's domain www.tea.example" in refused.out
    assert "elsewhere than on the site's domain www.tea.example" in refused.err
    file.write_text("url,title\nhttps://other.example/,Other\nx,X\n")
    assert "2 rows of it can't be read as addresses on www.tea.example" in igny8("pages", "import", "tea", file).err
