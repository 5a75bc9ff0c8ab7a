"""Asking the door for a run."""

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Launcher, Site, Trigger


def ask_for_run(store: Store, site: Site, first: int = 1, last: int = 7) -> AutomationRun:
    """A queued run of these stages, unless the door refuses it."""
    with store.write() as session:
        request = RunRequest(Trigger.MANUAL, Launcher.PROCESS, first, last)
        return request_run(session, session.get_one(Site, site.id), load_settings(), request)
