"""Runs with a service: 300 ms for every answer, sixteen at once, in a process of its own; how near they come to that.

The limit of stages 1, 2, 4 and 5 is the sum of calls × 0.3 s ÷ 16 and the longest chain of calls within one item; calls
are those that the service counted. That of stage 6 is the larger of this and the time of encoding ÷ cores, measured
with every core at it before and after the run.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select

from benchmarks.measuring import Figure, run_python, timed
from benchmarks.runs import RUN, thousand_keywords
from igny8_assets.media.webp import to_webp
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Image, StageResult
from igny8_assets_tests.ai.served_pictures import photograph, picture
from igny8_assets_tests.pipeline.sites import import_keywords, make_site
from igny8_assets_tests.servers.databases import fresh_database

LATENCY, AT_ONCE, KEYWORDS = 0.3, 16, 500
SIZE, ENCODED = "1536x1024", 60
LARGE, SMALL = ("--photographs", SIZE), ()
"""What the service is told of its pictures: real models send some 2 MB for one."""
FUNCTIONS = {1: ("auto_cluster",), 2: ("generate_ideas",), 5: ("generate_image_prompts",), 6: ("generate_images",)}
STAGE_4 = ("generate_content_brief", "generate_content_section", "generate_content_join", "generate_content_mend")
CHAINS = {1: 1, 2: 1, 4: 3, 5: 1, 6: 1}
"""Calls that follow each other within one item: of a text its brief, its sections together, and what joins them."""


@dataclass(frozen=True)
class Finished:
    """A run: the seconds of each stage, the calls that the service counted, and what else it saw."""

    seconds: dict[int, float]
    calls: dict[int, int]
    turned_away: int
    images: int

    def limit(self, stages: tuple[int, ...]) -> float:
        """The shortest time in which the service can answer what these stages asked."""
        return sum(self.calls[stage] * LATENCY / AT_ONCE + CHAINS[stage] * LATENCY for stage in stages)

    def took(self, stages: tuple[int, ...]) -> float:
        """What these stages took."""
        return sum(self.seconds[stage] for stage in stages)

    def asked(self, stages: tuple[int, ...]) -> int:
        """How many requests these stages made."""
        return sum(self.calls[stage] for stage in stages)


TEXTS = (1, 2, 4, 5)


def measure_service() -> Iterator[Figure]:
    """Wall time of the stages of one run against the limit, and against one item after another."""
    took: dict[str, float] = {}
    for kind in ("sqlite", "postgresql"):
        for shown, made, pictures in (("of one colour", picture, SMALL), ("like photographs", photograph, LARGE)):
            data = made(SIZE, "336699")
            before = _encoding_seconds(data)
            run = _run(kind, AT_ONCE, pictures)
            after = _encoding_seconds(data)
            if kind not in took:
                yield _of_texts(run, kind)
                took[kind] = run.took(TEXTS)
            yield _of_pictures(f"{shown} ({SIZE}, {len(data) / 1e6:.2f} MB)", run, kind, before, after)
    slow = _run("sqlite", 1)
    yield Figure(
        "stages 1, 2, 4 and 5, sqlite, one request after another",
        f"{slow.took(TEXTS) / took['sqlite']:.1f} × as long: {slow.took(TEXTS):.0f} s",
        "at least 8 ×",
    )


def _of_texts(run: Finished, kind: str) -> Figure:
    stages = ", ".join(f"{stage}: {run.seconds[stage]:.1f}" for stage in TEXTS)
    return Figure(
        f"stages 1, 2, 4 and 5 of {KEYWORDS} keywords, {kind}",
        f"{run.took(TEXTS) / run.limit(TEXTS):.2f} × the limit: {run.took(TEXTS):.1f} s for {run.asked(TEXTS):,} calls "
        f"({stages}), {run.turned_away} turned away",
        "1.25 ×",
    )


def _of_pictures(shown: str, run: Finished, kind: str, *each: float) -> Figure:
    encoding = run.images * sum(each) / len(each)
    return Figure(
        f"stage 6, {run.images} pictures {shown}, {kind}",
        f"{run.seconds[6] / max(encoding, run.limit((6,))):.2f} × the limit: {run.seconds[6]:.1f} s "
        f"(latency {run.limit((6,)):.1f} s, encoding {encoding:.1f} s)",
        "1.25 ×",
    )


def _run(kind: str, at_once: int, pictures: tuple[str, ...] = SMALL) -> Finished:
    with (
        tempfile.TemporaryDirectory() as name,
        fresh_database(kind, Path(name)) as url,
        test_service(*pictures) as service,
    ):
        store = Store(url)
        site = make_site(store, credits_tenths=10_000_000, images=1)
        import_keywords(store, site, Path(name) / "exports", thousand_keywords()[:KEYWORDS])
        environment = {
            "IGNY8_HOME": str(Path(name) / "home") if kind == "postgresql" else str(Path(name)),
            "IGNY8_PROVIDER": "openai",
            "IGNY8_OPENAI_BASE_URL": f"{service}/v1",
            "IGNY8_AI_CONCURRENCY": str(at_once),
            "IGNY8_IMAGE_SIZE": SIZE,
            "PYTHONDONTWRITEBYTECODE": "",
        }
        if kind == "postgresql":
            environment["IGNY8_DATABASE_URL"] = url
        run_python(RUN, environment=environment)
        finished = _read(store, site.account_id, requests.get(f"{service}/counts", timeout=10).json())
        store.close()
        return finished


def _read(store: Store, account_id: int, seen: dict[str, Any]) -> Finished:
    with store.read() as session:
        if ledger.balance(session, account_id) != ledger.sum_of_entries(session, account_id):
            raise RuntimeError("the ledger does not balance")
        run = session.scalars(select(AutomationRun)).one()
        if run.status.value != "completed":
            raise RuntimeError(f"the run is {run.status.value}: {run.reason}")
        seconds = {row.stage: row.seconds for row in session.scalars(select(StageResult))}
        images = len(session.scalars(select(Image.id)).all())
    counts = seen["counts"]
    functions = {**FUNCTIONS, 4: STAGE_4}
    calls = {stage: sum(counts.get(name, 0) for name in names) for stage, names in functions.items()}
    return Finished(seconds, calls, seen["turned_away"], images)


def _encoding_seconds(data: bytes) -> float:
    """What a picture takes to decode, crop and encode, with every core at it, in seconds ÷ cores."""
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        list(pool.map(_encode, [data] * cores * 2))
        with timed() as clock:
            list(pool.map(_encode, [data] * ENCODED))
    return clock.seconds / ENCODED


def _encode(data: bytes) -> int:
    return to_webp(data, ratio=(16, 9), min_width=1200).width


@contextmanager
def test_service(*options: str) -> Iterator[str]:
    """The test server in a process of its own; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "igny8_assets_tests.ai.openai_server", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--delay", str(LATENCY), "--at-once", str(AT_ONCE), *options], stdout=subprocess.PIPE
    )
    try:
        if process.stdout is not None:
            process.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        time.sleep(0.1)
