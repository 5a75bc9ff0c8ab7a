"""One bad item never stops its stage, and costs nothing."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.run_log import read_log
from igny8_assets.stages.stage import Item, ItemFailed, StageAborted
from igny8_assets.store import counters
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    CreditEntry,
    EntryKind,
    IdeaStatus,
    Image,
    ImageStatus,
    Keyword,
    KeywordStatus,
    RunStatus,
    Site,
    Task,
    TaskStatus,
)
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.stages.camp import assert_sound, charged_tenths, count
from igny8_assets_tests.stages.driving import Watched, drive, find
from igny8_assets_tests.stages.seeds import MODELS, PRICES, make_waiting

REASON = "the service refused the content"


def refuse(_item: Item) -> None:
    raise ItemFailed(REASON)


def be_busy(_item: Item) -> None:
    raise ItemFailed("the service is busy", permanent=False)


def failed_rows(store: Store, site: Site, stage: int) -> list[Any]:
    model = MODELS[stage]
    reason = model.held_reason if stage == 3 else model.failure_reason
    with store.read() as session:
        return list(session.scalars(select(model).where(model.site_id == site.id, reason.is_not(None))))


def test_an_item_that_can_not_be_done_is_marked_with_the_reason_and_the_others_are_done(store: Store) -> None:
    for stage in MODELS:
        site = make_waiting(store, stage, 2, slug=f"camp-{stage}")
        ticket = open_run(store, site, stage, stage)
        report = drive(ticket, Watched(STAGES[stage], processing=refuse))[stage]
        per_item = 2 if stage == 1 else 1
        rows = failed_rows(store, site, stage)
        assert len(rows) == per_item, stage
        assert {row.held_reason if stage == 3 else row.failure_reason for row in rows} == {REASON}
        assert (report.done, report.failed, report.pending) == (2 * per_item, per_item, 0), stage
        assert [failure["reason"] for failure in report.failures] == [REASON]
        assert find(store, ticket.run_id).status == RunStatus.COMPLETED
        assert charged_tenths(store, site) == PRICES[stage], stage
        assert_sound(store, site)


def test_an_item_that_may_succeed_later_stays_pending_and_the_next_run_does_it(store: Store) -> None:
    for stage in MODELS:
        site = make_waiting(store, stage, 2, slug=f"camp-{stage}")
        report = drive(open_run(store, site, stage, stage), Watched(STAGES[stage], processing=be_busy))[stage]
        assert report.failed == report.pending == (2 if stage == 1 else 1), stage
        assert failed_rows(store, site, stage) == []
        report = run_stages(store, site, stage, stage)[stage]
        assert (report.failed, report.pending) == (0, 0), stage
        assert charged_tenths(store, site) == 2 * PRICES[stage], stage
        assert_sound(store, site)


def test_what_failed_is_shown_apart_and_not_tried_again_by_itself(store: Store) -> None:
    site = make_waiting(store, 6, 2)
    first = drive(open_run(store, site, 6, 6), Watched(STAGES[6], processing=refuse))[6]
    assert (first.counts["images_generated"], first.counts["images_failed"]) == (1, 1)
    assert run_stages(store, site, 6, 6)[6].done == 0
    with store.read() as session:
        assert counters.read(session, site.id)["image", "failed"] == 1
    assert count(store, Image, Image.status == ImageStatus.FAILED) == 1


def test_a_failed_group_takes_the_whole_group_with_it(store: Store) -> None:
    site = make_waiting(store, 1, 1, stage_1_batch_size=1)
    drive(open_run(store, site, 1, 1), Watched(STAGES[1], processing=refuse))
    with store.read() as session:
        assert {(row.status, row.failure_reason) for row in session.scalars(select(Keyword))} == {
            (KeywordStatus.NEW, REASON)
        }


def test_an_unexpected_error_is_a_failure_of_its_item(store: Store) -> None:
    def break_down(_item: Item) -> None:
        raise ZeroDivisionError("division by zero")

    site = make_waiting(store, 5, 2)
    report = drive(open_run(store, site, 5, 5), Watched(STAGES[5], processing=break_down))[5]
    assert [failure["reason"] for failure in report.failures] == ["unexpected ZeroDivisionError: division by zero"]
    assert (report.done, report.failed) == (2, 1)


def test_an_item_that_can_not_be_saved_is_a_failure_of_its_own(store: Store) -> None:
    def break_down(_item: Item) -> None:
        # What the PostgreSQL driver says to a text with a NUL.
        raise ValueError("A string literal cannot contain NUL (0x00) characters.")

    site = make_waiting(store, 5, 2)
    ticket = open_run(store, site, 5, 5)
    report = drive(ticket, Watched(STAGES[5], saving=break_down))[5]
    assert (report.done, report.failed, len(report.failures)) == (2, 1, 1)
    assert report.failures[0]["reason"].startswith("could not be saved: ")
    assert find(store, ticket.run_id).status == RunStatus.COMPLETED
    assert charged_tenths(store, site) == PRICES[5]
    assert_sound(store, site)


def test_a_reason_that_can_not_be_stored_is_stored_without_what_is_wrong_with_it(store: Store) -> None:
    def refuse_oddly(_item: Item) -> None:
        raise ItemFailed("no\0 thanks \ud83d")

    site = make_waiting(store, 5, 1)
    drive(open_run(store, site, 5, 5), Watched(STAGES[5], processing=refuse_oddly))
    assert failed_rows(store, site, 5)[0].failure_reason == "no thanks"


def test_a_database_that_can_not_write_fails_the_stage_and_leaves_its_items_pending(store: Store) -> None:
    def run_out_of_disk(_item: Item) -> None:
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    site = make_waiting(store, 5, 2)
    ticket = open_run(store, site, 5, 5)
    with pytest.raises(OperationalError):
        drive(ticket, Watched(STAGES[5], saving=run_out_of_disk))
    run = find(store, ticket.run_id)
    assert run.status == RunStatus.FAILED
    assert not run.stages[0].finished
    assert failed_rows(store, site, 5) == []
    assert_sound(store, site)


def test_a_stage_that_is_aborted_leaves_its_items_pending_and_is_not_finished(store: Store) -> None:
    def give_up(_item: Item) -> None:
        raise StageAborted("set IGNY8_OPENAI_API_KEY to a key that the service accepts")

    site = make_waiting(store, 5, 2)
    ticket = open_run(store, site, 5)
    drive(ticket, Watched(STAGES[5], processing=give_up))
    run = find(store, ticket.run_id)
    assert (run.status, run.reason) == (RunStatus.FAILED, "set IGNY8_OPENAI_API_KEY to a key that the service accepts")
    assert [(result.stage, result.finished) for result in run.stages] == [(5, False)]
    assert run.stages[0].result["pending"] + run.stages[0].done == 2
    assert_sound(store, site)


def test_images_that_a_person_took_away_meanwhile_are_not_made(store: Store) -> None:
    site = make_waiting(store, 6, 2)

    def take_away(item: Item) -> None:
        other = Store(store.url)
        with other.write() as session:
            session.delete(session.get_one(Image, item.facts.id))
        other.close()

    ticket = open_run(store, site, 6, 6)
    report = drive(ticket, Watched(STAGES[6], processing=take_away))[6]
    assert find(store, ticket.run_id).status == RunStatus.COMPLETED
    assert report.counts["images_generated"] == 1
    assert charged_tenths(store, site) == PRICES[6]
    assert_sound(store, site)


DECISIONS: dict[int, dict[str, Any]] = {
    1: {"status": KeywordStatus.IGNORED},
    3: {"status": IdeaStatus.DROPPED},
    4: {"status": TaskStatus.HELD, "held_reason": "not now"},
    6: {"status": ImageStatus.REMOVED},
}


def test_what_a_person_decided_while_an_item_was_in_hand_is_not_overwritten(store: Store) -> None:
    for stage, decision in DECISIONS.items():
        site = make_waiting(store, stage, 1, slug=f"camp-{stage}")
        ticket = open_run(store, site, stage, stage)
        drive(ticket, Watched(STAGES[stage], processing=partial(decide, store, site, MODELS[stage], decision)))
        assert find(store, ticket.run_id).status == RunStatus.COMPLETED
        assert statuses(store, site, MODELS[stage]) == {decision["status"]}, stage
        assert charged_tenths(store, site) == 0
        assert_sound(store, site)


def test_what_a_person_decided_is_not_overwritten_by_a_failure_either(store: Store) -> None:
    for stage, decision in DECISIONS.items():
        site = make_waiting(store, stage, 1, slug=f"camp-{stage}")

        deciding = partial(decide, store, site, MODELS[stage], decision)

        def decide_and_refuse(item: Item, deciding: Callable[[Item], None] = deciding) -> None:
            deciding(item)
            refuse(item)

        drive(open_run(store, site, stage, stage), Watched(STAGES[stage], processing=decide_and_refuse))
        assert statuses(store, site, MODELS[stage]) == {decision["status"]}, stage
        assert_sound(store, site)


def decide(store: Store, site: Site, model: type[Any], decision: dict[str, Any], _item: Item) -> None:
    other = Store(store.url)
    with other.write() as session:
        for row in session.scalars(select(model).where(model.site_id == site.id)):
            for name, value in decision.items():
                setattr(row, name, value)
    other.close()


def statuses(store: Store, site: Site, model: type[Any]) -> set[str]:
    with store.read() as session:
        return set(session.scalars(select(model.status).where(model.site_id == site.id)))


def test_every_failure_is_in_the_log(store: Store) -> None:
    ticket = open_run(store, make_waiting(store, 5, 2), 5, 5)
    drive(ticket, Watched(STAGES[5], processing=refuse, always=True))
    warnings = [line for line in read_log(ticket.settings, ticket.run_id) if line["level"] == "warning"]
    assert [(line["stage"], line["message"].partition(": ")[2]) for line in warnings] == [(5, REASON), (5, REASON)]


def test_a_reservation_for_a_failed_item_is_given_back_at_once(store: Store) -> None:
    site = make_waiting(store, 4, 1)
    drive(open_run(store, site, 4, 4), Watched(STAGES[4], processing=refuse))
    with store.read() as session:
        kinds = session.scalars(select(CreditEntry.kind).order_by(CreditEntry.id)).all()
    assert kinds == [EntryKind.GRANT, EntryKind.RESERVE, EntryKind.RELEASE]
    assert count(store, Task, Task.status == TaskStatus.FAILED, Task.failure_reason == REASON) == 1
