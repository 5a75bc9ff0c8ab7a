"""The page and the API under load, alone and while a run goes on whose service takes 300 ms for every answer."""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import requests
from sqlalchemy import select, text

from benchmarks.keyword_lists import make_keywords
from benchmarks.measuring import Figure
from benchmarks.open_loop import Answers, asked_steadily
from benchmarks.runs import thousand_keywords
from benchmarks.service import AT_ONCE, LARGE, SIZE, test_service
from igny8_assets.automation.keys import add_key
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, AutomationRun, KeyRole, RunStatus, Site, StageResult
from igny8_assets_tests.pipeline.sites import configure, import_keywords, make_site
from igny8_assets_tests.servers.databases import fresh_database
from igny8_assets_tests.servers.igny8_process import free_port, igny8, start_igny8, wait_for
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.streams import open_streams

KEYWORDS, RUNS, NEW = 20_000, 60, 250
RATE, SECONDS, STREAMS = 200, 30, 500
SMALL = {"stage_2_cap": 10, "stage_4_cap": 3}
LONG = {"stage_2_cap": 100, "stage_3_cap": 100, "stage_4_cap": 100, "stage_5_cap": 100, "stage_6_cap": 200}
"""What a run works on at most: some three quarters of a minute with the service, encoding pictures a third of it."""
ASKED = tuple(f"/api/v1/automation/{name}/?site_id=camp" for name in ("pipeline_overview", "current_run"))


@dataclass(frozen=True)
class Served:
    """A site of an installation whose page is served."""

    store: Store
    site: Site
    folder: Path
    environment: dict[str, str]
    port: int
    key: str

    @property
    def address(self) -> str:
        """Where the page is, as `host:port`."""
        return f"127.0.0.1:{self.port}"


def measure_web() -> Iterator[Figure]:
    """What overview and current run take, and how often the database is read for event streams."""
    with _served() as served:
        with asked_steadily(served.address, served.key, ASKED, RATE) as calm:
            time.sleep(SECONDS + 1)
        yield _of_answers("with no run", calm)
        with asked_steadily(served.address, served.key, ASKED, RATE) as busy, _running(served) as run:
            run.wait()
        yield _of_answers("during a run", busy)
        with _running(served) as run:
            one, many = asyncio.run(_reads(served, 1)), asyncio.run(_reads(served, STREAMS))
            if run.poll() is not None:
                raise RuntimeError("the run ended before the streams were counted")
        yield Figure(
            f"reading a site for its event streams, during a run: one stream, {STREAMS} streams",
            f"{one:.2f} and {many:.2f} times a second",
            "once a second",
        )


def _of_answers(when: str, answers: Answers) -> Figure:
    if len(answers.milliseconds) < RATE * SECONDS:
        raise RuntimeError(f"{len(answers.milliseconds)} requests are fewer than {SECONDS} seconds have")
    return Figure(
        f"overview and current run at {RATE} requests/s, {KEYWORDS:,} keywords, postgresql, {when}",
        f"p50 {statistics.median(answers.milliseconds):.1f} ms, p99 {answers.within(0.99):.1f} ms (longest "
        f"{max(answers.milliseconds):.0f} ms; {len(answers.milliseconds):,} requests, {answers.bad} errors)",
        "p99 100 ms",
    )


@contextmanager
def _served() -> Iterator[Served]:
    with (
        tempfile.TemporaryDirectory() as name,
        fresh_database("postgresql", Path(name)) as url,
        test_service(*LARGE) as service,
    ):
        folder, port = Path(name), free_port()
        environment = {
            "IGNY8_HOME": str(folder / "home"),
            "IGNY8_DATABASE_URL": url,
            "IGNY8_WEB_PORT": str(port),
            "IGNY8_OPENAI_BASE_URL": f"{service}/v1",
            "IGNY8_AI_CONCURRENCY": str(AT_ONCE),
            "IGNY8_IMAGE_SIZE": SIZE,
            "PYTHONDONTWRITEBYTECODE": "",
        }
        store = Store(url)
        site = make_site(store, credits_tenths=10_000_000)
        key = _fill(store, site, folder, environment)
        process = start_igny8("serve", folder=folder, **environment)
        try:
            wait_for("the page", lambda: _answers(port), process)
            yield Served(store, site, folder, environment, port, key)
        finally:
            process.terminate()
            process.wait()
            store.close()


def _fill(store: Store, site: Site, folder: Path, environment: dict[str, str]) -> str:
    """Keywords in clusters, a finished run and the history of others; gives a key without a limit."""
    import_keywords(store, site, folder / "exports", make_keywords(KEYWORDS))
    configure(store, site, **SMALL)
    igny8("run", "camp", folder=folder, **environment)
    configure(store, site, **LONG)
    with store.write() as session:
        run = session.scalars(select(AutomationRun)).one()
        stages = session.scalars(select(StageResult)).all()
        for number in range(1, RUNS):
            earlier = str(uuid.uuid4())
            requested = run.requested_at - timedelta(days=number)
            session.add(_copy(run, id=earlier, requested_at=requested))
            session.flush()
            session.add_all(_copy(stage, run_id=earlier) for stage in stages)
        key = add_key(session, session.get_one(Account, site.account_id), "load", KeyRole.VIEWER, is_limited=False)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("analyze"))
    return key.secret


def _copy(row: AutomationRun | StageResult, **changed: object) -> AutomationRun | StageResult:
    columns = row.__table__.columns.keys()
    return type(row)(**{name: getattr(row, name) for name in columns} | changed)


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/login", timeout=10).ok
    except requests.ConnectionError:
        return False


@contextmanager
def _running(served: Served) -> Iterator[subprocess.Popen[str]]:
    """A run with the service on new keywords and on what runs before left: once it has begun, and to its end."""
    words = random.sample(thousand_keywords(), NEW)
    import_keywords(served.store, served.site, served.folder / "exports", words)
    process = start_igny8("run", "camp", folder=served.folder, **served.environment, IGNY8_PROVIDER="openai")
    try:
        wait_for("the run", lambda: _is_running(served.store), process)
        yield process
    finally:
        output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(output)


def _is_running(store: Store) -> bool:
    with store.read() as session:
        return session.scalar(select(AutomationRun.id).where(AutomationRun.status == RunStatus.RUNNING)) is not None


async def _reads(served: Served, number: int) -> float:
    """How often a second the site is read while so many streams are open."""
    address = f"http://{served.address}"
    browser = Browser(address)
    browser.log_in(served.key)
    async with open_streams(number, address, "/automation/camp/events", browser.cookie) as streams:
        await asyncio.gather(*(stream.next_state() for stream in streams))
        before, began = _counted(address), time.perf_counter()
        told = 0
        while (passed := time.perf_counter() - began) < SECONDS / 3:
            await asyncio.gather(*(stream.next_state() for stream in streams))
            told += 1
        sys.stderr.write(f"{number} streams told {told} states, load {os.getloadavg()[0]:.1f}\n")
        return (_counted(address) - before) / passed


def _counted(address: str) -> float:
    lines = requests.get(f"{address}/metrics", timeout=60).text.splitlines()
    return float(next(line for line in lines if line.startswith("igny8_snapshots_read_total ")).split()[1])
