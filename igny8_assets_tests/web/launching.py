"""The daemon's part while a test looks at the page: queued runs are launched, in a thread of the test."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from igny8_assets.jobs import assets_of_stages
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Item
from igny8_assets.stages.tools import Tools
from igny8_assets.store.database import Store
from igny8_assets.store.models import utc_now
from igny8_assets.triggers.planning import plan_queued_runs
from igny8_assets.triggers.requesting import tags_of
from igny8_assets_tests.assets.dagster_runs import open_instance, run_job

MANY = 10_000


class Gates:
    """Holds the items of stages back until the test lets them go, so that it sees each stage at work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *stages: int) -> None:
        self._open = {stage: threading.Semaphore(0) for stage in stages}
        for stage in stages:
            self._hold(monkeypatch, stage)

    def _hold(self, monkeypatch: pytest.MonkeyPatch, stage: int) -> None:
        process, gate = STAGES[stage].process, self._open[stage]

        async def wait_and_process(item: Item, tools: Tools) -> Any:
            await asyncio.to_thread(gate.acquire)
            return await process(item, tools)

        monkeypatch.setattr(STAGES[stage], "process", wait_and_process)

    def let(self, stage: int, items: int = MANY) -> None:
        """Let so many items of a stage go."""
        self._open[stage].release(items)

    def open(self) -> None:
        """Let all go."""
        for stage in self._open:
            self.let(stage)


@contextmanager
def launching(store: Store, monkeypatch: pytest.MonkeyPatch, gates: Gates | None = None) -> Iterator[None]:
    """Launch what is queued for the daemon, as its sensor does; one item at a time."""
    monkeypatch.setenv("IGNY8_AI_CONCURRENCY", "1")
    over = threading.Event()
    with open_instance(monkeypatch) as instance:

        def launch() -> None:
            while not over.wait(0.1):
                with store.read() as session:
                    queued = plan_queued_runs(session, utc_now())
                for run in queued:
                    stages = assets_of_stages(run.first_stage, run.last_stage)
                    run_job(instance, run.site, tags=tags_of(run), assets=stages)

        thread = threading.Thread(target=launch)
        thread.start()
        try:
            yield
        finally:
            over.set()
            if gates is not None:
                gates.open()
            thread.join()
