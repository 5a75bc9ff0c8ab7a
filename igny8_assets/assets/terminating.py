"""How "Terminate" in the Dagster UI reaches a stage, in whichever process it runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from igny8_assets.stages.ticket import RunTicket

WATCH_SECONDS = 1.0


@contextmanager
def watched_for_termination(context: dg.AssetExecutionContext, ticket: RunTicket) -> Iterator[None]:
    """Have the stage stop between items once Dagster calls the run canceling.

    Dagster itself interrupts the processes that its daemon started, and never one that `igny8 run` is.
    """
    over = threading.Event()

    def watch() -> None:
        while not is_canceling(context):
            if over.wait(WATCH_SECONDS):
                return
        ticket.interrupted.set()

    watcher = threading.Thread(target=watch, name="igny8-termination", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def is_canceling(context: dg.AssetExecutionContext) -> bool:
    """Whether somebody has asked Dagster to end this run."""
    run = context.instance.get_run_by_id(context.run.run_id)
    return run is not None and run.status in (dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED)
