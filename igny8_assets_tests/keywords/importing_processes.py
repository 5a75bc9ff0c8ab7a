"""Imports in processes of their own, at once or killed in the middle."""

import multiprocessing
import os
import signal
from collections.abc import Sequence
from multiprocessing.context import ForkServerContext
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from sqlalchemy import event

from igny8_assets.keywords.importing import ImportSummary
from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.pipeline.sites import import_export


def import_at_once(url: str, site: Site, paths: Sequence[Path]) -> list[ImportSummary]:
    """Import each file in a process of its own, all beginning together."""
    context = _context()
    barrier, answers = context.Barrier(len(paths)), context.SimpleQueue()
    processes = [context.Process(target=_import_together, args=(url, site, path, barrier, answers)) for path in paths]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    return [answers.get() for _ in paths]


def import_until_killed(url: str, site: Site, path: Path, moment: str) -> None:
    """Import a file in a process that is killed after the first statement with these words, or before "commit"."""
    process = _context().Process(target=_import_and_die, args=(url, site, path, moment))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "pandas", "sqlalchemy.dialects.postgresql.psycopg2"])
    return context


def _import_together(url: str, site: Site, path: Path, barrier: Barrier, answers: "SimpleQueue[Any]") -> None:
    store = Store(url)
    barrier.wait(60)
    answers.put(import_export(store, site, path))
    store.close()


def _import_and_die(url: str, site: Site, path: Path, moment: str) -> None:
    store = Store(url)

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if moment in " ".join(statement.lower().split()):
            die()

    if moment == "commit":
        event.listen(store.engine, "commit", die)
    else:
        event.listen(store.engine, "after_cursor_execute", look)
    import_export(store, site, path)
