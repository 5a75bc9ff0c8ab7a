"""The picture of a site's clusters on the page of the asset."""

from sqlalchemy import select

from igny8_assets.assets.cluster_picture import cluster_picture
from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, Site
from igny8_assets_tests.factories import make_account, make_cluster, make_keyword, make_site

LONGEST = 60_000


def made(store: Store, count: int, *, volume: int | None) -> Site:
    """A site with so many clusters of one keyword."""
    with store.write() as session:
        site = make_site(session, "shop", account=make_account(session))
        for number in range(count):
            cluster = make_cluster(session, site, name=f"[mills]({number})")
            make_keyword(session, site, cluster=cluster, volume=volume, difficulty=number % 101)
        return site


def test_it_shows_all_the_clusters_of_the_site_and_stays_small(store: Store) -> None:
    site = made(store, 200, volume=30)
    with store.read() as session:
        markdown = cluster_picture(session, site)
    assert markdown is not None
    assert markdown.startswith("![Map of 200 clusters](data:image/webp;base64,")
    assert "200 clusters, area is monthly volume" in markdown
    assert "igny8 clusters map shop --out clusters.html" in markdown
    assert "[mills]" not in markdown
    assert len(markdown) < LONGEST


def test_where_no_volume_is_known_the_area_is_the_number_of_keywords(store: Store) -> None:
    site = made(store, 1, volume=None)
    with store.read() as session:
        assert "1 cluster, area is number of keywords" in str(cluster_picture(session, site))


def test_clusters_that_can_not_be_drawn_are_counted(store: Store) -> None:
    site = made(store, 2, volume=30)
    with store.write() as session:
        make_keyword(session, site, cluster=make_cluster(session, site), volume=None)
        assert "monthly volume (1 without a known volume not drawn)." in str(cluster_picture(session, site))


def test_a_site_without_clusters_has_no_picture(store: Store) -> None:
    site = made(store, 0, volume=None)
    with store.read() as session:
        assert session.scalar(select(Cluster)) is None
        assert cluster_picture(session, site) is None
