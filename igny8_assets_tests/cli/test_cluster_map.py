"""Looking at clusters on the command line: their figures, and the page of them."""

from pathlib import Path

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_cluster, make_keyword


@pytest.fixture
def clusters(store: Store, site: Site) -> None:
    """Two clusters, one of a single keyword."""
    with store.write() as session:
        mills, kettles = (make_cluster(session, site, name=name) for name in ("Mills", "Kettles"))
        make_keyword(session, site, "coffee mill", cluster=mills, volume=70, difficulty=20)
        make_keyword(session, site, "coffee mills", cluster=mills, volume=20, difficulty=45)
        make_keyword(session, site, "kettle", cluster=kettles, volume=5)


@pytest.mark.usefixtures("clusters")
def test_the_list_has_difficulty_and_cohesion(igny8: Igny8) -> None:
    mills, kettles = igny8("clusters", "list", "shop", "--json").json
    assert mills["difficulty"] == 32
    assert 0.5 < mills["cohesion"] == round(mills["cohesion"], 2) <= 1
    assert (kettles["difficulty"], kettles["cohesion"]) == (None, None)
    assert f" {mills['cohesion']:.2f} " in igny8("clusters", "list", "shop").out


@pytest.mark.usefixtures("clusters")
def test_the_map_is_one_file_with_every_cluster_and_keyword(igny8: Igny8, tmp_path: Path) -> None:
    out = tmp_path / "map.html"
    written = igny8("clusters", "map", "shop", "--out", out)
    assert (written.code, written.err) == (0, "")
    assert f"wrote {out}: 2 clusters" in written.out
    page = out.read_text(encoding="utf-8")
    for text in ("Mills", "Kettles", "coffee mill", "coffee mills", "kettle"):
        assert f'"{text}"' in page


def test_a_map_of_a_site_without_clusters_is_refused(igny8: Igny8, site: Site, tmp_path: Path) -> None:
    out = tmp_path / "map.html"
    assert_refused(igny8("clusters", "map", "shop", "--out", out), "igny8 run shop --stages 1")
    assert not out.exists()


@pytest.mark.usefixtures("clusters")
def test_a_map_to_a_place_that_can_not_be_written_is_refused(igny8: Igny8, tmp_path: Path) -> None:
    assert_refused(igny8("clusters", "map", "shop", "--out", tmp_path / "no" / "map.html"), "can't be written")
    assert_refused(igny8("clusters", "map", "shop", "--out", tmp_path), "can't be written")


def test_a_map_needs_a_file_and_a_site_that_is_there(igny8: Igny8, site: Site, tmp_path: Path) -> None:
    assert_refused(igny8("clusters", "map", "shop"), "--out")
    assert_refused(igny8("clusters", "map", "gone", "--out", tmp_path / "map.html"), "no site 'gone'")
