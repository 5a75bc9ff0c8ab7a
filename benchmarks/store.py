"""The store under load: importing a million keywords, reading overview and estimate beside them."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text

from benchmarks.measuring import Figure, timed
from igny8_assets.automation.due import claim_due
from igny8_assets.automation.estimating import estimate
from igny8_assets.automation.overview import pipeline_overview
from igny8_assets.automation.sites import add_account
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationConfig, RunStatus, Site, SiteLease
from igny8_assets_tests.pipeline.sites import import_export, make_site
from igny8_assets_tests.servers.databases import fresh_database

KEYWORDS = 1_000_000
KINDS = ("sqlite", "postgresql")
READS = 20
CONFIGS = 100_000
DUE = 1_000


def write_export(path: Path, rows: int) -> None:
    """A Semrush-like export of distinct keywords in random order."""
    chance = random.Random(1)
    words = [f"{first}{second}{third}" for first in "bcdfglmnprst" for second in "aeiou" for third in "lmnrst"]
    with path.open("w", encoding="utf-8") as file:
        file.write("Keyword,Intent,Volume,Keyword Difficulty,CPC (USD)\n")
        for number in range(rows):
            text = " ".join(chance.choices(words, k=3))
            file.write(f"{text} {number},Informational,{chance.randrange(100_000)},{number % 101},{number % 9}.25\n")


@contextmanager
def _filled(kind: str) -> Iterator[tuple[Store, Site, float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_export(folder / "export.csv", KEYWORDS)
        with fresh_database(kind, folder / "home") as url:
            store = Store(url)
            site = make_site(store)
            with timed() as clock:
                summary = import_export(store, site, folder / "export.csv")
            if summary.new != KEYWORDS:
                raise RuntimeError(f"{summary.new} of {KEYWORDS} keywords are new")
            yield store, site, clock.seconds
            store.close()


def measure_import() -> Iterator[Figure]:
    """Rows per second from the file to the committed transaction."""
    for kind in KINDS:
        with _filled(kind) as (_, _, seconds):
            yield Figure(
                f"import of {KEYWORDS:,} keywords, {kind}",
                f"{KEYWORDS / seconds:,.0f} rows/s ({seconds:.1f} s)",
                "50,000 rows/s",
            )


def measure_reading() -> Iterator[Figure]:
    """Milliseconds for overview and estimate at a million keywords: the middle of twenty."""
    for kind in KINDS:
        with _filled(kind) as (store, site, _):
            for name in ("overview", "estimate"):
                times = []
                for _ in range(READS):
                    with timed() as clock, store.read() as session:
                        if name == "overview":
                            pipeline_overview(session, session.get_one(Site, site.id))
                        else:
                            estimate(session, session.get_one(Site, site.id), Settings())
                    times.append(clock.seconds * 1000)
                times.sort()
                yield Figure(
                    f"{name} at {KEYWORDS:,} keywords, {kind}",
                    f"{times[READS // 2]:.1f} ms (longest {times[-1]:.1f} ms)",
                    "50 ms",
                )


def measure_due() -> Iterator[Figure]:
    """Claiming what is due among a hundred thousand configurations: one tick of the schedule, and all the others."""
    now = datetime.now(UTC)
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as name, fresh_database(kind, Path(name)) as url:
            store = Store(url)
            _make_due(store, now)
            for limit in (Settings().due_sites_per_tick, DUE - Settings().due_sites_per_tick):
                with timed() as clock, store.write() as session:
                    claimed = claim_due(session, Settings(), now, limit)
                if [run.status for run in claimed] != [RunStatus.QUEUED] * limit:
                    raise RuntimeError(f"{len(claimed)} of {limit} due sites were claimed")
                yield Figure(
                    f"claiming {limit} of {DUE:,} due sites among {CONFIGS:,}, {kind}",
                    f"{clock.seconds:.2f} s",
                    "1 s",
                )
            store.close()


def _make_due(store: Store, now: datetime) -> None:
    """So many enabled sites, of which some are due."""
    numbers = range(1, CONFIGS + 1)
    with store.write() as session:
        account = add_account(session, "default").id
        session.execute(
            insert(Site),
            [{"id": n, "account_id": account, "slug": f"s-{n}", "name": "s", "domain": "s.example"} for n in numbers],
        )
        session.execute(insert(SiteLease), [{"site_id": n, "token": 0, "expires_at": now} for n in numbers])
        due, later = now - timedelta(minutes=1), now + timedelta(hours=1)
        session.execute(
            insert(AutomationConfig),
            [
                {"site_id": n, "is_enabled": True, "next_run_at": later if n % (CONFIGS // DUE) else due}
                for n in numbers
            ],
        )
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("analyze"))
