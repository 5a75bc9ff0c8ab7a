"""A run that is killed again and again ends as if nothing had happened."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from igny8_assets.store import counters, ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, AutomationRun, CallStatus, PlannedMembership, RunLaunch, RunStatus, Site
from igny8_assets_tests.pipeline.sites import end_state, import_keywords, make_site

KILLS = int(os.environ.get("IGNY8_TEST_KILLS", "10"))
"""Per database; the variable asks for more."""


def start_run(slug: str, home: Path, url: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "IGNY8_HOME": str(home)}
    if not url.startswith("sqlite"):
        environment["IGNY8_DATABASE_URL"] = url
    return subprocess.Popen(
        [sys.executable, "-m", "igny8_assets.cli.main", "run", slug],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(process: subprocess.Popen[bytes]) -> str:
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output.decode()
    return output.decode()


def wait_until_running(store: Store, process: subprocess.Popen[bytes]) -> str | None:
    """The run that a process has taken, or nothing when it ended before it was seen running."""
    while process.poll() is None:
        with store.read() as session:
            for launch in session.scalars(select(RunLaunch).where(RunLaunch.process_id == process.pid)):
                return launch.run_id
        time.sleep(0.02)
    return None


def site_state(store: Store, site: Site) -> dict[str, list[object]]:
    state = end_state(store, site)
    # The sites of a test share an account; what each was charged is compared instead.
    del state["balance"]
    return state


def assert_nothing_hangs(store: Store, site: Site) -> None:
    with store.read() as session:
        assert ledger.balance(session, site.account_id) == ledger.sum_of_entries(session, site.account_id)
        kept = {key: amount for key, amount in counters.read(session, site.id).items() if amount}
        assert kept == {key: amount for key, amount in counters.recount(session, site.id).items() if amount}
        assert session.scalars(select(PlannedMembership)).first() is None
        assert session.scalars(select(AICall).where(AICall.status == CallStatus.SENT)).first() is None


@pytest.mark.slow
def test_runs_that_are_killed_at_random_moments_end_like_an_undisturbed_one(
    database_url: str, store: Store, home: Path, tmp_path: Path
) -> None:
    calm = make_site(store, "calm")
    import_keywords(store, calm, tmp_path / "exports")
    finish(start_run(calm.slug, home, database_url))
    expected = site_state(store, calm)
    assert expected["images"], "the undisturbed run made nothing to compare with"
    with store.read() as session:
        run = session.scalars(select(AutomationRun)).one()
        assert run.started_at
        assert run.completed_at
        longest = (run.completed_at - run.started_at).total_seconds()

    seed = random.randrange(10**9)
    chance = random.Random(seed)
    kills = number = 0
    while kills < KILLS:
        number += 1
        site = make_site(store, f"camp-{number}")
        import_keywords(store, site, tmp_path / "exports")
        while kills < KILLS:
            process = start_run(site.slug, home, database_url)
            wait_until_running(store, process)
            try:
                process.wait(timeout=chance.uniform(0, longest))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                kills += 1
            else:
                finish(process)
                # It was quicker than the kill: machines speed up and slow down, so aim earlier from now on.
                longest *= 0.8
                break
        finish(start_run(site.slug, home, database_url))
        assert site_state(store, site) == expected, f"seed {seed}, site {site.slug}"
        assert_nothing_hangs(store, site)


@pytest.mark.slow
def test_a_run_whose_process_is_gone_is_taken_over_under_its_own_id_and_says_so(
    database_url: str, store: Store, home: Path, tmp_path: Path
) -> None:
    site = make_site(store)
    import_keywords(store, site, tmp_path / "exports")
    process = start_run(site.slug, home, database_url)
    run_id = wait_until_running(store, process)
    process.kill()
    process.communicate()
    assert run_id is not None
    output = finish(start_run(site.slug, home, database_url))
    assert f"Taking over run {run_id}" in output
    with store.read() as session:
        runs = session.scalars(select(AutomationRun)).all()
        assert [(run.id, run.status, run.launch) for run in runs] == [(run_id, RunStatus.COMPLETED, 2)]
        assert len(runs[0].launches) == 2
