"""Beside a running daemon: a run is launched once, is paused and resumed, and a site's Dagster runs never overlap."""

import json
import signal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from igny8_assets.automation.runs import find_run
from igny8_assets.jobs import ALL_ASSETS
from igny8_assets.store.database import Store
from igny8_assets.store.models import RunStatus
from igny8_assets_tests.pipeline.sites import end_state, import_keywords, make_site
from igny8_assets_tests.servers.dagster_pages import backfill, dagster_runs, runs_of_backfill, wait_for_sites
from igny8_assets_tests.servers.igny8_process import LONGEST_WAIT, igny8, running_ui, start_igny8, wait_for
from igny8_assets_tests.servers.test_kills import KEYWORDS
from igny8_assets_tests.servers.test_ui import is_at_stage, queue, status


def current(slug: str, folder: Path) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(igny8("current", slug, "--json", folder=folder))["run"]
    return run


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_that_two_people_resume_at_once_is_launched_once_and_ends_like_an_undisturbed_one(
    store: Store, home: Path, tmp_path: Path
) -> None:
    site, calm = make_site(store), make_site(store, "calm")
    for one in (site, calm):
        import_keywords(store, one, tmp_path / "exports", KEYWORDS)
    igny8("run", "calm", folder=tmp_path)
    with running_ui(tmp_path, IGNY8_AI_CONCURRENCY="1") as ui:
        run_id = queue(site, tmp_path)
        wait_for("the writing", lambda: is_at_stage(store, run_id, 4), ui.process)
        igny8("pause", run_id, folder=tmp_path)
        wait_for("the pause", lambda: status(store, run_id) == RunStatus.PAUSED, ui.process)
        paused = current("camp", tmp_path)
        assert (paused["reason"], paused["completed_at"]) == ("paused by request", None)
        [reached] = [stage for stage in paused["progress"] if stage["stage"] == paused["current_stage"]]
        assert reached["done"] < reached["total"]
        two = [start_igny8("resume", run_id, "--queue", folder=tmp_path) for _ in range(2)]
        outputs = sorted((one.communicate(timeout=LONGEST_WAIT)[0], one.returncode) for one in two)
        wait_for("the run's end", lambda: status(store, run_id) == RunStatus.COMPLETED, ui.process)
        runs = [run for run in dagster_runs(ui) if run.tags.get("igny8/run_id") == run_id]
        ui.end(signal.SIGTERM)
    assert [code for _, code in outputs] == [2, 0]
    assert outputs[0][0] == f"igny8: run {run_id} is not paused: it is queued\n"
    assert sorted(run.tags["igny8/launch"] for run in runs) == ["1", "2"]
    with store.read() as session:
        linked = [launch.dagster_run_id for launch in find_run(session, run_id).launches]
    assert linked == [run.id for run in sorted(runs, key=lambda run: run.tags["igny8/launch"])]
    expected, got = end_state(store, calm), end_state(store, site)
    # They share an account.
    del expected["balance"], got["balance"]
    assert got == expected


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_run_here_is_not_launched_by_the_daemon_too_and_two_dagster_runs_of_a_site_never_overlap(
    store: Store, home: Path, tmp_path: Path
) -> None:
    site = make_site(store)
    import_keywords(store, site, tmp_path / "exports", KEYWORDS)
    with running_ui(tmp_path) as ui:
        wait_for_sites(ui, "camp")
        assert "completed" in igny8("run", "camp", folder=tmp_path, IGNY8_AI_CONCURRENCY="1")
        [here] = dagster_runs(ui)
        assert (here.status, here.tags["igny8/launch"]) == ("SUCCESS", "1")
        import_keywords(store, site, tmp_path / "exports", ["camping lamp", "best camping lamp", "camping lamp solar"])
        backfills = [backfill(ui, ALL_ASSETS, ["camp"]) for _ in range(3)]
        for one in backfills:
            assert {run.status for run in runs_of_backfill(ui, one, 1).values()} == {"SUCCESS"}
        times = sorted((run.started or 0.0, run.ended or 0.0) for run in dagster_runs(ui))
        ui.end(signal.SIGTERM)
    assert len(times) == 4
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(times))
