"""Stage 1 where a site wants a language model to say which keywords belong together."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from igny8_assets.settings import load_settings
from igny8_assets.stages.groups_by_model import MOST_NEW
from igny8_assets.stages.run_log import read_log
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, CallStatus, Keyword, KeywordStatus, PlannedMembership, RunStatus, Site
from igny8_assets.store.prices import KEYWORD_TENTHS
from igny8_assets.vocabulary import ClusterStrategy, Reason
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.factories import make_keyword
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.pipeline.sites import TOPICS, configure
from igny8_assets_tests.stages.camp import (
    STOVES,
    TENTS,
    add_keywords,
    assert_sound,
    charged_tenths,
    count,
    make_camp,
    membership,
)
from igny8_assets_tests.stages.driving import drive, find
from igny8_assets_tests.stages.service import served

ASKED = "group_keywords"
BY_VECTORS = {**dict.fromkeys(TENTS, TENTS[0]), **dict.fromkeys(STOVES, STOVES[0])}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with served(monkeypatch) as server:
        monkeypatch.setenv("IGNY8_AI_ATTEMPTS", "3")
        yield server


def make_asking_camp(store: Store, texts: Sequence[str] = (*TENTS, *STOVES), **config: Any) -> Site:
    return make_camp(store, texts, cluster_strategy=ClusterStrategy.LLM, **config)


def ids_of(store: Store) -> dict[str, int]:
    with store.read() as session:
        return {row.text: row.id for row in session.execute(select(Keyword.text, Keyword.id))}


def says(
    store: Store,
    *groups: Sequence[str],
    joins: Sequence[tuple[int, Sequence[str]]] = (),
    alone: Sequence[str] = (),
    strangers: Sequence[int] = (),
) -> Fault:
    """The model's next answer, by the texts of keywords."""
    ids = ids_of(store)
    answer = {
        "joins": [{"cluster_id": cluster, "keyword_ids": [ids[text] for text in texts]} for cluster, texts in joins],
        "groups": [{"keyword_ids": [ids[text] for text in texts]} for texts in groups],
        "alone": [*(ids[text] for text in alone), *strangers],
    }
    return Fault("content", function=ASKED, text=json.dumps(answer))


def sets_of(store: Store, site: Site) -> set[frozenset[str]]:
    """The keywords of each cluster."""
    placed = membership(store, site)
    return {frozenset(text for text, home in placed.items() if home == root) for root in placed.values() if root}


def questions(service: OpenAIServer) -> list[dict[str, Any]]:
    asked = [received.body["messages"] for received in service.received if received.function == ASKED]
    return [json.loads(next(one["content"] for one in messages if one["role"] == "user")) for messages in asked]


def told(run_id: str) -> list[str]:
    return [line["message"] for line in read_log(load_settings(), run_id)]


CROSSED = ([TENTS[0], STOVES[0]], [TENTS[1], STOVES[1]], [TENTS[2], STOVES[2]])


def test_keywords_are_grouped_as_the_model_says(store: Store, service: OpenAIServer) -> None:
    site = make_asking_camp(store)
    service.faults.append(says(store, *CROSSED))
    report = run_stages(store, site, 1, 1)[1]
    assert sets_of(store, site) == {frozenset(group) for group in CROSSED}
    assert service.counts == {ASKED: 1, "auto_cluster": 1}
    assert report.spent.calls == 2
    with store.read() as session:
        assert set(session.scalars(select(Keyword.reason))) == {Reason.MODEL}
    assert_sound(store, site)


def test_the_model_is_told_what_a_cluster_is_and_shown_the_keywords_and_clusters(
    store: Store, service: OpenAIServer
) -> None:
    site = make_asking_camp(store, TENTS, separate_intents=False)
    run_stages(store, site, 1, 1)
    add_keywords(store, site, STOVES)
    run_stages(store, site, 1, 1)
    first, second = questions(service)
    assert (first["language"], first["separate_intents"], first["clusters"]) == ("en", False, [])
    assert first["width"].startswith("page: ")
    assert {one["text"] for one in second["keywords"]} == set(STOVES)
    assert second["keywords"][0]["intents"] == ["informational"]
    assert [one["root_keyword"] for one in second["clusters"]] == [TENTS[0]]


def test_new_keywords_join_the_cluster_that_the_model_names(store: Store, service: OpenAIServer) -> None:
    site = make_asking_camp(store, TENTS)
    run_stages(store, site, 1, 1)
    add_keywords(store, site, STOVES)
    with store.read() as session:
        cluster = session.scalars(select(Keyword.cluster_id)).first()
    assert cluster is not None
    service.faults.append(says(store, STOVES[1:], joins=[(cluster, STOVES[:1])]))
    run_stages(store, site, 1, 1)
    assert sets_of(store, site) == {frozenset([*TENTS, STOVES[0]]), frozenset(STOVES[1:])}
    assert_sound(store, site)


def test_stage_1_costs_the_same(store: Store, service: OpenAIServer) -> None:
    site = make_asking_camp(store)
    run_stages(store, site, 1, 1)
    assert charged_tenths(store, site) == KEYWORD_TENTHS * 6


def test_an_orphan_is_offered_and_placed_where_the_model_says(store: Store, service: OpenAIServer) -> None:
    site = make_asking_camp(store, TENTS)
    service.faults.append(says(store, TENTS[1:], alone=TENTS[:1]))
    run_stages(store, site, 1, 1)
    assert count(store, Keyword, Keyword.status == KeywordStatus.ORPHANED) == 1
    add_keywords(store, site, STOVES)
    service.faults.append(says(store, [TENTS[0], *STOVES]))
    run_stages(store, site, 1, 1)
    assert sets_of(store, site) == {frozenset(TENTS[1:]), frozenset([TENTS[0], *STOVES])}
    assert charged_tenths(store, site) == KEYWORD_TENTHS * 6
    assert_sound(store, site)


def test_an_answer_that_lacks_keywords_is_mended_once(store: Store, service: OpenAIServer) -> None:
    site = make_asking_camp(store)
    service.faults += [says(store, CROSSED[0]), says(store, *CROSSED)]
    run_stages(store, site, 1, 1)
    assert sets_of(store, site) == {frozenset(group) for group in CROSSED}
    assert service.counts[ASKED] == 2
    complaint = str(service.received[1].body["messages"])
    ids = ids_of(store)
    missing = ", ".join(str(ids[text]) for text in sorted((*TENTS[1:], *STOVES[1:]), key=lambda text: ids[text]))
    assert f"it lacks keyword ids: {missing}" in complaint


def test_what_the_model_still_leaves_out_or_repeats_after_that_is_placed_by_vectors(
    store: Store, service: OpenAIServer
) -> None:
    site = make_asking_camp(store)
    service.faults += [
        says(store, TENTS[:2]),
        says(store, TENTS[:2], STOVES[:2], TENTS[1:2], joins=[(999, STOVES[:1])], strangers=[10**6]),
    ]
    run_stages(store, site, 1, 1)
    assert membership(store, site) == BY_VECTORS
    assert service.counts[ASKED] == 2
    assert_sound(store, site)


def test_a_model_that_gives_nothing_of_use_is_not_asked_on_and_the_run_says_so(
    store: Store, service: OpenAIServer
) -> None:
    site = make_asking_camp(store)
    service.faults.append(Fault("refusal", function=ASKED))
    ticket = open_run(store, site, 1, 1)
    drive(ticket)
    assert membership(store, site) == BY_VECTORS
    assert service.counts[ASKED] == 1
    (line,) = [line for line in told(ticket.run_id) if "by vectors" in line]
    assert line.endswith("the model refused: I can't help with that.")


def test_a_service_that_is_away_ends_the_run_and_the_next_one_groups(store: Store, service: OpenAIServer) -> None:
    site = make_asking_camp(store)
    service.faults += [status(500, "the model is down")] * 3
    ticket = open_run(store, site, 1, 1)
    drive(ticket)
    run = find(store, ticket.run_id)
    assert (run.status, run.reason) == (RunStatus.FAILED, "127.0.0.1 answered 500: the model is down")
    assert count(store, Keyword, Keyword.status == KeywordStatus.NEW, Keyword.failure_reason.is_(None)) == 6
    assert count(store, PlannedMembership) == 0
    run_stages(store, site, 1, 1)
    assert count(store, Keyword, Keyword.status == KeywordStatus.MAPPED) == 6
    assert_sound(store, site)


def test_a_cap_in_dollars_that_is_reached_pauses_the_run(store: Store, service: OpenAIServer) -> None:
    site = make_asking_camp(store, daily_usd_cap_pico=1)
    ticket = open_run(store, site, 1, 1)
    drive(ticket)
    run = find(store, ticket.run_id)
    assert (run.status, service.received) == (RunStatus.PAUSED, [])
    assert "cap of $" in str(run.reason)
    assert count(store, AICall) == 0


def test_an_answer_that_was_paid_for_is_not_asked_for_again_when_no_plan_came_of_it(
    store: Store, service: OpenAIServer
) -> None:
    site = make_asking_camp(store)
    with store.write() as session:
        here = session.get_one(Site, site.id)
        for text in TOPICS["boots"]:
            make_keyword(session, here, text, market="zz")
    # Each market is asked about apart, by turns; the answer for the first is mended, the other never comes.
    service.faults += [says(store, TENTS[:2]), status(500), says(store, *CROSSED[:2]), status(500), status(500)]
    drive(open_run(store, site, 1, 1))
    asked = service.counts[ASKED]
    assert count(store, PlannedMembership) == 0
    with store.read() as session:
        statuses = session.scalars(select(AICall.status).where(AICall.function == ASKED)).all()
    assert statuses.count(CallStatus.ANSWERED) == 1
    run_stages(store, site, 1, 1)
    assert service.counts[ASKED] == asked + 1
    assert count(store, Keyword, Keyword.status == KeywordStatus.NEW) == 0
    assert_sound(store, site)


def test_a_run_that_fails_between_batches_goes_on_with_the_plan(store: Store, service: OpenAIServer) -> None:
    site = make_asking_camp(store, stage_1_batch_size=2)
    service.faults += [says(store, *CROSSED), Fault("slow", function="auto_cluster")]
    service.faults.append(replace(status(401, "no such key"), function="auto_cluster"))
    ticket = open_run(store, site, 1, 1)
    drive(ticket)
    assert find(store, ticket.run_id).status == RunStatus.FAILED
    assert len(sets_of(store, site)) < len(CROSSED)
    run_stages(store, site, 1, 1)
    assert sets_of(store, site) == {frozenset(group) for group in CROSSED}
    assert service.counts[ASKED] == 1
    assert_sound(store, site)


def test_more_new_keywords_than_a_model_is_asked_about_are_grouped_by_vectors(
    store: Store, service: OpenAIServer
) -> None:
    numbered = [f"{TENTS[0]} model {number}" for number in range(MOST_NEW - 5)]
    site = make_asking_camp(store, [*TENTS, *STOVES, *numbered], stage_1_cap=20)
    ticket = open_run(store, site, 1, 1)
    drive(ticket)
    assert ASKED not in service.counts
    (line,) = [line for line in told(ticket.run_id) if "by vectors" in line]
    assert line.endswith("301 new keywords; a language model is asked about 300 at most")


def test_the_offline_provider_groups_by_vectors_and_says_so(store: Store) -> None:
    site = make_asking_camp(store)
    ticket = open_run(store, site, 1, 1)
    drive(ticket)
    assert membership(store, site) == BY_VECTORS
    assert "grouped by vectors: the offline provider has no language model to ask" in told(ticket.run_id)


def test_a_site_that_wants_vectors_asks_no_model(store: Store, service: OpenAIServer) -> None:
    site = make_asking_camp(store)
    configure(store, site, cluster_strategy=ClusterStrategy.VECTORS)
    ticket = open_run(store, site, 1, 1)
    drive(ticket)
    assert ASKED not in service.counts
    assert not [line for line in told(ticket.run_id) if "by vectors" in line]
