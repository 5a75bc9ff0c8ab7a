"""Which occurrences are told, to whom, and how often."""

from datetime import timedelta
from pathlib import Path

import pytest

from igny8_assets.automation.due import claim_due
from igny8_assets.automation.recovery import MOST_IDLE_LAUNCHES, recover
from igny8_assets.automation.runs import close_run, resume_run, take_run
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    AutomationRun,
    ChannelKind,
    Launcher,
    NoticeEvent,
    RunStatus,
    Site,
    SiteStatus,
    utc_now,
)
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.notices.conftest import messages, tell
from igny8_assets_tests.pipeline.sites import configure, import_keywords, make_site
from igny8_assets_tests.stages.driving import drive, take

ADDRESS = "https://hooks.example/news"


def events(store: Store) -> list[str]:
    return [message.event.value for message in messages(store)]


def end(store: Store, site: Site, status: RunStatus, reason: str | None = None) -> AutomationRun:
    run = ask_for_run(store, site)
    ticket = take_run(store, load_settings(), run.id, run.launch, f"dagster run of {run.id}"[:36])
    assert ticket is not None
    assert close_run(ticket, status, reason)
    return run


def test_a_site_without_a_channel_is_silent(store: Store, site: Site) -> None:
    end(store, site, RunStatus.FAILED, "the disk is gone")
    assert messages(store) == []


@pytest.mark.parametrize("status", [RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.PAUSED])
def test_the_end_of_a_run_is_told_once_to_each_channel(store: Store, site: Site, status: RunStatus) -> None:
    tell(store, site, ChannelKind.WEBHOOK, ADDRESS)
    tell(store, site, ChannelKind.SLACK, ADDRESS)
    run = end(store, site, status, "for a reason")
    told = messages(store)
    assert [message.event.value for message in told] == [f"run_{status.value}"] * 2
    assert [(message.facts["run_id"], message.facts["reason"]) for message in told] == [(run.id, "for a reason")] * 2
    assert len({message.public_id for message in told}) == 2


def test_a_canceled_run_is_no_news(store: Store, site: Site) -> None:
    tell(store, site, ChannelKind.WEBHOOK, ADDRESS)
    end(store, site, RunStatus.CANCELED)
    assert messages(store) == []


def test_a_channel_hears_of_the_events_that_it_was_added_for_alone(store: Store, site: Site) -> None:
    tell(store, site, ChannelKind.WEBHOOK, ADDRESS, NoticeEvent.RUN_FAILED)
    end(store, site, RunStatus.COMPLETED)
    end(store, site, RunStatus.FAILED)
    assert events(store) == ["run_failed"]


def test_the_news_of_a_site_is_not_told_to_anothers_channel(store: Store, site: Site) -> None:
    tell(store, make_site(store, "other"), ChannelKind.WEBHOOK, ADDRESS)
    end(store, site, RunStatus.COMPLETED)
    assert messages(store) == []


def test_a_run_that_is_paused_twice_is_told_twice(store: Store, site: Site) -> None:
    tell(store, site, ChannelKind.WEBHOOK, ADDRESS)
    run = end(store, site, RunStatus.PAUSED)
    with store.write() as session:
        resume_run(session, session.get_one(AutomationRun, run.id), Launcher.PROCESS)
    ticket = take_run(store, load_settings(), run.id, 2, "another")
    assert ticket is not None
    close_run(ticket, RunStatus.PAUSED)
    assert events(store) == ["run_paused", "run_paused"]


def test_a_slot_that_can_not_run_is_told_with_the_reason(store: Store, site: Site) -> None:
    tell(store, site, ChannelKind.WEBHOOK, ADDRESS)
    slot = utc_now() - timedelta(seconds=30)
    configure(store, site, is_enabled=True, next_run_at=slot)
    with store.write() as session:
        session.get_one(Site, site.id).status = SiteStatus.ARCHIVED
    for _ in range(2):
        with store.write() as session:
            claim_due(session, load_settings(), utc_now(), 20)
    [told] = messages(store)
    assert told.event == NoticeEvent.RUN_SKIPPED
    assert "is archived" in told.facts["reason"]
    assert told.facts["slot"] == slot.isoformat(timespec="seconds")


def test_a_run_that_dies_again_and_again_is_told_when_it_is_given_up(store: Store, site: Site) -> None:
    tell(store, site, ChannelKind.WEBHOOK, ADDRESS)
    run = ask_for_run(store, site)
    for launch in range(1, MOST_IDLE_LAUNCHES + 1):
        assert events(store) == []
        assert take_run(store, load_settings(), run.id, launch, f"dagster {launch}") is not None
        with store.write() as session:
            recover(session, run.id, launch)
    assert events(store) == ["run_failed"]


def test_a_run_that_illustrates_texts_tells_how_many_wait_for_a_person(
    store: Store, site: Site, tmp_path: Path
) -> None:
    tell(store, site, ChannelKind.WEBHOOK, ADDRESS)
    import_keywords(store, site, tmp_path / "exports")
    drive(take(store, ask_for_run(store, site)))
    # Nothing new is made by another run: it is not told that the same texts still wait.
    drive(take(store, ask_for_run(store, site)))
    told = messages(store)
    ready = [message.facts["ready_for_review"] for message in told if message.event == NoticeEvent.REVIEW_READY]
    assert ready == [told[-1].facts["ready_for_review"]]
    assert ready[0] > 0
    assert events(store).count("run_completed") == 2
