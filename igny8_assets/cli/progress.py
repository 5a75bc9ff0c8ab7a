"""Showing how far a run is, while it executes."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from igny8_assets.automation.runs import stage_results
from igny8_assets.cli.output import console, say
from igny8_assets.stages.registry import STAGES
from igny8_assets.store.database import Store

POLL_SECONDS = 0.5
NOTHING = "nothing was pending"


@dataclass(frozen=True)
class StageProgress:
    """How far a stage is."""

    stage: int
    done: int
    total: int
    finished: bool


def read_progress(store: Store, run_id: str) -> list[StageProgress]:
    """How far each begun stage of a run is."""
    with store.read() as session:
        return [StageProgress(row.stage, row.done, row.total, row.finished) for row in stage_results(session, run_id)]


@contextmanager
def shown_progress(store: Store, run_id: str) -> Iterator[None]:
    """Show progress until the block ends: bars on a terminal, a line per finished stage elsewhere."""
    show, close = _bars() if sys.stdout.isatty() else _lines()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(POLL_SECONDS):
            show(read_progress(store, run_id))

    watcher = threading.Thread(target=watch, name="igny8-progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        show(read_progress(store, run_id))
        close()


def _lines() -> tuple[Callable[[list[StageProgress]], None], Callable[[], None]]:
    told: set[int] = set()

    def show(stages: list[StageProgress]) -> None:
        for stage in stages:
            if stage.finished and stage.stage not in told:
                told.add(stage.stage)
                far = f"{stage.done} of {stage.total}" if stage.total else NOTHING
                say(f"{stage.stage}. {STAGES[stage.stage].name}: {far}")

    return show, lambda: None


def _bars() -> tuple[Callable[[list[StageProgress]], None], Callable[[], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeElapsedColumn
    from rich.text import Text

    class HowFar(MofNCompleteColumn):
        def render(self, task: Task) -> Text:
            return super().render(task) if task.total else Text(NOTHING)

    progress = Progress(TextColumn("{task.description}"), BarColumn(), HowFar(), TimeElapsedColumn(), console=console())
    progress.start()
    bars: dict[int, Any] = {}

    def show(stages: list[StageProgress]) -> None:
        for stage in stages:
            if stage.stage not in bars:
                name = f"{stage.stage}. {STAGES[stage.stage].name}"
                bars[stage.stage] = progress.add_task(f"{name:<28}", total=stage.total)
            progress.update(bars[stage.stage], completed=stage.done, total=stage.total)
            if stage.finished:
                progress.stop_task(bars[stage.stage])

    return show, progress.stop
