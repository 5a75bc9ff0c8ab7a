"""What `igny8 run` tells: what it imported, what failed and what to do next."""

import os
import time
from pathlib import Path

import pytest

from igny8_assets.automation.runs import take_run
from igny8_assets.cli.progress import shown_progress
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import IdeaStatus, RunStatus, Site, TaskStatus
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_account, make_idea, make_keyword, make_site, make_task
from igny8_assets_tests.stages.driving import find
from igny8_assets_tests.stages.service import served

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def put_into_inbox(site: Site, name: str, text: str, *, age: float = 60.0) -> Path:
    folder = load_settings().inbox / site.slug
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_each_file_of_the_inbox_has_its_line(igny8: Igny8, site: Site) -> None:
    put_into_inbox(site, "good.csv", "Keyword,Volume\nmoka pot,90\nmoka pot sizes,40\n,10\n")
    put_into_inbox(site, "letter.csv", "Dear Sir,\0")
    # Written to a minute from now, so that it grows still however long the command takes to begin.
    put_into_inbox(site, "growing.csv", "keyword\ntea\n", age=-60)
    result = igny8("run", "shop", "--stages", "1")
    assert result.code == 0, result
    told = [line for line in result.out.splitlines() if line.startswith("inbox: ")]
    assert len(told) == 3
    assert told[0].startswith("inbox: good.csv: 3 rows")
    assert "2 new keywords" in told[0]
    assert "1 rejected (see " in told[0]
    assert told[1].startswith("inbox: letter.csv was not imported: ")
    assert "growing.csv" in told[2]
    assert "the next run" in told[2]
    assert not any(
        line.startswith("inbox: good.csv") for line in igny8("run", "shop", "--stages", "1").out.splitlines()
    )


def test_a_stage_without_work_says_so(igny8: Igny8, site: Site) -> None:
    told = igny8("run", "shop", "--stages", "1").out.splitlines()
    assert told[0] == "1. Keywords → Clusters: nothing was pending"


def test_a_run_in_which_nothing_of_a_stage_succeeded_ends_with_1_and_says_what_to_do(
    igny8: Igny8, store: Store, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write() as session:
        here = session.get_one(Site, site.id)
        idea = make_idea(session, here, keywords=[make_keyword(session, here)], status=IdeaStatus.IN_PROGRESS)
        make_task(session, here, idea=idea, title="Brewing")
    with served(monkeypatch) as server:
        address = server.base_url
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", address)
    result = igny8("run", "shop", "--stages", "4")
    assert result.code == 1, result
    assert "stage 4, Brewing: " in result.out
    assert "`igny8 retry shop`" in result.out


def test_a_provider_that_cannot_work_is_refused_before_a_run_is_written(
    igny8: Igny8, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_PROVIDER", "openai")
    assert_refused(igny8("run", "shop"), "IGNY8_OPENAI_API_KEY")
    assert igny8("history", "shop", "--json").json == {"runs": [], "next": None}


def test_one_of_two_that_begin_the_same_run_is_refused(
    igny8: Igny8, store: Store, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write() as session:
        make_keyword(session, session.get_one(Site, site.id), "moka pot")
    queued = ask_for_run(store, site)

    def beaten(store: Store, run_id: str) -> object:
        assert take_run(store, load_settings(), run_id, 1, "the Dagster run of another process") is not None
        return shown_progress(store, run_id)

    monkeypatch.setattr("igny8_assets.cli.running.shown_progress", beaten)
    result = igny8("run", "shop")
    assert result.code == 2, result
    assert f"has a run that is running ({queued.id})" in result.err
    assert "Stages 1 to 7" not in result.out
    assert find(store, queued.id).status == RunStatus.RUNNING


def test_a_run_that_ran_out_of_credits_says_how_to_go_on(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        # Enough for what is pending now, not for what the run itself makes of it.
        here = make_site(session, "poor", account=make_account(session, "acme", tenths=10))
        for text in ("moka pot", "moka pot sizes", "best moka pot"):
            make_keyword(session, here, text)
    result = igny8("run", "poor")
    assert result.code == 1, result
    assert "out of credits" in result.out
    assert "`igny8 account grant acme CREDITS`" in result.out
    assert "`igny8 resume " in result.out


def test_the_end_of_a_run_says_what_waits_for_a_person(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        make_task(session, site, status=TaskStatus.HELD)
    ended = igny8("run", "shop", "--stages", "3")
    assert ended.code == 0
    assert "1 task held; `igny8 tasks list shop --status held` says why" in ended.out.splitlines()
