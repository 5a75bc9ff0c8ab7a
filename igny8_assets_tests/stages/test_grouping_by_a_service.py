"""Stage 1 with an embedding model: a service says which keywords are alike."""

from collections.abc import Iterator

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, Keyword, KeywordStatus, RunStatus
from igny8_assets_tests.ai.faults import status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.pipeline.sites import TOPICS
from igny8_assets_tests.stages.camp import STOVES, TENTS, add_keywords, assert_sound, count, make_camp, membership
from igny8_assets_tests.stages.driving import drive, find
from igny8_assets_tests.stages.service import served


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with served(monkeypatch) as server:
        monkeypatch.setenv("IGNY8_EMBEDDING_MODEL", "text-embedding-3-small")
        yield server


def test_keywords_are_grouped_by_the_vectors_of_the_service(store: Store, service: OpenAIServer) -> None:
    site = make_camp(store)
    report = run_stages(store, site, 1, 1)[1]
    assert membership(store, site) == {**dict.fromkeys(TENTS, TENTS[0]), **dict.fromkeys(STOVES, STOVES[0])}
    assert service.counts == {"embed_keywords": 1, "auto_cluster": 1}
    assert report.spent.calls == 2
    assert_sound(store, site)


def test_only_new_keywords_are_asked_about_later(store: Store, service: OpenAIServer) -> None:
    site = make_camp(store)
    run_stages(store, site, 1, 1)
    another = TOPICS["tent"][3]
    add_keywords(store, site, [another])
    run_stages(store, site, 1, 1)
    asked = [received.body["input"] for received in service.received if received.function == "embed_keywords"]
    assert asked[1] == [another]
    assert membership(store, site)[another] == TENTS[0]


def test_without_vectors_nothing_is_grouped_and_the_run_says_why(store: Store, service: OpenAIServer) -> None:
    site = make_camp(store)
    service.faults.append(status(500, "the model is down"))
    ticket = open_run(store, site, 1, 1)
    drive(ticket)
    run = find(store, ticket.run_id)
    assert run.status == RunStatus.FAILED
    assert run.reason == "127.0.0.1 answered 500: the model is down"
    assert count(store, Keyword, Keyword.status == KeywordStatus.NEW, Keyword.failure_reason.is_(None)) == 6
    run_stages(store, site, 1, 1)
    assert count(store, Keyword, Keyword.status == KeywordStatus.MAPPED) == 6
    assert_sound(store, site)


def test_a_cap_in_dollars_that_is_reached_while_grouping_pauses_the_run(store: Store, service: OpenAIServer) -> None:
    site = make_camp(store, daily_usd_cap_pico=1)
    ticket = open_run(store, site, 1, 1)
    drive(ticket)
    run = find(store, ticket.run_id)
    assert (run.status, service.received) == (RunStatus.PAUSED, [])
    assert run.reason is not None
    assert "cap of $" in run.reason
    assert count(store, AICall) == 0
    assert_sound(store, site)
