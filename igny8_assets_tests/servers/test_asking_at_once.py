"""Many processes want the same thing in one moment: one gets it, the others are told why not."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from igny8_assets.automation.runs import close_run
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Launcher, RunStatus
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.pipeline.sites import import_keywords, make_site
from igny8_assets_tests.stages.driving import find, take

PROCESSES = 50
# Forked from one that has loaded everything, so that they really come in one moment.
PROGRAM = """
import json, multiprocessing, sys
from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.automation.runs import find_run, resume_run
from igny8_assets.automation.sites import find_site
from igny8_assets.errors import Refusal
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Launcher, Trigger

url, processes, run_id = sys.argv[1], int(sys.argv[2]), sys.argv[3]

def ask(barrier, answers):
    store, settings = Store(url), load_settings()
    with store.read() as session:
        find_site(session, "camp")
    barrier.wait()
    try:
        with store.write() as session:
            if run_id:
                run = resume_run(session, find_run(session, run_id), Launcher.DAEMON)
            else:
                request = RunRequest(Trigger.MANUAL, Launcher.DAEMON)
                run = request_run(session, find_site(session, "camp"), settings, request)
        answers.put(("accepted", run.id))
    except Refusal as refusal:
        answers.put((refusal.code, str(refusal)))
    store.close()

context = multiprocessing.get_context("fork")
barrier, answers = context.Barrier(processes), context.Queue()
children = [context.Process(target=ask, args=(barrier, answers)) for _ in range(processes)]
for child in children:
    child.start()
print(json.dumps([answers.get(timeout=100) for _ in children]))
"""


def ask_at_once(store: Store, processes: int, run_id: str = "") -> list[tuple[str, str]]:
    """What each of so many processes is told that asks for a run, or to resume this one."""
    command = [sys.executable, "-c", PROGRAM, store.engine.url.render_as_string(hide_password=False)]
    ended = subprocess.run([*command, str(processes), run_id], capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    return [(code, words) for code, words in json.loads(ended.stdout)]


@pytest.mark.slow
def test_of_fifty_processes_that_ask_for_a_run_of_a_site_one_is_accepted(store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    import_keywords(store, site, tmp_path / "exports")
    answers = ask_at_once(store, PROCESSES)
    assert Counter(code for code, _ in answers) == {"accepted": 1, "run_active": PROCESSES - 1}
    [accepted] = [words for code, words in answers if code == "accepted"]
    assert all(f"has a run that is queued ({accepted})" in words for code, words in answers if code != "accepted")
    with store.read() as session:
        assert session.scalars(select(AutomationRun.id)).all() == [accepted]


@pytest.mark.slow
def test_of_ten_people_who_resume_a_run_at_once_one_does(store: Store) -> None:
    run = ask_for_run(store, make_site(store))
    close_run(take(store, run), RunStatus.PAUSED, "paused by request")
    answers = ask_at_once(store, 10, run.id)
    assert Counter(code for code, _ in answers) == {"accepted": 1, "not_paused": 9}
    resumed = find(store, run.id)
    assert (resumed.status, resumed.launch, resumed.launcher) == (RunStatus.QUEUED, 2, Launcher.DAEMON)
