"""Whole runs: a thousand keywords offline, a run with nothing to do, loading the definitions, real exports."""

import os
import random
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Figure, run_python, timed
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets_tests.pipeline.sites import end_state, import_keywords, make_site
from igny8_assets_tests.servers.databases import fresh_database

REPEATS = 5
RUN = "import sys; sys.argv = ['igny8', 'run', 'camp']; from igny8_assets.cli.main import main; main()"
EIGHT_EMPTY = """
import os, sys
import dagster as dg
sites = dg.DynamicPartitionsDefinition(name="site")
names = ["a", "b", "c", "d", "e", "f", "g", "h"]
def asset(name, before):
    @dg.asset(name=name, deps=[before] if before else [], partitions_def=sites)
    def work(): ...
    return work
assets = [asset(name, before) for before, name in zip([None, *names], names)]
def check(name, on):
    @dg.asset_check(name=name, asset=on, partitions_def=sites)
    def look(): return dg.AssetCheckResult(passed=True)
    return look
checks = [check(f"check_{number}", names[number]) for number in range(7)]
defs = dg.Definitions(assets=assets, asset_checks=checks, jobs=[dg.define_asset_job("empty")],
                      executor=dg.in_process_executor)
with dg.DagsterInstance.get() as instance:
    if not instance.has_dynamic_partition("site", "camp"):
        instance.add_dynamic_partitions("site", ["camp"])
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    defs.resolve_job_def("empty").execute_in_process(instance=instance, partition_key="camp", run_config=quiet)
"""
WORDS = (
    "tent stove boots lantern backpack hammock kayak paddle compass rope tarp cooler grill headlamp poncho gloves "
    "thermos axe saw knife filter pump mat pillow quilt bivvy gaiter pole crampon harness"
).split()
FORMS = (
    "best {}", "{} for beginners", "how to choose a {}", "cheap {}", "{} review", "{} for women", "waterproof {}",
    "lightweight {}", "{} for winter", "{} repair", "how to clean a {}", "{} size guide", "small {}", "large {}",
    "{} for kids", "{} for two people", "where to buy a {}", "{} accessories", "{} storage", "{} vs rental",
    "folding {}", "heavy duty {}", "{} with bag", "{} sale", "vintage {}", "{} brands", "handmade {}", "{} deals",
    "{} parts", "{} tips", "ultralight {}", "{} checklist", "{} for hiking", "{} for camping",
)  # fmt: skip


def thousand_keywords() -> list[str]:
    """A thousand keywords on thirty topics, in random order."""
    keywords = [form.format(word) for word in WORDS for form in FORMS]
    random.Random(1).shuffle(keywords)
    return keywords[:1000]


def measure_offline_run() -> Iterator[Figure]:
    """Wall time and peak memory of `igny8 run` with a thousand new keywords, process start included."""
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as name, fresh_database(kind, Path(name)) as url:
            store = Store(url)
            site = make_site(store, credits_tenths=10_000_000, images=2)
            import_keywords(store, site, Path(name) / "exports", thousand_keywords())
            seconds, memory = run_python(RUN, environment=_environment(Path(name), kind, url))
            made = {what: len(rows) for what, rows in end_state(store, site).items()}
            with store.read() as session:
                if ledger.balance(session, site.account_id) != ledger.sum_of_entries(session, site.account_id):
                    raise RuntimeError("the ledger does not balance")
            store.close()
            yield Figure(
                f"offline run of {made['keywords']:,} keywords, {kind}",
                f"{seconds:.0f} s, {memory / 2**20:.0f} MB: {made['clusters']} clusters, {made['content']} drafts, "
                f"{made['images']} images",
            )


def measure_empty_run() -> Iterator[Figure]:
    """A run with nothing to do beside eight empty assets with as many checks, alternating in one go."""
    with tempfile.TemporaryDirectory() as name, fresh_database("sqlite", Path(name)) as url:
        store = Store(url)
        make_site(store)
        store.close()
        environment = _environment(Path(name), "sqlite", url)
        run_python(RUN, environment=environment)
        dagster = {"DAGSTER_HOME": str(Path(name) / "dagster"), **environment}
        ours, empty = [], []
        for _ in range(REPEATS):
            ours.append(run_python(RUN, environment=environment)[0])
            empty.append(run_python(EIGHT_EMPTY, environment=dagster)[0])
        ratio = statistics.median(ours) / statistics.median(empty)
        yield Figure(
            "a site's run with nothing to do, as a ratio to eight empty assets and seven checks",
            f"{ratio:.2f} × ({statistics.median(ours):.1f} s to {statistics.median(empty):.1f} s)",
            "1.3 ×",
        )


def measure_loading() -> Iterator[Figure]:
    """What loading the definitions adds to `import dagster`."""
    program = (
        "import dagster, time; started = time.perf_counter();"
        "from igny8_assets.definitions import defs; defs().resolve_asset_graph();"
        "open(__import__('sys').argv[1], 'w').write(str(time.perf_counter() - started))"
    )
    with tempfile.TemporaryDirectory() as name:
        times = []
        for _ in range(REPEATS):
            run_python(program, f"{name}/seconds", environment={})
            times.append(float(Path(f"{name}/seconds").read_text(encoding="utf-8")))
    yield Figure("loading the definitions, beyond `import dagster`", f"{statistics.median(times):.2f} s", "0.5 s")


def measure_real_exports() -> Iterator[Figure]:
    """The two real exports through the pipeline, where their folder is named."""
    from igny8_assets_tests.pipeline.real_exports import EXPORTS, run_export

    folder = os.environ.get("IGNY8_REAL_EXPORTS")
    if not folder:
        return
    for export in EXPORTS:
        with tempfile.TemporaryDirectory() as name, fresh_database("sqlite", Path(name)) as url:
            with timed() as clock:
                outcome = run_export(Store(url), Path(folder) / export, Path(name))
            yield Figure(
                f"{export}: all rows through stages 1–3, 40 tasks through 4–7",
                f"{clock.seconds:.0f} s: {outcome.rows:,} rows = {outcome.mapped:,} mapped + {outcome.orphaned:,} "
                f"orphaned + {outcome.new} new + {outcome.rejected} rejected + {outcome.merged} merged; "
                f"{outcome.clusters} clusters, {outcome.drafts} drafts, {outcome.blocked} blocked",
                "40 drafts, none blocked",
            )


def _environment(home: Path, kind: str, url: str) -> dict[str, str]:
    database = {} if kind == "sqlite" else {"IGNY8_DATABASE_URL": url}
    return {"IGNY8_HOME": str(home), **database}
