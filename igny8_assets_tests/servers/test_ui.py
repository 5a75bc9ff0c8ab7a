"""`igny8 ui` for real: the daemon launches queued runs, what dies comes up again, and nothing is left at the end."""

import os
import signal
import socket
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select

from igny8_assets.automation.runs import find_run
from igny8_assets.sample.demo_site import DEMO_SITE
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, RunStatus, Site, SiteLease, StageResult
from igny8_assets_tests.pipeline.sites import end_state, import_export, import_keywords, make_site
from igny8_assets_tests.servers.igny8_process import RunningUi, free_port, igny8, running_ui, start_igny8, wait_for

RUNS = "{ runsOrError { ... on Runs { results { runId status tags { key value } } } } }"
TERMINATE = "mutation ($run: String!) { terminateRun(runId: $run) { __typename } }"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def queue(site: Site, folder: Path) -> str:
    """Queue a run by the command; gives its id."""
    return igny8("run", site.slug, "--queue", folder=folder).split()[2].rstrip(";")


def status(store: Store, run_id: str) -> RunStatus:
    with store.read() as session:
        return find_run(session, run_id).status


def is_at_stage(store: Store, run_id: str, stage: int) -> bool:
    with store.read() as session:
        row = session.get(StageResult, (run_id, stage))
        return row is not None and row.done > 0


def import_sample(store: Store, site: Site) -> None:
    """So many keywords that a run of them takes its time."""
    import_export(store, site, Path(str(DEMO_SITE.keywords_file)))


def assert_nothing_is_held(store: Store, site: Site) -> None:
    with store.read() as session:
        assert session.get_one(SiteLease, site.id).run_id is None
        assert ledger.balance(session, site.account_id) == ledger.sum_of_entries(session, site.account_id)


def assert_nothing_is_left(processes: list[psutil.Process]) -> None:
    left = [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert left == []


@pytest.mark.slow
@ON_POSTGRESQL
def test_a_queued_run_is_completed_by_the_daemon_and_what_the_command_prints_is_calm(
    store: Store, home: Path, tmp_path: Path
) -> None:
    site = make_site(store)
    import_keywords(store, site, tmp_path / "exports")
    with running_ui(tmp_path) as ui:
        run_id = queue(site, tmp_path)
        wait_for("the run's end", lambda: status(store, run_id) == RunStatus.COMPLETED, ui.process)
        runs = wait_for("the Dagster runs' end", lambda: finished_runs(ui), ui.process)
        processes = ui.all_processes()
        output = ui.end(signal.SIGTERM)
    assert [run["status"] for run in runs] == ["SUCCESS"]
    assert {"key": "igny8/run_id", "value": run_id} in [tag for run in runs for tag in run["tags"]]
    assert ui.process.returncode == 0
    started, *addresses, ending, ended = output.splitlines()
    assert (started, ending, ended) == ("starting; Ctrl-C ends it", "ending", "ended")
    assert sorted(addresses) == [
        f"Dagster UI: http://127.0.0.1:{ui.port} (logs in {home / 'logs'})",
        f"Page: http://127.0.0.1:{ui.page_port}/automation "
        "(this machine alone can reach it; IGNY8_WEB_HOST names another address to listen on)",
    ]
    assert_nothing_is_left(processes)


def finished_runs(ui: RunningUi) -> list[dict[str, Any]] | None:
    answer = ui.graphql(RUNS)
    runs: list[dict[str, Any]] = answer["runsOrError"]["results"] if answer else []
    return runs if runs and all(run["status"] in ("SUCCESS", "FAILURE", "CANCELED") for run in runs) else None


@pytest.mark.slow
@ON_SQLITE
def test_what_is_killed_comes_up_again_with_the_settings_of_the_folder_and_nothing_is_left_at_the_end(
    store: Store, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(store)
    import_keywords(store, site, tmp_path / "exports")
    # Everything by the folder's .env and with relative paths, as a user has it.
    monkeypatch.delenv("IGNY8_HOME")
    (tmp_path / ".env").write_text("IGNY8_HOME=home\nIGNY8_IMAGES_URL=pictures\n")
    with running_ui(tmp_path) as ui:
        seen = ui.all_processes()
        for name in ("_daemon", "webserver"):
            killed = ui.child(name)
            assert killed is not None
            killed.kill()
            killed.wait(10)
            wait_for(f"another {name}", lambda name=name: ui.child(name), ui.process)  # type: ignore[misc]
        wait_for("the webserver", lambda: ui.graphql("{ version }"), ui.process)
        run_id = queue(site, tmp_path)
        wait_for("the run's end", lambda: status(store, run_id) == RunStatus.COMPLETED, ui.process)
        processes = [*seen, *ui.all_processes()]
        output = ui.end(signal.SIGINT)
    assert ui.process.returncode == 0
    assert "the daemon ended with code -9" in output
    assert "the webserver ended with code -9" in output
    assert list((tmp_path / "pictures").rglob("*.webp"))
    assert_nothing_is_left(processes)


@pytest.mark.slow
@ON_SQLITE
def test_a_run_whose_process_is_killed_is_completed_by_the_daemon_without_anyones_help(
    store: Store, home: Path, tmp_path: Path
) -> None:
    calm, site = make_site(store, "calm"), make_site(store)
    for one in (calm, site):
        import_sample(store, one)
    igny8("run", "calm", folder=tmp_path)
    with running_ui(tmp_path, IGNY8_AI_CONCURRENCY="1") as ui:
        run_id = queue(site, tmp_path)
        wait_for("the writing", lambda: is_at_stage(store, run_id, 4), ui.process)
        with store.read() as session:
            worker = find_run(session, run_id).launches[-1].process_id
        os.kill(worker, signal.SIGKILL)
        wait_for("the run's end", lambda: status(store, run_id) == RunStatus.COMPLETED, ui.process)
        ui.end(signal.SIGTERM)
    with store.read() as session:
        assert [launch.launch for launch in find_run(session, run_id).launches] == [1, 2]
    expected, got = end_state(store, calm), end_state(store, site)
    # They share an account.
    del expected["balance"], got["balance"]
    assert got == expected
    assert_nothing_is_held(store, site)


@pytest.mark.slow
@ON_POSTGRESQL
def test_terminating_in_the_dagster_ui_cancels_both_runs(store: Store, home: Path, tmp_path: Path) -> None:
    site = make_site(store)
    import_sample(store, site)
    with running_ui(tmp_path, IGNY8_AI_CONCURRENCY="1") as ui:
        run_id = queue(site, tmp_path)
        wait_for("the writing", lambda: is_at_stage(store, run_id, 4), ui.process)
        with store.read() as session:
            dagster_run_id = find_run(session, run_id).launches[-1].dagster_run_id
        assert ui.graphql(TERMINATE, run=dagster_run_id) == {"terminateRun": {"__typename": "TerminateRunSuccess"}}
        runs = wait_for("the Dagster run's end", lambda: finished_runs(ui), ui.process)
        wait_for("the run's end", lambda: status(store, run_id) == RunStatus.CANCELED, ui.process)
        ui.end(signal.SIGTERM)
    assert [run["status"] for run in runs] == ["CANCELED"]
    assert_nothing_is_held(store, site)


@pytest.mark.slow
@ON_SQLITE
def test_a_run_that_is_executed_when_the_ui_ends_goes_on_when_it_is_up_again(
    store: Store, home: Path, tmp_path: Path
) -> None:
    site = make_site(store)
    import_sample(store, site)
    with running_ui(tmp_path, IGNY8_AI_CONCURRENCY="1") as ui:
        run_id = queue(site, tmp_path)
        wait_for("the writing", lambda: is_at_stage(store, run_id, 4), ui.process)
        processes = ui.all_processes()
        ui.end(signal.SIGINT)
    assert_nothing_is_left(processes)
    with store.read() as session:
        run = find_run(session, run_id)
        assert (run.status, run.launch, run.idle_launches) == (RunStatus.QUEUED, 2, 0)
        assert "goes on when it is up again" in (run.reason or "")
    assert_nothing_is_held(store, site)
    with running_ui(tmp_path) as ui:
        wait_for("the run's end", lambda: status(store, run_id) == RunStatus.COMPLETED, ui.process)
        ui.end(signal.SIGTERM)
    with store.read() as session:
        assert len(session.scalars(select(AutomationRun)).all()) == 1


@ON_SQLITE
@pytest.mark.parametrize("setting", ["IGNY8_UI_PORT", "IGNY8_WEB_PORT"])
def test_a_taken_port_is_one_clear_line(store: Store, home: Path, tmp_path: Path, setting: str) -> None:
    free = {"IGNY8_UI_PORT": str(free_port()), "IGNY8_WEB_PORT": str(free_port())}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
        taken.listen()
        port = taken.getsockname()[1]
        process = start_igny8("ui", folder=tmp_path, **{**free, setting: str(port)})
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert output == f"igny8: port {port} is taken; end what uses it or set {setting} to another{os.linesep}"
