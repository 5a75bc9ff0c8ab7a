"""Renaming, merging and splitting clusters and moving keywords on the command line."""

from typing import Any

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_cluster, make_idea, make_keyword
from igny8_assets_tests.stages.camp import everything

MISTAKES = [
    ("rename", "shop", "{mills}"),
    ("rename", "shop", "{mills}", ""),
    ("rename", "shop", "{mills}", "x" * 121),
    ("rename", "shop", "{mills}", "two\nlines"),
    ("rename", "shop", "99", "Mills"),
    ("rename", "nowhere", "{mills}", "Mills"),
    ("merge", "shop", "{mills}"),
    ("merge", "shop", "{mills}", "{mills}"),
    ("merge", "shop", "{mills}", "99"),
    ("merge", "shop", "{mills}", "{british}"),
    ("merge", "shop", "{mills}", "9" * 30),
    ("split", "shop", "{mills}"),
    ("split", "shop", "{mills}", "--keyword", "grinder"),
    ("split", "shop", "{mills}", "--keyword", "kettle"),
    ("split", "shop", "{mills}", "--keyword", "coffee mill", "--keyword", "old mill"),
    ("split", "shop", "{mills}", "--keyword", "old mill", "--name", " "),
    ("move", "shop", "--keyword", "old mill"),
    ("move", "shop", "--to", "{mills}"),
    ("move", "shop", "--keyword", "kettle", "--to", "{mills}"),
    ("move", "shop", "--keyword", "old mill", "--to", "99"),
    ("move", "shop", "--keyword", "", "--to", "{mills}"),
    ("move", "shop", "--keyword", "old mill", "--to", "{british}"),
]


@pytest.fixture
def clusters(site: Site, store: Store) -> dict[str, Cluster]:
    """Mills and grinders, and a cluster of another market."""
    with store.write() as session:
        made = {
            name: make_cluster(session, site, name=name.title(), root_keyword=root, market=market)
            for name, root, market in (
                ("mills", "coffee mill", "us"),
                ("grinders", "grinder", "us"),
                ("british", "mill", "gb"),
            )
        }
        for text, volume in (("coffee mill", 30), ("old mill", 20)):
            make_keyword(session, site, text, cluster=made["mills"], volume=volume)
        grinder = make_keyword(session, site, "grinder", cluster=made["grinders"], volume=10)
        make_idea(session, site, cluster=made["grinders"], keywords=[grinder])
    return made


def listed(igny8: Igny8) -> dict[str, dict[str, Any]]:
    return {row["cluster"]: row for row in igny8("clusters", "list", "shop", "--json").json}


def test_a_cluster_is_renamed(igny8: Igny8, clusters: dict[str, Cluster]) -> None:
    number = clusters["mills"].id
    assert (
        igny8("clusters", "rename", "shop", number, "All mills").out == f"cluster {number} is called 'All mills' now\n"
    )
    assert listed(igny8)["All mills"]["id"] == number


def test_clusters_are_merged_with_their_ideas(igny8: Igny8, clusters: dict[str, Cluster]) -> None:
    mills, grinders = clusters["mills"].id, clusters["grinders"].id
    said = igny8("clusters", "merge", "shop", mills, grinders).out
    assert said == f"1 cluster merged into {mills} (Mills), which has 3 keywords now; 1 idea came along\n"
    assert set(listed(igny8)) == {"Mills", "British"}
    assert (listed(igny8)["Mills"]["keywords"], listed(igny8)["Mills"]["uncovered"]) == (3, 2)


def test_a_cluster_is_split(igny8: Igny8, clusters: dict[str, Cluster]) -> None:
    mills = clusters["mills"].id
    said = igny8("clusters", "split", "shop", mills, "--keyword", "Old Mill", "--name", "Antiques").out
    new = listed(igny8)["Antiques"]
    assert said == f"1 keyword of cluster {mills} split off into cluster {new['id']} (Antiques)\n"
    assert (new["keywords"], new["volume"], listed(igny8)["Mills"]["keywords"]) == (1, 20, 1)


def test_keywords_are_moved(igny8: Igny8, clusters: dict[str, Cluster]) -> None:
    grinders = clusters["grinders"].id
    both = ("--keyword", "coffee mill", "--keyword", "old mill")
    said = igny8("clusters", "move", "shop", *both, "--to", grinders).out
    assert said == (f"2 keywords moved to cluster {grinders} (Grinders); left without keywords and deleted: Mills\n")
    assert listed(igny8)["Grinders"]["volume"] == 60


def test_keywords_that_are_there_already_stay_there(igny8: Igny8, clusters: dict[str, Cluster]) -> None:
    mills = clusters["mills"].id
    said = igny8("clusters", "move", "shop", "--keyword", "old mill", "--to", mills).out
    assert said == f"nothing moved: cluster {mills} (Mills) has them already, and keeps them\n"


def test_a_cluster_that_is_kept_for_its_ideas_is_named(igny8: Igny8, clusters: dict[str, Cluster]) -> None:
    said = igny8("clusters", "move", "shop", "--keyword", "grinder", "--to", clusters["mills"].id).out
    assert said.endswith("left without keywords, kept for their ideas: Grinders\n")
    assert listed(igny8)["Grinders"]["keywords"] == 0


def test_a_mistake_is_one_clear_line_and_nothing_is_written(
    igny8: Igny8, clusters: dict[str, Cluster], store: Store
) -> None:
    before = everything(store)
    numbers = {name: cluster.id for name, cluster in clusters.items()}
    for arguments in MISTAKES:
        assert_refused(igny8("clusters", *(argument.format(**numbers) for argument in arguments)))
    assert everything(store) == before
