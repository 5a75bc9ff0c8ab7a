"""What a service does wrong hurts one item at most, and what it was paid for is never asked for again."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Item
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, Cluster, CreditEntry, EntryKind, Keyword, RunStatus
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.stages.camp import STOVES, TENTS, assert_sound, charged_tenths, count, make_camp
from igny8_assets_tests.stages.driving import Watched, drive, find, resume
from igny8_assets_tests.stages.seeds import MODELS, PRICES, make_waiting
from igny8_assets_tests.stages.service import KEY, assert_nowhere, served

TEXT_FAULTS = [
    status(500),
    Fault("hang"),
    Fault("closed"),
    Fault("half"),
    Fault("invalid_json"),
    Fault("content", text="Of course! Here are three ideas."),
    Fault("content", text='{"ideas": []}'),
    Fault("length"),
    Fault("empty_choices"),
    Fault("no_content"),
    Fault("other_items"),
    Fault("refusal"),
    Fault("content_filter"),
    status(400, "this prompt was flagged by our safety system"),
]
PICTURE_FAULTS = [
    status(503),
    Fault("closed"),
    Fault("no_picture"),
    Fault("bad_base64"),
    Fault("picture_gone"),
    status(400, "rejected by our content policy", code="content_policy_violation"),
]
CHARGED = CreditEntry.kind == EntryKind.CHARGE
PAID_OR_REFUSED = {
    *("refusal", "content_filter", "content", "length", "empty_choices", "no_content", "other_items"),
    *("no_picture", "bad_base64", "picture_gone"),
}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with served(monkeypatch) as server:
        monkeypatch.setenv("IGNY8_AI_TIMEOUT_SECONDS", "3")
        yield server


@pytest.mark.parametrize(("stage", "faults"), [(2, TEXT_FAULTS), (6, PICTURE_FAULTS)])
def test_a_fault_on_one_item_leaves_the_others_done_and_costs_nothing(
    store: Store, service: OpenAIServer, home: Path, stage: int, faults: list[Fault]
) -> None:
    run_stages(store, make_waiting(store, stage, 1, slug="warm-up"), stage, stage)
    for number, fault in enumerate(faults):
        site = make_waiting(store, stage, 2, slug=f"camp-{number}")
        service.faults.append(fault)
        ticket = open_run(store, site, stage, stage)
        report = drive(ticket)[stage]
        assert find(store, ticket.run_id).status == RunStatus.COMPLETED, fault
        assert (report.done, report.failed, len(report.failures)) == (2, 1, 1), fault
        reason = report.failures[0]["reason"]
        assert len(reason.split()) >= 3, fault
        assert "Traceback" not in reason
        assert not reason.startswith("unexpected"), reason
        # What was refused, or paid for in vain, waits for a person; the rest for the next run.
        refused = fault.kind in PAID_OR_REFUSED or (fault.kind == "status" and fault.status == 400)
        assert report.pending == (0 if refused else 1), fault
        assert charged_tenths(store, site) == PRICES[stage], fault
        assert_sound(store, site)
    assert_nowhere(KEY, store, home)


def test_an_item_that_failed_in_passing_is_done_by_the_next_run(store: Store, service: OpenAIServer) -> None:
    site = make_waiting(store, 2, 1)
    service.faults.append(status(500))
    run_stages(store, site, 2, 2)
    run_stages(store, site, 2, 2)
    assert count(store, Cluster, Cluster.idea_rounds == 1) == 1
    assert service.counts == {"generate_ideas": 2}


@pytest.mark.parametrize("stage", [2, 6])
def test_items_wait_for_a_service_that_is_busy_and_none_fails_or_is_paid_for_twice(
    store: Store, service: OpenAIServer, stage: int
) -> None:
    site = make_waiting(store, stage, 3)
    service.faults += [status(429, headers={"Retry-After": "1"})] * 4
    ticket = open_run(store, site, stage, stage)
    report = drive(ticket)[stage]
    assert find(store, ticket.run_id).status == RunStatus.COMPLETED
    assert (report.done, report.failed, report.pending) == (report.total, 0, 0)
    assert charged_tenths(store, site) == report.done * PRICES[stage]
    assert sum(service.counts.values()) == report.done + 4
    assert_sound(store, site)


def test_a_key_that_the_service_does_not_accept_ends_the_run_at_once_with_what_to_mend(
    store: Store, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    wrong = "wrong-VERYSECRET-9876543210"
    with served(monkeypatch, key=wrong) as server:
        site = make_waiting(store, 2, 4)
        ticket = open_run(store, site, 2)
        drive(ticket)
        assert len(server.received) == 1
    run = find(store, ticket.run_id)
    assert run.status == RunStatus.FAILED
    assert run.reason is not None
    assert run.reason.endswith("set IGNY8_OPENAI_API_KEY to a key that the service accepts")
    assert [(result.stage, result.finished) for result in run.stages] == [(2, False)]
    with store.read() as session:
        pending = session.scalars(select(MODELS[2]).where(Cluster.ideas_pending, Cluster.failure_reason.is_(None)))
        assert len(pending.all()) == 4
    assert charged_tenths(store, site) == 0
    assert_sound(store, site)
    assert_nowhere(wrong, store, home)


def test_what_is_in_flight_when_no_item_can_succeed_any_more_is_still_saved(
    store: Store, service: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_AI_CONCURRENCY", "4")
    site = make_waiting(store, 2, 4)
    service.delay = 0.5
    service.faults.append(status(404, "The model does not exist", code="model_not_found"))
    ticket = open_run(store, site, 2, 2)
    drive(ticket)
    assert find(store, ticket.run_id).status == RunStatus.FAILED
    saved = count(store, Cluster, Cluster.idea_rounds == 1)
    assert saved == service.counts["generate_ideas"] - 1 >= 1
    assert charged_tenths(store, site) == saved * PRICES[2]
    assert_sound(store, site)
    run_stages(store, site, 2, 2)
    assert service.counts == {"generate_ideas": 5}


def test_with_the_right_key_the_next_run_does_what_the_wrong_one_could_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch, key="wrong") as server:
        site = make_waiting(store, 2, 2)
        drive(open_run(store, site, 2, 2))
        monkeypatch.setenv("IGNY8_OPENAI_API_KEY", KEY)
        assert server.key == KEY
        assert run_stages(store, site, 2, 2)[2].counts == {"ideas_created": 2}


def lose_the_disk(_item: Item) -> None:
    raise OperationalError("insert", {}, Exception("disk I/O error"))


def test_what_was_answered_before_a_save_failed_is_not_asked_again(store: Store, service: OpenAIServer) -> None:
    site = make_camp(store, [*TENTS[:2], *STOVES[:2]])
    for stage in (1, 2, 4, 5, 6):
        with pytest.raises(OperationalError):
            drive(open_run(store, site), Watched(STAGES[stage], saving=lose_the_disk))
        assert_sound(store, site)
    run_stages(store, site)
    asked = Counter((received.function, json.dumps(received.body)) for received in service.received)
    assert asked.most_common(1)[0][1] == 1
    per_function = Counter(function for function, _ in asked)
    assert (per_function["auto_cluster"], per_function["generate_content_join"]) == (1, 2)
    # One naming call, two rounds of ideas, two texts, their prompts and their pictures.
    assert count(store, CreditEntry, CreditEntry.site_id == site.id, CHARGED) == 9


def test_a_paused_run_asks_nothing_twice(store: Store, service: OpenAIServer) -> None:
    site = make_waiting(store, 2, 2)
    ticket = open_run(store, site, 2, 2)

    def stop(_item: Item) -> None:
        ticket.interrupted.set()

    drive(ticket, Watched(STAGES[2], processing=stop))
    run = find(store, ticket.run_id)
    assert (run.status, service.counts["generate_ideas"]) == (RunStatus.CANCELED, 1)
    run_stages(store, site, 2, 2)
    assert service.counts["generate_ideas"] == 2
    with pytest.raises(Exception, match="is not paused"):
        resume(store, ticket.run_id)


def test_an_answer_with_a_sign_that_can_not_be_stored_is_no_answer(store: Store, service: OpenAIServer) -> None:
    site = make_waiting(store, 2, 1)
    with store.read() as session:
        keyword_id = session.scalars(select(Keyword.id).order_by(Keyword.id)).first()
    idea: dict[str, Any] = {
        "title": "Tents\\u0000 and more",
        "description": "All about tents",
        "content_type": "blog post",
        "content_structure": "how-to",
    }
    fields = ", ".join(f'"{name}": "{value}"' for name, value in idea.items())
    service.faults.append(Fault("content", text=f'{{"ideas": [{{{fields}, "keyword_ids": [{keyword_id}]}}]}}'))
    report = run_stages(store, site, 2, 2)[2]
    assert [failure["reason"] for failure in report.failures] == ["the answer holds characters that can't be stored"]
    assert report.pending == 0
    assert count(store, Cluster, Cluster.failure_reason == "the answer holds characters that can't be stored") == 1
    assert count(store, CreditEntry, CHARGED) == 0
    assert count(store, AICall) == 1
