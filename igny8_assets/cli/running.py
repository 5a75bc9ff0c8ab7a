"""Running a site's pipeline in this process: taking over what is dead, showing progress, telling what came of it."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from igny8_assets.automation.door import RunRequest, active_run, refuse_unfit, request_run
from igny8_assets.automation.runs import find_run, is_dead, stage_results
from igny8_assets.automation.sites import find_site
from igny8_assets.cli.installation import OpenInstallation
from igny8_assets.cli.output import console, say
from igny8_assets.interrupts import held
from igny8_assets.stages.registry import STAGES
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Launcher, RunStatus, StageResult, Trigger

if TYPE_CHECKING:
    from dagster import DagsterInstance

POLL_SECONDS = 0.5


@dataclass(frozen=True)
class StageProgress:
    """How far a stage is."""

    stage: int
    done: int
    total: int
    finished: bool


def run_here(installation: OpenInstallation, slug: str, first: int = 1, last: int = 7) -> int:
    """Run a site's stages in this process and show what came of them.

    Returns:
        The exit code: 0 when the run was completed, 1 when it failed, was paused or canceled.

    Raises:
        UserError: there is no such site, or the door refuses.
    """
    from igny8_assets.dagster_home import dagster_instance

    with dagster_instance(installation.settings) as instance, held():
        run_id = _open_run(installation, instance, slug, first, last)
        return execute_here(installation, instance, run_id)


def execute_here(installation: OpenInstallation, instance: "DagsterInstance", run_id: str) -> int:
    """Execute a queued run in this process and show what came of it; the exit code as `run_here`."""
    from igny8_assets.launch import execute_run

    store = installation.store
    with _progress(store, run_id):
        dagster_run_id = execute_run(store, installation.settings, instance, run_id)
    with store.read() as session:
        run = find_run(session, run_id)
        _show_result(run, list(stage_results(session, run_id)))
        began, slug = bool(run.launches), run.site.slug
    say(f"run {run_id}: {run.status.value}" + (f" ({run.reason})" if run.reason else ""))
    if began:
        say(f"Dagster run {dagster_run_id} in {installation.settings.dagster_home}")
    if run.status == RunStatus.CANCELED:
        say(f"`igny8 run {slug}` goes on with what is left.")
    if run.status == RunStatus.PAUSED:
        say(f"`igny8 resume {run_id}` goes on where it stopped.")
    return 0 if run.status == RunStatus.COMPLETED else 1


def _open_run(installation: OpenInstallation, instance: "DagsterInstance", slug: str, first: int, last: int) -> str:
    """A queued run for this process: the site's dead one taken over, or a new one from the door."""
    from igny8_assets.launch import take_over

    with installation.store.write() as session:
        site = find_site(session, slug)
        active = active_run(session, site)
        if active is not None and is_dead(session, active):
            refuse_unfit(session, site)
            take_over(session, active, instance)
            say(f"Taking over run {active.id}, whose process is gone, at stage {active.current_stage}.")
            return active.id
        if active is not None and active.status == RunStatus.QUEUED and active.launcher == Launcher.PROCESS:
            # Who asked for it died before it began, or is just beginning: the compare-and-swap lets one of us in.
            say(f"Going on with run {active.id}, which was queued and not begun.")
            return active.id
        request = RunRequest(Trigger.MANUAL, Launcher.PROCESS, first, last)
        return request_run(session, site, installation.settings, request).id


def read_progress(store: Store, run_id: str) -> list[StageProgress]:
    """How far each begun stage of a run is."""
    with store.read() as session:
        return [StageProgress(row.stage, row.done, row.total, row.finished) for row in stage_results(session, run_id)]


@contextmanager
def _progress(store: Store, run_id: str) -> Iterator[None]:
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
                say(f"{stage.stage}. {STAGES[stage.stage].name}: {stage.done} of {stage.total}")

    return show, lambda: None


def _bars() -> tuple[Callable[[list[StageProgress]], None], Callable[[], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    progress = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console()
    )
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


def _show_result(run: AutomationRun, results: list[StageResult]) -> None:
    """The closing table: per stage what was processed, what was made, what it cost and how long it took."""
    from rich.table import Table

    table = Table(title=f"Stages {run.first_stage} to {run.last_stage}", title_justify="left", show_edge=False)
    table.add_column("stage")
    for name in ("processed", "made", "failed", "credits", "seconds"):
        table.add_column(name, justify="right")
    for row in results:
        stage = STAGES[row.stage]
        made = next((row.result.get(name, 0) for name in stage.made), row.done)
        table.add_row(
            f"{row.stage}. {stage.name}",
            f"{row.done:,}",
            f"{made:,}",
            f"{row.result.get('failed', 0):,}",
            f"{row.result.get('credits_used', 0.0):,.1f}",
            f"{row.seconds:,.1f}",
        )
    table.add_section()
    seconds = sum(row.seconds for row in results)
    table.add_row("all", "", "", "", f"{run.total_credits_tenths / 10:,.1f}", f"{seconds:,.1f}")
    console().print(table)
    failures = [(row.stage, failure) for row in results for failure in row.result.get("failures", ())]
    for stage_number, failure in failures[:5]:
        say(f"stage {stage_number}, {failure['item']}: {failure['reason']}")
    if len(failures) > 5:
        say(f"… and {len(failures) - 5} more; `igny8 logs {run.id}` has them all")
