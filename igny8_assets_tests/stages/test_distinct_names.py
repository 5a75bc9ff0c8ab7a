"""Stage 1 gives no two clusters of a site and market one name, whoever thinks of the names."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.stages.distinct_names import LONGEST_CLUSTER_NAME, distinct_name, with_keywords
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Item
from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, Site, compared_name
from igny8_assets_tests.factories import make_cluster, make_site
from igny8_assets_tests.pipeline.running import open_run
from igny8_assets_tests.stages.camp import STOVES, TENTS, make_camp
from igny8_assets_tests.stages.driving import Watched, drive


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.write() as session:
        yield session


@pytest.fixture
def site(session: Session) -> Site:
    return make_site(session)


def named(store: Store, site: Site) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Cluster.name).where(Cluster.site_id == site.id).order_by(Cluster.id)))


def test_a_name_that_nobody_bears_is_taken_as_it_is(session: Session, site: Site) -> None:
    make_cluster(session, site, name="Mills", market="gb")
    assert distinct_name(session, site.id, "us", ["Mills"]) == "Mills"


def test_a_borne_name_gets_the_next_keyword_beside_it_then_a_number(session: Session, site: Site) -> None:
    keywords = ["MILLS", "hand mill", "old mill"]
    given_names = []
    for _ in range(4):
        given_names.append(distinct_name(session, site.id, "us", with_keywords("Mills", keywords)))
        make_cluster(session, site, name=given_names[-1])
    assert given_names == ["Mills", "Mills (hand mill)", "Mills (old mill)", "Mills (2)"]


def test_a_cluster_keeps_a_name_that_is_its_own(session: Session, site: Site) -> None:
    cluster = make_cluster(session, site, name="Mills")
    assert distinct_name(session, site.id, "us", ["Mills"], but=cluster.id) == "Mills"


def test_the_longest_name_with_a_number_still_has_room(session: Session, site: Site) -> None:
    name = "x" * LONGEST_CLUSTER_NAME
    make_cluster(session, site, name=name)
    numbered = distinct_name(session, site.id, "us", with_keywords(name, ["mill"]))
    assert numbered.endswith("x (2)")
    assert len(numbered) == LONGEST_CLUSTER_NAME


@given(st.text(max_size=LONGEST_CLUSTER_NAME))
def test_a_name_as_it_is_compared_fits_its_column(name: str) -> None:
    assert len(compared_name(name)) <= Cluster.__table__.c.name_compared.type.length  # type: ignore[attr-defined]


def test_new_clusters_that_an_answer_calls_alike_are_told_apart(store: Store) -> None:
    site = make_camp(store, [*TENTS, *STOVES])
    with store.write() as session:
        make_cluster(session, site, name="CAMPING", market="us")
    stage = STAGES[1]

    class AllAlike(Watched):
        async def process(self, item: Item, tools: object) -> object:
            names = await stage.process(item, tools)  # type: ignore[arg-type]
            return dict.fromkeys(names, ("Camping", "All of it."))

    drive(open_run(store, site, 1, 1), AllAlike(stage))
    names = named(store, site)
    assert len(names) > 2
    assert all(name.startswith("Camping (") for name in names[1:])
    assert len(set(names)) == len(names)
