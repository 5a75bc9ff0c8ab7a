"""Ctrl-C and SIGTERM at any moment of `igny8 run`: one readable end, nothing held, and the next run works at once."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from igny8_assets.cli.demo import DEMO_DRAFTS
from igny8_assets.sample.demo_site import DEMO_SITE
from igny8_assets.settings import load_settings
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    AICall,
    AutomationRun,
    CallStatus,
    Content,
    Keyword,
    RunLaunch,
    RunStatus,
    Site,
    SiteLease,
)
from igny8_assets_tests.pipeline.sites import import_export, import_keywords, make_site
from igny8_assets_tests.servers.igny8_process import igny8, start_igny8, wait_for
from igny8_assets_tests.servers.test_ui import is_at_stage

MOMENTS = 6


def runs_of(store: Store) -> list[AutomationRun]:
    with store.read() as session:
        return list(session.scalars(select(AutomationRun).order_by(AutomationRun.requested_at)))


def interrupt(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send the signal, Ctrl-C to all that the command started as a terminal does, and wait for a readable end.

    Returns:
        What the command printed.
    """
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    output, _ = process.communicate(timeout=30)
    assert "Traceback" not in output
    assert "Exception ignored" not in output
    return output


def assert_nothing_is_held(store: Store, site: Site) -> None:
    with store.read() as session:
        assert session.get_one(SiteLease, site.id).run_id is None
        assert ledger.balance(session, site.account_id) == ledger.sum_of_entries(session, site.account_id)
        assert session.scalars(select(AICall).where(AICall.status == CallStatus.SENT)).first() is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "database_url"),
    [(signal.SIGINT, "sqlite"), (signal.SIGTERM, "postgresql")],
    indirect=["database_url"],
)
def test_a_signal_while_texts_are_written_cancels_the_run(
    number: signal.Signals, store: Store, home: Path, tmp_path: Path
) -> None:
    site = make_site(store)
    import_export(store, site, Path(str(DEMO_SITE.keywords_file)))
    process = start_igny8("run", site.slug, folder=tmp_path, IGNY8_AI_CONCURRENCY="1")
    run = wait_for("the run", lambda: next(iter(runs_of(store)), None), process)
    wait_for("the writing", lambda: is_at_stage(store, run.id, 4), process)
    output = interrupt(process, number)
    assert process.returncode == 1
    assert f"run {run.id}: canceled (interrupted)" in output.splitlines()
    assert [(one.status, one.reason) for one in runs_of(store)] == [(RunStatus.CANCELED, "interrupted")]
    assert_nothing_is_held(store, site)
    assert "completed" in igny8("run", site.slug, "--stages", "5-7", folder=tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_signal_while_keywords_are_imported_cancels_the_run_and_the_import(
    store: Store, home: Path, tmp_path: Path
) -> None:
    site = make_site(store)
    export = load_settings().inbox / site.slug / "large.csv"
    export.parent.mkdir(parents=True)
    export.write_text("keyword\n" + "\n".join(f"tent number {number}" for number in range(400_000)))
    os.utime(export, (time.time() - 60,) * 2)
    process = start_igny8("run", site.slug, folder=tmp_path)

    def launched() -> RunLaunch | None:
        with store.read() as session:
            return session.scalars(select(RunLaunch)).first()

    wait_for("the launch", launched, process)
    interrupt(process, signal.SIGINT)
    assert process.returncode == 1
    assert [(one.status, one.reason) for one in runs_of(store)] == [(RunStatus.CANCELED, "interrupted")]
    assert_nothing_is_held(store, site)
    with store.read() as session:
        assert session.scalars(select(Keyword.id)).first() is None


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_demo_that_was_interrupted_makes_a_dozen_texts_in_all(store: Store, home: Path, tmp_path: Path) -> None:
    process = start_igny8("demo", folder=tmp_path, IGNY8_AI_CONCURRENCY="1")

    def some_texts() -> bool:
        with store.read() as session:
            return (session.scalar(select(func.count()).select_from(Content)) or 0) >= 3

    wait_for("some texts", some_texts, process)
    interrupt(process, signal.SIGINT)
    assert "12 of 12" in igny8("demo", folder=tmp_path)
    assert len(json.loads(igny8("content", "list", "demo", "--json", folder=tmp_path))) == DEMO_DRAFTS


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_signal_at_any_moment_ends_the_command_readably_and_the_next_run_works(
    store: Store, home: Path, tmp_path: Path
) -> None:
    seed = random.randrange(10**9)
    chance = random.Random(seed)
    site = make_site(store)
    import_keywords(store, site, tmp_path / "exports")
    began = time.monotonic()
    igny8("run", site.slug, "--stages", "1", folder=tmp_path)
    longest = 2 * (time.monotonic() - began)
    for moment in range(MOMENTS):
        known = {run.id for run in runs_of(store)}
        process = start_igny8("run", site.slug, folder=tmp_path)
        # The first ones during start-up, where no run exists yet.
        time.sleep(chance.uniform(0.1, longest / 8 if moment < 2 else longest))
        output = interrupt(process, chance.choice([signal.SIGINT, signal.SIGTERM]))
        new = [run for run in runs_of(store) if run.id not in known]
        note = f"seed {seed}, moment {moment}: {output}"
        if process.returncode == 0:
            assert [run.status for run in new] == [RunStatus.COMPLETED], note
        else:
            # Python itself needs a moment before it can be told how to end.
            assert process.returncode in (1, -signal.SIGTERM, -signal.SIGINT), note
            assert [run.status for run in new] in ([], [RunStatus.CANCELED], [RunStatus.COMPLETED]), note
        assert_nothing_is_held(store, site)
    assert "completed" in igny8("run", site.slug, folder=tmp_path)
