"""A thousand items at a service that fails at every tenth request, in every way there is, against a faultless one."""

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests
from sqlalchemy import func, select

from benchmarks.measuring import Figure, run_python
from benchmarks.runs import RUN
from benchmarks.service import AT_ONCE, test_service
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, CallStatus, Cluster, CreditEntry, EntryKind, Site, StageResult
from igny8_assets_tests.factories import make_cluster, make_keyword
from igny8_assets_tests.pipeline.sites import configure, make_site
from igny8_assets_tests.servers.databases import fresh_database

ITEMS, FAULT_RATE, TIMEOUT = 1000, 0.1, 3
FIRST = "solar canvas steel copper bamboo wool cedar granite linen amber".split()
SECOND = "lamp table kettle bench ladder basket mirror drawer fence stool".split()
THIRD = "repair rental cleaning storage painting assembly delivery sizing recycling polishing".split()


@dataclass(frozen=True)
class Outcome:
    """What became of the items: the seconds of the stage, and how many were done or carry a reason."""

    seconds: float
    done: int
    with_reason: int
    met: Counter[str]


def measure_faults() -> Iterator[Figure]:
    """Wall time of stage 2 for a thousand clusters, with and without faults."""
    for kind in ("sqlite", "postgresql"):
        calm, faulty = _run(kind, 0.0), _run(kind, FAULT_RATE)
        yield Figure(
            f"{ITEMS:,} items with {FAULT_RATE:.0%} faults of {len(faulty.met)} kinds, {kind}",
            f"{faulty.seconds / calm.seconds:.2f} × the undisturbed time ({faulty.seconds:.1f} s to {calm.seconds:.1f} "
            f"s): {sum(faulty.met.values())} faults, {faulty.done} items done, {faulty.with_reason} with a reason",
            "1.6 ×, none lost",
        )


def _run(kind: str, fault_rate: float) -> Outcome:
    with (
        tempfile.TemporaryDirectory() as name,
        fresh_database(kind, Path(name)) as url,
        test_service("--fault-rate", str(fault_rate)) as service,
    ):
        store = Store(url)
        site = make_site(store, credits_tenths=10_000_000)
        configure(store, site, ideas_per_cluster=1)
        _add_clusters(store, site)
        environment = {
            "IGNY8_HOME": str(Path(name) / "home") if kind == "postgresql" else str(Path(name)),
            "IGNY8_PROVIDER": "openai",
            "IGNY8_OPENAI_BASE_URL": f"{service}/v1",
            "IGNY8_AI_CONCURRENCY": str(AT_ONCE),
            "IGNY8_AI_TIMEOUT_SECONDS": str(TIMEOUT),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        if kind == "postgresql":
            environment["IGNY8_DATABASE_URL"] = url
        run_python(RUN.replace("'camp'", "'camp', '--stages', '2'"), environment=environment, codes=("0", "1"))
        seen = requests.get(f"{service}/counts", timeout=10).json()
        outcome = _read(store, site, Counter(seen["met"]))
        store.close()
        return outcome


def _add_clusters(store: Store, site: Site) -> None:
    names = [f"{first} {second} {third}" for first in FIRST for second in SECOND for third in THIRD]
    random.Random(1).shuffle(names)
    with store.write() as session:
        mine = session.get_one(Site, site.id)
        for name in names[:ITEMS]:
            make_keyword(session, mine, name, cluster=make_cluster(session, mine, name=name))


def _read(store: Store, site: Site, met: Counter[str]) -> Outcome:
    with store.read() as session:
        stage = session.scalars(select(StageResult)).one()
        done = session.scalar(select(func.count()).select_from(Cluster).where(Cluster.idea_rounds == 1)) or 0
        charged = session.scalar(
            select(func.count()).select_from(CreditEntry).where(CreditEntry.kind == EntryKind.CHARGE)
        )
        answered = session.scalars(select(AICall.work_key).where(AICall.status == CallStatus.ANSWERED)).all()
        still_sent = session.scalar(select(func.count()).select_from(AICall).where(AICall.status == CallStatus.SENT))
        if ledger.balance(session, site.account_id) != ledger.sum_of_entries(session, site.account_id):
            raise RuntimeError("the ledger does not balance")
    failed = int(stage.result["failed"])
    if (charged, len(answered), len(set(answered)), still_sent) != (done, done, done, 0) or done + failed != ITEMS:
        raise RuntimeError(
            f"{done} done, {failed} failed, {charged} charged, {len(answered)} answers for {len(set(answered))} items, "
            f"{still_sent} requests open"
        )
    return Outcome(stage.seconds, done, failed, met)
