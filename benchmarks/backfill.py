"""A backfill of many sites that have little to do: how fast it goes, and where a run's time goes beside its stages."""

import os
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from sqlalchemy import func, select

from benchmarks.measuring import Figure, timed
from igny8_assets.dagster_home import dagster_instance
from igny8_assets.jobs import ALL_ASSETS
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import RunLaunch, StageResult
from igny8_assets_tests.pipeline.sites import import_keywords, make_site
from igny8_assets_tests.servers.dagster_pages import backfill, dagster_runs, wait_for_sites
from igny8_assets_tests.servers.databases import fresh_database
from igny8_assets_tests.servers.igny8_process import running_ui

SITES = int(os.environ.get("IGNY8_BENCH_SITES", "100"))
KEYWORDS = ["family tent", "best family tent"]
MOMENTS = {
    "waiting for the queue": ("PIPELINE_ENQUEUED", "PIPELINE_STARTING"),
    "starting the process, loading Dagster and the definitions": ("PIPELINE_STARTING", "PIPELINE_START"),
    "assets and checks": ("PIPELINE_START", "PIPELINE_SUCCESS"),
}


def measure_backfill() -> Iterator[Figure]:
    """Materialize all assets of a hundred sites in the Dagster UI, on PostgreSQL."""
    with tempfile.TemporaryDirectory() as name, fresh_database("postgresql", Path(name) / "home") as url:
        folder = Path(name)
        os.environ["IGNY8_HOME"], os.environ["IGNY8_DATABASE_URL"] = str(folder / "home"), url
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        store = Store(url)
        slugs = [f"site-{number}" for number in range(SITES)]
        for slug in slugs:
            import_keywords(store, make_site(store, slug), folder / "exports", KEYWORDS)
        with running_ui(folder) as ui:
            wait_for_sites(ui, *slugs)
            with timed() as clock:
                backfill(ui, ALL_ASSETS, slugs)
                while sum(run.is_over for run in dagster_runs(ui)) < SITES:
                    time.sleep(2)
            ended = [run.status for run in dagster_runs(ui)]
            ui.end(signal.SIGTERM)
        if ended != ["SUCCESS"] * SITES:
            raise RuntimeError(f"runs that did not succeed: {ended}")
        yield Figure(
            f"backfill of {SITES} sites with two keywords each, postgresql",
            f"{SITES / clock.seconds * 60:.0f} runs/min",
        )
        yield from _profile(store)
        store.close()


def _profile(store: Store) -> Iterator[Figure]:
    """Where the time of a run goes, as the median over all runs."""
    spans: dict[str, list[float]] = {name: [] for name in MOMENTS}
    inside: list[float] = []
    with dagster_instance(load_settings()) as instance, store.read() as session:
        rows = session.execute(
            select(RunLaunch.dagster_run_id, func.sum(StageResult.seconds))
            .join(StageResult, StageResult.run_id == RunLaunch.run_id)
            .group_by(RunLaunch.dagster_run_id)
        )
        for run_id, seconds in rows:
            moments = _moments(instance, run_id)
            for name, (begin, end) in MOMENTS.items():
                spans[name].append(moments[end] - moments[begin])
            inside.append(seconds)
    for name, times in spans.items():
        yield Figure(f"of a run: {name}", f"{statistics.median(times):.2f} s")
    yield Figure("of a run: within the seven stages", f"{statistics.median(inside):.2f} s")


def _moments(instance: dg.DagsterInstance, run_id: str) -> dict[str, float]:
    return {
        entry.dagster_event_type.value: entry.timestamp
        for entry in instance.all_logs(run_id)
        if entry.dagster_event_type
    }
