"""A process that is stopped until another has taken its run over writes nothing when it goes on."""

import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from igny8_assets.automation.runs import find_run
from igny8_assets.store import database
from igny8_assets.store.database import Store
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import RunStatus, Site
from igny8_assets_tests.pipeline.sites import end_state, import_keywords, make_site
from igny8_assets_tests.servers.igny8_process import igny8, running_ui, start_igny8, wait_for
from igny8_assets_tests.servers.test_kills import KEYWORDS, assert_sound
from igny8_assets_tests.servers.test_ui import is_at_stage
from igny8_assets_tests.stages.camp import everything
from igny8_assets_tests.stages.driving import only_run
from igny8_assets_tests.stages.test_losing_the_lease import CALLS


def stop_outside_a_transaction(store: Store, process_id: int) -> None:
    """Stop a process at a moment at which it keeps nobody from writing.

    Nothing can be done about one that is stopped while it has SQLite's only lock; PostgreSQL rolls such a transaction
    back after a minute.
    """
    while True:
        os.kill(process_id, signal.SIGSTOP)
        time.sleep(0.1)
        if others_can_write(store):
            return
        os.kill(process_id, signal.SIGCONT)
        time.sleep(0.05)


def others_can_write(store: Store) -> bool:
    if store.is_sqlite:
        connection = sqlite3.connect(str(store.engine.url.database), timeout=0.5, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        else:
            return True
        finally:
            connection.close()
    try:
        with store.write() as session:
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '500ms'")
            take_turn(session, 1)
    except OperationalError:
        return False
    return True


@pytest.mark.slow
def test_a_stopped_process_whose_run_another_has_finished_writes_nothing_when_it_goes_on(
    store: Store, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_LEASE_SECONDS", "4")
    site, calm = make_site(store), make_site(store, "calm")
    for one in (site, calm):
        import_keywords(store, one, tmp_path / "exports", KEYWORDS)
    igny8("run", "calm", folder=tmp_path)
    zombie = start_igny8("run", site.slug, folder=tmp_path, IGNY8_AI_CONCURRENCY="1")
    run = wait_for("the run", lambda: run_of(store, site), zombie)
    wait_for("the writing", lambda: is_at_stage(store, run, 4), zombie)
    stop_outside_a_transaction(store, zombie.pid)
    with running_ui(tmp_path) as ui:
        wait_for("the run's end", lambda: only_run(store, site).status == RunStatus.COMPLETED, ui.process)
        ui.end(signal.SIGTERM)
    before = everything(store, without=[CALLS])
    os.kill(zombie.pid, signal.SIGCONT)
    output, _ = zombie.communicate(timeout=60)
    assert everything(store, without=[CALLS]) == before
    assert "Traceback" not in output
    assert f"run {run}: completed" in output
    assert "another one has taken the run over" in output
    assert zombie.returncode == 0
    expected, got = end_state(store, calm), end_state(store, site)
    # They share an account.
    del expected["balance"], got["balance"]
    assert got == expected
    assert_sound(store, output)
    with store.read() as session:
        assert [launch.launch for launch in find_run(session, run).launches] == [1, 2]


def run_of(store: Store, site: Site) -> str | None:
    try:
        return only_run(store, site).id
    except Exception:
        return None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_is_stopped_in_a_transaction_loses_it_and_keeps_nobody_from_writing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(store)
    with pytest.raises(OperationalError), store.write() as stopped:
        # Only who is stopped has the short time: a busy machine may well keep the other waiting for seconds.
        with monkeypatch.context() as short:
            short.setattr(database, "IDLE_SECONDS", 3)
            take_turn(stopped, site.id)
        stopped.get_one(Site, site.id).name = "never seen"
        stopped.flush()
        with store.write() as other:
            take_turn(other, site.id)
            other.get_one(Site, site.id).name = "seen"
    with store.read() as session:
        assert session.get_one(Site, site.id).name == "seen"
