"""A run's right to work on a site: who it is, its fencing token, and whether it should stop."""

import threading
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.settings import Settings
from igny8_assets.store import lease
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationConfig, AutomationRun, Site, StopRequest


@dataclass(frozen=True)
class RunTicket:
    """What a stage gets to know of the run that it works for; `notes` is what this launch worked out once."""

    store: Store
    settings: Settings
    run_id: str
    launch: int
    token: int
    site: Site
    config: AutomationConfig
    interrupted: threading.Event = field(default_factory=threading.Event)
    notes: dict[str, Any] = field(default_factory=dict)

    def hold_lease(self, session: Session) -> None:
        """Prove and renew the lease: the first statement of every saving transaction.

        Raises:
            LeaseLost: another run has the site.
        """
        lease.hold(self.store, session, self.site.id, self.token, self.settings.lease_seconds)

    def stop_requested(self) -> StopRequest | None:
        """Whether a person, or the process that executes the run, wants it to stop between items."""
        if self.interrupted.is_set():
            return StopRequest.CANCEL
        with self.store.read() as session:
            return session.scalar(select(AutomationRun.stop_request).where(AutomationRun.id == self.run_id))
