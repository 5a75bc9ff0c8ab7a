"""Keywords and clusters on the command line."""

import csv
import io
from pathlib import Path

import pytest

from igny8_assets.dagster_home import dagster_instance
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import KeywordStatus, Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_cluster, make_keyword

EXPORT = "Keyword,Volume,Keyword Difficulty,Intent\ncoffee mill,900,12,informational\nold mill,20,,\n,5,1,\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A small export: two keywords and a row without one."""
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, encoding="utf-8")
    return path


def test_an_import_counts_rows_names_the_rejects_and_shows_in_dagster(igny8: Igny8, site: Site, export: Path) -> None:
    imported = igny8("keywords", "import", "shop", export, "--json")
    assert imported.code == 0, imported.err
    (row,) = imported.json
    assert (row["rows"], row["new"], row["merged"], row["rejected"]) == (3, 2, 0, 1)
    assert "keyword" in Path(row["rejects_file"]).read_text(encoding="utf-8")
    with dagster_instance(load_settings()) as instance:
        from dagster import AssetKey

        event = instance.get_latest_materialization_event(AssetKey("keywords"))
    assert event is not None
    materialization = event.asset_materialization
    assert materialization is not None
    assert (materialization.partition, materialization.metadata["new"].value) == ("shop", 2)


def test_the_same_file_again_adds_nothing_and_says_so(igny8: Igny8, site: Site, export: Path) -> None:
    igny8("keywords", "import", "shop", export)
    again = igny8("keywords", "import", "shop", export, "--json").json
    assert again[0]["note"] == "imported before"
    assert len(igny8("keywords", "list", "shop", "--json").json) == 2


def test_a_file_that_can_not_be_read_leaves_the_others_imported(igny8: Igny8, site: Site, export: Path) -> None:
    result = igny8("keywords", "import", "shop", "missing.csv", export)
    assert result.code == 2
    assert len(result.err.splitlines()) == 1
    assert "missing.csv" in result.err
    assert len(igny8("keywords", "list", "shop", "--json").json) == 2


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x01\x02", b"Name,Price\nTent,5\n"])
def test_what_is_no_export_is_refused_and_nothing_written(
    igny8: Igny8, site: Site, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    result = igny8("keywords", "import", "shop", path)
    assert result.code == 2
    assert len(result.err.splitlines()) == 1
    assert igny8("keywords", "list", "shop", "--json").json == []


def test_an_import_into_a_sector_that_does_not_exist_is_refused(igny8: Igny8, site: Site, export: Path) -> None:
    assert_refused(igny8("keywords", "import", "shop", export, "--sector", "Kettles"), "no sector 'Kettles'")


def test_keywords_are_listed_by_volume_and_by_status(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        for text, volume in (("small", 1), ("large", 100), ("unknown", None)):
            make_keyword(session, site, text, volume=volume)
        make_keyword(session, site, "odd", status=KeywordStatus.ORPHANED)
    listed = igny8("keywords", "list", "shop", "--status", "new", "--json").json
    assert [row["keyword"] for row in listed] == ["large", "small", "unknown"]
    assert len(igny8("keywords", "list", "shop", "--limit", "2", "--json").json) == 2


def test_a_keyword_that_looks_like_markup_is_shown_as_it_is(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        make_keyword(session, site, "[bold]mill[/bold]")
    assert "[bold]mill[/bold]" in igny8("keywords", "list", "shop").out


@pytest.mark.parametrize("option", [("--status", "gone"), ("--limit", "0"), ("--limit", "-3"), ("--limit", "9" * 25)])
def test_an_option_that_means_nothing_is_refused(igny8: Igny8, site: Site, option: tuple[str, str]) -> None:
    assert_refused(igny8("keywords", "list", "shop", *option))


def test_keywords_are_ignored_and_taken_up_again(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        make_keyword(session, site, "Coffee Mill")
    assert "1 keyword ignored" in igny8("keywords", "ignore", "shop", "coffee mill").out
    assert igny8("overview", "shop", "--json").json["stages"][0]["pending"] == 0
    igny8("keywords", "unignore", "shop", "coffee mill")
    assert igny8("overview", "shop", "--json").json["stages"][0]["pending"] == 1
    assert_refused(igny8("keywords", "ignore", "shop", "kettle"), "no keyword 'kettle'")


def test_clusters_are_listed_with_what_they_hold(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        cluster = make_cluster(session, site, name="Mills")
        make_keyword(session, site, "mill", cluster=cluster, volume=7)
    (row,) = igny8("clusters", "list", "shop", "--json").json
    assert (row["cluster"], row["keywords"], row["volume"], row["status"]) == ("Mills", 1, 7, "active")


def test_a_line_under_the_table_of_clusters_says_what_its_words_mean(igny8: Igny8, site: Site, store: Store) -> None:
    assert "uncovered:" not in igny8("clusters", "list", "shop").out
    with store.write() as session:
        make_cluster(session, site)
    last = igny8("clusters", "list", "shop").out.splitlines()[-1]
    assert last.startswith("uncovered: ")
    assert "cohesion: " in last


def test_the_export_of_clusters_has_every_keyword_and_no_formula(
    igny8: Igny8, site: Site, store: Store, tmp_path: Path
) -> None:
    with store.write() as session:
        cluster = make_cluster(session, site, name="Mills")
        make_keyword(session, site, "=1+1", cluster=cluster, volume=7, intents="informational,commercial")
        make_keyword(session, site, "odd", status=KeywordStatus.ORPHANED)
    out = tmp_path / "clusters.csv"
    assert igny8("clusters", "export", "shop", "--out", out).code == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8", newline="")))
    assert [(row["keyword"], row["cluster"], row["cluster_id"], row["status"]) for row in rows] == [
        ("'=1+1", "Mills", str(cluster.id), "mapped"),
        ("odd", "", "", "orphaned"),
    ]
    assert list(csv.DictReader(io.StringIO(igny8("clusters", "export", "shop").out))) == rows


def test_two_clusters_of_one_name_are_told_apart_by_their_ids(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        ids = {}
        for text in ("coffee mill", "steel mill"):
            cluster = make_cluster(session, site, name="Mills", root_keyword=text)
            make_keyword(session, site, text, cluster=cluster)
            ids[text] = cluster.id
    rows = igny8("keywords", "list", "shop", "--json").json
    assert {row["keyword"]: (row["cluster"], row["cluster_id"]) for row in rows} == {
        text: ("Mills", number) for text, number in ids.items()
    }


def test_an_export_to_a_place_that_can_not_be_written_is_refused(igny8: Igny8, site: Site, tmp_path: Path) -> None:
    assert_refused(igny8("clusters", "export", "shop", "--out", tmp_path / "no" / "folder.csv"), "can't be written")


def test_rows_of_results_that_are_left_out_are_told(igny8: Igny8, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text("keyword,url\ncoffee mill,a.org/1\n,a.org/2\n", "utf-8")
    told = igny8("keywords", "results", "shop", path).out.splitlines()
    assert told[-1] == "left out 1 row that can't be used; the first is line 3: the keyword is empty"
