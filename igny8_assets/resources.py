"""What Dagster hands to assets, checks and sensors: the installation, opened once per run."""

import sys
from typing import TYPE_CHECKING, Any

import dagster as dg
from pydantic import PrivateAttr

from igny8_assets.interrupts import held

if TYPE_CHECKING:
    from igny8_assets.settings import Settings
    from igny8_assets.store.database import Store

RECYCLE_SECONDS = 5
"""So short that a server which was restarted is soon connected to anew."""
MOST_CONNECTIONS = 4


class Installation(dg.ConfigurableResource[Any]):
    """The settings and the store of this installation, as the environment names them."""

    _settings: Any = PrivateAttr(default=None)
    _store: Any = PrivateAttr(default=None)

    @property
    def settings(self) -> "Settings":
        """The installation's settings."""
        if self._settings is None:
            from igny8_assets.settings import load_settings

            self._settings = load_settings()
        settings: Settings = self._settings
        return settings

    @property
    def store(self) -> "Store":
        """The installation's store."""
        if self._store is None:
            from igny8_assets.store.database import open_store

            self._store = open_store(self.settings)
        store: Store = self._store
        return store

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Have the process of a run keep its connections to Dagster's tables, as the webserver does.

        On PostgreSQL Dagster opens one for every statement, three hundred in a run, each a process of the server.
        """
        if context.run is not None and context.instance is not None:
            context.instance.optimize_for_webserver(
                statement_timeout=0, pool_recycle=RECYCLE_SECONDS, max_overflow=MOST_CONNECTIONS
            )

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Close the run that no asset could close, and give back the store's connections."""
        try:
            if context.run is not None and context.instance is not None:
                interrupt = isinstance(sys.exception(), dg.DagsterExecutionInterruptedError | KeyboardInterrupt)
                with held():
                    self._end_run(context.instance, context.run, interrupt=interrupt)
        finally:
            if self._store is not None:
                self._store.close()
                self._store = None

    def _end_run(self, instance: dg.DagsterInstance, run: dg.DagsterRun, *, interrupt: bool) -> None:
        """Give our row its end where no stage did: an interrupt between stages, a failed import."""
        from igny8_assets.run_end import FAILED, INTERRUPTED, end_launch, failures, launch_of, put_back, was_interrupted
        from igny8_assets.store.models import RunStatus

        current = instance.get_run_by_id(run.run_id) or run
        if interrupt and not current.is_finished and current.status != dg.DagsterRunStatus.CANCELING:
            # Dagster calls an interrupt a failure unless it was told before.
            instance.report_run_canceling(current, message="Interrupted.")
            if run.remote_job_origin is not None:
                # Dagster started this process and now ends it, as `igny8 ui` does at its end: nobody canceled the run.
                put_back(self.store, self.settings, run.run_id, launch_of(run.tags))
                return
        if failures(instance, current) and not was_interrupted(instance, current):
            status, reason = RunStatus.FAILED, FAILED
        else:
            # The last stage closes a run that went well: one that is still open was cut off between two.
            status, reason = RunStatus.CANCELED, INTERRUPTED
        end_launch(self.store, self.settings, run.run_id, launch_of(run.tags), status, reason)
