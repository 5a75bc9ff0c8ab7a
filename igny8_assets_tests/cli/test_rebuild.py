"""Making clusters anew, and the search results that may change them, on the command line."""

from pathlib import Path

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_cluster, make_keyword
from igny8_assets_tests.pipeline.running import open_run
from igny8_assets_tests.stages.camp import everything, membership


@pytest.fixture
def shop(site: Site, store: Store) -> Site:
    """Two clusters, one with a keyword that is of the other."""
    with store.write() as session:
        for name, texts in (("mills", ["coffee mill", "coffee mills uk", "visa for japan"]), ("visa", ["japan visa"])):
            cluster = make_cluster(session, site, name=name, root_keyword=texts[0])
            for text in texts:
                make_keyword(session, site, text, cluster=cluster)
    return site


def test_a_rebuild_is_shown_before_it_is_done(igny8: Igny8, shop: Site, store: Store) -> None:
    before = everything(store)
    shown = igny8("clusters", "rebuild", shop.slug).out
    assert everything(store) == before
    assert "visa for japan" in shown
    assert (
        f"1 keyword would move, 0 new clusters, 0 clusters would end; `igny8 clusters rebuild {shop.slug} --apply`"
        in shown
    )
    assert "1 keyword moved" in igny8("clusters", "rebuild", shop.slug, "--apply").out
    assert membership(store, shop)["visa for japan"] == "japan visa"
    assert "nothing to change" in igny8("clusters", "rebuild", shop.slug, "--apply").out


def test_new_clusters_are_named_by_the_next_run(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        cluster = make_cluster(session, site, name="all")
        for text in ("coffee mill", "coffee mills uk", "manual coffee mill", "visa for japan", "japan visa"):
            make_keyword(session, site, text, cluster=cluster)
    assert (
        "the next run of stage 1 names and describes the new ones"
        in igny8("clusters", "rebuild", "shop", "--apply").out
    )
    assert "1 cluster of a rebuild named and described" in igny8("run", "shop", "--stages", "1").out
    assert "of a rebuild" not in igny8("run", "shop", "--stages", "1").out


def test_search_results_are_kept_and_tie_keywords(igny8: Igny8, shop: Site, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    rows = "".join(f"Coffee Mill,{at},https://a.org/{at}\njapan visa,{at},https://a.org/{at}\n" for at in range(1, 7))
    path.write_text("keyword,position,url\n" + rows + "kettle,1,https://b.org\n", "utf-8")
    said = igny8("keywords", "results", shop.slug, path).out
    assert said.startswith(f"results of 2 keywords kept; 1 keyword of the file not known to {shop.slug}; ")
    igny8("clusters", "rebuild", shop.slug, "--apply")
    clusters = membership(store, shop)
    assert clusters["coffee mill"] == clusters["japan visa"]


@pytest.mark.parametrize("arguments", [("rebuild", "nowhere"), ("rebuild", "nowhere", "--apply")])
def test_a_site_that_is_not_there_is_refused(igny8: Igny8, shop: Site, arguments: tuple[str, ...]) -> None:
    assert_refused(igny8("clusters", *arguments))


def test_a_rebuild_waits_for_a_run_to_be_over(igny8: Igny8, shop: Site, store: Store) -> None:
    ticket = open_run(store, shop, 1, 1)
    before = everything(store)
    assert_refused(igny8("clusters", "rebuild", shop.slug, "--apply"), f"igny8 pause {ticket.run_id}")
    assert everything(store) == before
    assert "visa for japan" in igny8("clusters", "rebuild", shop.slug).out


def test_a_keyword_that_fits_none_leaves(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        cluster = make_cluster(session, site, name="all")
        for text in ("coffee mill", "visa for japan"):
            make_keyword(session, site, text, cluster=cluster)
    rows = igny8("clusters", "rebuild", "shop", "--json").json
    assert {row["change"] for row in rows if row["to"] == "none"} <= {"leaves"}
    assert any(row["to"] == "none" for row in rows)


def test_one_stage_is_called_one(igny8: Igny8, shop: Site) -> None:
    said = igny8("run", shop.slug, "--stages", "1").out
    assert "Stage 1" in said
    assert "Stages" not in said
