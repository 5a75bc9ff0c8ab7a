"""A run that takes its process down each time it is launched."""

import json
import os
import signal
from pathlib import Path

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import RunStatus
from igny8_assets_tests.pipeline.sites import import_keywords, make_site
from igny8_assets_tests.servers.igny8_process import igny8, running_ui, wait_for
from igny8_assets_tests.servers.test_ui import assert_nothing_is_held, queue, status

# As when the machine is out of memory: the system kills the process, which can't do anything about it.
OUT_OF_MEMORY = """
import os, signal, sys, threading, time

def kill_at_stage_1():
    while not hasattr(sys.modules.get("igny8_assets.stages.registry"), "STAGES"):
        time.sleep(0.001)
    kill = lambda tools: os.kill(os.getpid(), signal.SIGKILL)
    sys.modules["igny8_assets.stages.registry"].STAGES[1].prepare = kill

threading.Thread(target=kill_at_stage_1, daemon=True).start()
"""


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_that_kills_its_process_each_time_ends_failed_after_three_launches_with_the_reason(
    store: Store, home: Path, tmp_path: Path
) -> None:
    site = make_site(store)
    import_keywords(store, site, tmp_path / "exports")
    deadly = tmp_path / "deadly"
    deadly.mkdir()
    (deadly / "sitecustomize.py").write_text(OUT_OF_MEMORY)
    path = os.pathsep.join(filter(None, (str(deadly), os.environ.get("PYTHONPATH"))))
    with running_ui(tmp_path, PYTHONPATH=path, IGNY8_LEASE_SECONDS="2") as ui:
        run_id = queue(site, tmp_path)
        wait_for("the run's end", lambda: status(store, run_id) == RunStatus.FAILED, ui.process)
        ui.end(signal.SIGTERM)
    [run] = json.loads(igny8("history", "camp", "--json", folder=tmp_path))["runs"]
    assert run["reason"] == "its process died in 3 launches in a row, none of which got any further"
    assert len(run["dagster_run_ids"]) == 3
    assert_nothing_is_held(store, site)
    assert "completed" in igny8("run", "camp", folder=tmp_path)
