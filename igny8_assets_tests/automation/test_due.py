"""What becomes of a slot: one queued run, or one skipped row that says why."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from igny8_assets.automation import due
from igny8_assets.automation.configuration import change_configuration
from igny8_assets.automation.due import claim_due
from igny8_assets.settings import load_settings
from igny8_assets.site_settings import site_folder
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Account,
    AutomationConfig,
    AutomationRun,
    Launcher,
    RunStatus,
    Site,
    SiteStatus,
    Trigger,
    utc_now,
)
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.pipeline.sites import configure
from igny8_assets_tests.stages.camp import make_camp

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DUE = NOON - timedelta(minutes=5)


def make_due(store: Store, slug: str = "camp", slot: datetime | None = DUE, **values: Any) -> Site:
    """A site without keywords whose slot has come."""
    site = make_camp(store, [], slug=slug)
    configure(store, site, **{"is_enabled": True, "next_run_at": slot, **values})
    return site


def claim(store: Store, now: datetime = NOON, limit: int = 20) -> Sequence[AutomationRun]:
    with store.write() as session:
        return claim_due(session, load_settings(), now, limit)


def history(store: Store, site: Site) -> list[AutomationRun]:
    with store.read() as session:
        return list(session.scalars(select(AutomationRun).where(AutomationRun.site_id == site.id)))


def next_run_at(store: Store, site: Site) -> datetime | None:
    with store.read() as session:
        return session.get_one(AutomationConfig, site.id).next_run_at


def test_a_slot_that_has_come_becomes_a_queued_run_and_the_next_one_is_set(store: Store) -> None:
    site = make_due(store)
    [run] = claim(store)
    assert (run.status, run.trigger, run.launcher) == (RunStatus.QUEUED, Trigger.SCHEDULED, Launcher.DAEMON)
    assert run.slot == DUE
    assert next_run_at(store, site) == datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
    assert claim(store) == []


def test_a_slot_to_come_and_a_site_that_is_not_enabled_are_left(store: Store) -> None:
    make_due(store, "later", NOON + timedelta(seconds=1))
    make_due(store, "off", is_enabled=False)
    make_due(store, "never", None)
    assert claim(store) == []


def test_slots_that_were_missed_make_one_run(store: Store) -> None:
    site = make_due(store, slot=NOON - timedelta(days=9))
    assert len(claim(store)) == 1
    assert claim(store) == []
    assert len(history(store, site)) == 1


def test_the_oldest_are_first_and_a_tick_has_its_limit(store: Store) -> None:
    for number in range(5):
        make_due(store, f"site-{number}", DUE - timedelta(minutes=number))
    first, second, third = claim(store, limit=2), claim(store, limit=2), claim(store, limit=2)
    slots = [run.slot for run in (*first, *second, *third)]
    assert [len(first), len(second), len(third)] == [2, 2, 1]
    assert slots == sorted(DUE - timedelta(minutes=number) for number in range(5))


def archive(store: Store, site: Site) -> None:
    with store.write() as session:
        session.get_one(Site, site.id).status = SiteStatus.ARCHIVED


def switch_writer_off(store: Store, site: Site) -> None:
    with store.write() as session:
        session.get_one(Account, site.account_id).writer_enabled = False


def make_busy(store: Store, site: Site) -> None:
    ask_for_run(store, site)


@pytest.mark.parametrize(
    ("hinder", "says"),
    [(archive, "is archived"), (switch_writer_off, "writer"), (make_busy, "has a run that is queued")],
)
def test_a_slot_that_the_door_refuses_is_used_up_and_stands_in_the_history(
    store: Store, hinder: Any, says: str
) -> None:
    site = make_due(store)
    hinder(store, site)
    [skipped] = claim(store)
    assert skipped.status == RunStatus.SKIPPED
    assert says in (skipped.reason or "")
    assert (skipped.slot, skipped.completed_at) == (DUE, NOON)
    assert skipped.id in [run.id for run in history(store, site)]
    assert claim(store) == []
    assert next_run_at(store, site) == datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


def test_a_site_with_a_broken_file_is_skipped_and_the_others_are_claimed(store: Store) -> None:
    broken, sound = make_due(store, "broken"), make_due(store, "sound")
    folder = site_folder(load_settings(), broken.slug)
    folder.mkdir(parents=True)
    (folder / "settings.env").write_text("IGNY8_AI_ATTEMPTS=many\n")
    claimed = {run.site_id: run for run in claim(store)}
    assert claimed[broken.id].status == RunStatus.SKIPPED
    assert "IGNY8_AI_ATTEMPTS has to be a whole number" in (claimed[broken.id].reason or "")
    assert claimed[sound.id].status == RunStatus.QUEUED


def test_a_slot_without_credits_is_skipped_with_both_figures(store: Store) -> None:
    site = make_camp(store, tenths=1)
    configure(store, site, is_enabled=True, next_run_at=DUE)
    [skipped] = claim(store)
    assert skipped.status == RunStatus.SKIPPED
    assert "credits" in (skipped.reason or "")


def test_two_that_claim_at_once_share_the_slots(store: Store) -> None:
    sites = [make_due(store, f"site-{number}") for number in range(8)]
    claimed: list[AutomationRun] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        for _ in range(8):
            claimed.extend(claim(store, limit=1))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len({run.site_id for run in claimed}) == len(sites)
    assert all(len(history(store, site)) == 1 for site in sites)


def test_enabling_makes_a_site_due_at_its_next_future_slot_and_disabling_never(store: Store) -> None:
    site = make_camp(store, [])
    with store.write() as session:
        change_configuration(session, site, {"is_enabled": "true", "scheduled_time": "03:30"})
    due = next_run_at(store, site)
    assert due is not None
    assert utc_now() < due <= utc_now() + timedelta(days=1)
    assert (due.hour, due.minute) == (3, 30)
    with store.write() as session:
        change_configuration(session, site, {"is_enabled": "false"})
    assert next_run_at(store, site) is None


def test_an_edit_that_is_not_about_the_schedule_leaves_a_slot_that_has_come(store: Store) -> None:
    site = make_due(store)
    with store.write() as session:
        change_configuration(session, site, {"stage_4_cap": "5"})
    assert next_run_at(store, site) == DUE


def test_of_many_sites_that_are_due_each_gets_what_the_door_says_to_it(store: Store) -> None:
    fine, busy, archived = (make_due(store, slug) for slug in ("fine", "busy", "archived"))
    make_busy(store, busy)
    archive(store, archived)
    claimed = {run.site_id: run.status for run in claim(store)}
    assert claimed == {fine.id: RunStatus.QUEUED, busy.id: RunStatus.SKIPPED, archived.id: RunStatus.SKIPPED}


def test_a_person_who_asks_in_the_moment_of_the_slot_gets_the_run_and_the_others_theirs(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine, busy = make_due(store, "fine"), make_due(store, "busy")
    make_busy(store, busy)
    # The claim looked before the person's run was there.
    monkeypatch.setattr(due, "active_runs", lambda *_: {})
    claimed = {run.site_id: (run.status, run.reason or "") for run in claim(store)}
    assert claimed[fine.id] == (RunStatus.QUEUED, "")
    assert claimed[busy.id][0] == RunStatus.SKIPPED
    assert "has a run that is queued" in claimed[busy.id][1]
    for site in (fine, busy):
        assert next_run_at(store, site) == datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
