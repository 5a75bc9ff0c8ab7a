"""Clusters that a rebuild made get names and descriptions from the next run, at no credits."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from igny8_assets.ai.offline.provider import OfflineProvider
from igny8_assets.review.arranging import rename
from igny8_assets.review.rebuilding import carry_out, propose
from igny8_assets.settings import Settings
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Item
from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, Keyword, Site
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.factories import make_cluster, make_keyword
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.pipeline.sites import configure
from igny8_assets_tests.stages.camp import STOVES, TENTS, add_keywords, assert_sound, charged_tenths, make_camp
from igny8_assets_tests.stages.driving import Watched, drive
from igny8_assets_tests.stages.service import served

TOOLS = ["log splitter", "log splitter for sale", "electric log splitter"]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with served(monkeypatch) as server:
        yield server


@pytest.fixture
def site(store: Store) -> Site:
    """A cluster of tents, and two that a rebuild made of what was put into it: stoves and log splitters."""
    site = make_camp(store, [])
    with store.write() as session:
        cluster = make_cluster(session, site, name="Everything")
        for place, text in enumerate([*TENTS, "tent heater", *STOVES, *TOOLS]):
            make_keyword(session, site, text, cluster=cluster, volume=1000 - place, intents="informational")
    plan = propose(store, Settings(), OfflineProvider(), site)
    with store.write() as session:
        carry_out(session, session.get_one(Site, site.id), plan)
    return site


def cluster_of(store: Store, text: str) -> Cluster:
    with store.read() as session:
        return session.scalars(
            select(Cluster).join(Keyword, Keyword.cluster_id == Cluster.id).where(Keyword.text == text)
        ).one()


def test_until_then_they_are_called_after_their_head_keyword(store: Store, site: Site) -> None:
    assert {cluster_of(store, text).name for text in TOOLS} == {"Log Splitter"}
    assert cluster_of(store, TOOLS[0]).description == ""
    assert cluster_of(store, TENTS[0]).name == "Everything"


def test_the_next_run_describes_them_at_no_credits(store: Store, site: Site) -> None:
    report = run_stages(store, site, 1, 1)[1]
    assert cluster_of(store, TOOLS[0]).description.startswith("What people search around “log splitter”.")
    assert cluster_of(store, STOVES[0]).description
    assert cluster_of(store, TENTS[0]).name == "Everything"
    assert (report.done, report.failed, charged_tenths(store, site)) == (0, 0, 0)
    assert report.counts["clusters_named"] == 2
    assert_sound(store, site)


def test_a_service_names_all_that_fit_a_batch_in_one_question(store: Store, site: Site, service: OpenAIServer) -> None:
    run_stages(store, site, 1, 1)
    assert [received.function for received in service.received] == ["auto_cluster"]
    run_stages(store, site, 1, 1)
    assert len(service.received) == 1


def test_a_batch_is_no_larger_than_the_site_has_it(store: Store, site: Site) -> None:
    configure(store, site, stage_1_batch_size=3)
    stage = Watched(STAGES[1])
    drive(open_run(store, site, 1, 1), stage)
    assert [len(item.facts.groups) for item in stage.begun] == [1, 1]
    assert all(cluster_of(store, text).description for text in (STOVES[0], TOOLS[0]))


def test_new_keywords_are_placed_in_the_same_run(store: Store, site: Site) -> None:
    add_keywords(store, site, ["log splitter hire"])
    report = run_stages(store, site, 1, 1)[1]
    assert report.done == 1
    assert cluster_of(store, "log splitter hire").id == cluster_of(store, TOOLS[0]).id
    assert cluster_of(store, TOOLS[0]).description
    assert_sound(store, site)


def test_a_name_that_a_person_gave_before_stays(store: Store, site: Site) -> None:
    with store.write() as session:
        rename(session, session.get_one(Site, site.id), cluster_of(store, TOOLS[0]).id, "Firewood")
    run_stages(store, site, 1, 1)
    assert cluster_of(store, TOOLS[0]).name == "Firewood"
    assert cluster_of(store, TOOLS[0]).description


def test_a_name_that_a_person_gave_meanwhile_stays(store: Store, site: Site) -> None:
    def rename_it(_item: Item) -> None:
        other = Store(store.url)
        with other.write() as session:
            rename(session, session.get_one(Site, site.id), cluster_of(store, TOOLS[0]).id, "Firewood")
        other.close()

    drive(open_run(store, site, 1, 1), Watched(STAGES[1], processing=rename_it))
    assert cluster_of(store, TOOLS[0]).name == "Firewood"


def test_a_service_that_is_down_is_asked_again_by_the_next_run(store: Store, site: Site, service: OpenAIServer) -> None:
    service.faults.append(status(500))
    run_stages(store, site, 1, 1)
    assert cluster_of(store, TOOLS[0]).name == "Log Splitter"
    run_stages(store, site, 1, 1)
    assert cluster_of(store, TOOLS[0]).description


def test_an_answer_of_no_use_leaves_the_names_as_they_are_and_says_so(
    store: Store, site: Site, service: OpenAIServer
) -> None:
    service.faults.append(Fault("content", text="Of course! Here are the names."))
    (failure,) = run_stages(store, site, 1, 1)[1].failures
    assert failure["item"].startswith("names of 2 clusters")
    run_stages(store, site, 1, 1)
    assert len(service.received) == 1
    assert cluster_of(store, TOOLS[0]).name == "Log Splitter"
