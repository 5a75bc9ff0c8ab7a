"""Workers, the daemon and its code server are killed at random moments: everything completes by itself.

`IGNY8_TEST_KILLS` kills more often, `IGNY8_TEST_SEED` repeats the choices of an earlier run.
"""

import os
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from igny8_assets.automation.recovery import progress_of
from igny8_assets.settings import load_settings
from igny8_assets.stages.run_log import read_log
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    AICall,
    AutomationRun,
    CallStatus,
    CreditEntry,
    EntryKind,
    RunLaunch,
    RunStatus,
    Site,
    SiteLease,
)
from igny8_assets_tests.pipeline.sites import TOPICS, end_state, import_keywords, make_site
from igny8_assets_tests.servers.igny8_process import RunningUi, igny8, running_ui

KILLS = int(os.environ.get("IGNY8_TEST_KILLS", "16"))
"""On each of the two databases."""
SITES_AT_ONCE = 4
WAYS = [
    f"{word} {{}}" for word in ("best", "cheap", "used", "light", "small", "large", "how to clean a", "who sells a")
]
KEYWORDS = [way.format(topic) for topic in TOPICS for way in WAYS]
LONGEST_WAIT = 600.0
"""Since the last kill. Dagster waits three minutes for a launch to begin that died with its code server."""


@dataclass
class Killer:
    """Kills what it chooses, and remembers."""

    store: Store
    ui: RunningUi
    chance: random.Random
    killed: list[str] = field(default_factory=list)
    seen: int = 0

    def strike(self) -> bool:
        """Kill one of the processes that are there, unless the time is not ripe."""
        kind = self.chance.choices(("worker", "code server", "daemon"), (6, 1, 1))[0]
        process = self._worker() if kind == "worker" else self._server(kind)
        if process is None:
            return False
        with suppress(psutil.NoSuchProcess):
            process.kill()
            self.killed.append(kind)
        return True

    def _worker(self) -> psutil.Process | None:
        """The process of a run that got further since its last one was killed: one that never does ends failed."""
        with self.store.read() as session:
            rows = session.execute(
                select(RunLaunch, AutomationRun.recovered_progress)
                .join(AutomationRun, AutomationRun.id == RunLaunch.run_id)
                .where(AutomationRun.status == RunStatus.RUNNING, AutomationRun.launch == RunLaunch.launch)
                .order_by(RunLaunch.run_id)
            ).all()
            further = [launch for launch, before in rows if progress_of(session, launch.run_id) > before]
        if not further:
            return None
        launch = self.chance.choice(further)
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(launch.process_id)
        return None

    def _server(self, kind: str) -> psutil.Process | None:
        """The daemon or its code server, if any run got further since one of them was killed: else none ever would."""
        with self.store.read() as session:
            further = sum(progress_of(session, run_id) for run_id in session.scalars(select(AutomationRun.id)))
        if further <= self.seen:
            return None
        self.seen = further
        daemon = self.ui.child("_daemon")
        if kind == "daemon":
            return daemon
        with suppress(psutil.NoSuchProcess):
            for child in daemon.children(recursive=True) if daemon is not None else ():
                if "grpc" in child.cmdline():
                    return child
        return None


@pytest.mark.slow
def test_whatever_is_killed_everything_completes_by_itself_and_nothing_is_lost_or_made_twice(
    store: Store, home: Path, tmp_path: Path
) -> None:
    seed = int(os.environ.get("IGNY8_TEST_SEED", random.randrange(10**9)))
    calm = make_site(store, "calm")
    import_keywords(store, calm, tmp_path / "exports", KEYWORDS)
    igny8("run", "calm", folder=tmp_path)
    sites: list[Site] = []
    with running_ui(tmp_path, IGNY8_AI_CONCURRENCY="1") as ui:
        killer = Killer(store, ui, random.Random(seed))
        deadline = time.monotonic() + LONGEST_WAIT
        while len(killer.killed) < KILLS or unfinished(store):
            assert ui.process.poll() is None
            assert time.monotonic() < deadline, f"seed {seed}, killed {killer.killed}: {states(store)}"
            if len(killer.killed) < KILLS:
                if len(unfinished(store)) < SITES_AT_ONCE:
                    sites.append(queue_another(store, f"site-{len(sites)}", tmp_path))
                if killer.strike():
                    deadline = time.monotonic() + LONGEST_WAIT
            time.sleep(killer.chance.uniform(0.2, 3.0))
    note = f"seed {seed}, killed {Counter(killer.killed)}"
    assert {run.status for run in all_runs(store)} == {RunStatus.COMPLETED}, f"{note}: {states(store)}"
    expected = end_state(store, calm)
    # They share an account.
    del expected["balance"]
    for site in sites:
        got = end_state(store, site)
        del got["balance"]
        assert got == expected, f"{note}, {site.slug}"
    assert_sound(store, note)


def queue_another(store: Store, slug: str, folder: Path) -> Site:
    site = make_site(store, slug)
    import_keywords(store, site, folder / "exports", KEYWORDS)
    igny8("run", slug, "--queue", folder=folder)
    return site


def all_runs(store: Store) -> list[AutomationRun]:
    with store.read() as session:
        return list(session.scalars(select(AutomationRun)))


def unfinished(store: Store) -> list[AutomationRun]:
    return [run for run in all_runs(store) if run.status in (RunStatus.QUEUED, RunStatus.RUNNING)]


def states(store: Store) -> str:
    """How each run stands, with what its log says of its launches."""
    told: list[str] = []
    for run in all_runs(store):
        told.append(f"{run.status.value}, launch {run.launch}: {run.reason}")
        told.extend(str(line) for line in read_log(load_settings(), run.id) if "launch" in line["message"])
    return "\n".join(told)


def assert_sound(store: Store, note: str) -> None:
    """No lease is held, no call stands open, each charge has one release at most, and the ledger balances."""
    with store.read() as session:
        assert [lease.run_id for lease in session.scalars(select(SiteLease)) if lease.run_id] == [], note
        assert session.scalars(select(AICall).where(AICall.status == CallStatus.SENT)).all() == [], note
        account = session.scalars(select(Site.account_id)).first()
        assert account is not None
        assert ledger.balance(session, account) == ledger.sum_of_entries(session, account), note
        reserved = session.scalar(
            select(func.sum(CreditEntry.amount_tenths)).where(
                CreditEntry.kind.in_([EntryKind.RESERVE, EntryKind.RELEASE])
            )
        )
        assert reserved == 0, note
