"""What a site's page shows as it happens, read once a second for all who watch the site."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from igny8_assets.automation.door import active_run
from igny8_assets.automation.logins import logins_of
from igny8_assets.automation.overview import pipeline_overview
from igny8_assets.automation.run_facts import run_facts
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, AutomationRun, RunStatus, Site
from igny8_assets.web.api.automation_answers import RunFacts, StageRow

SECONDS = 1.0
"""How old a snapshot may be."""
STILL_SECONDS = 15.0
"""After so long without a change a stream says that it is there still."""


@dataclass(frozen=True)
class Snapshot:
    """A site at one moment: its stages, the run that is active or was last, and the account's balance."""

    stages: tuple[StageRow, ...]
    run: RunFacts | None
    balance_tenths: int

    @property
    def active(self) -> bool:
        """Whether a run is queued, running or paused."""
        return self.run is not None and self.run.status in ("queued", "running", "paused")


def read_snapshot(session: Session, site: Site) -> Snapshot:
    """Read a site as it is now."""
    run = active_run(session, site) or session.scalar(
        select(AutomationRun)
        .where(AutomationRun.site_id == site.id, AutomationRun.status != RunStatus.SKIPPED)
        .order_by(AutomationRun.requested_at.desc())
        .limit(1)
    )
    return Snapshot(
        stages=tuple(StageRow.of(stage) for stage in pipeline_overview(session, site)),
        run=None if run is None else RunFacts.model_validate(run_facts(session, run)),
        balance_tenths=session.get_one(Account, site.account_id).balance_tenths,
    )


@dataclass
class _Feed:
    """The snapshots of one site, read while anyone watches."""

    watchers: int = 0
    number: int = 0
    begun: int = 0
    read: int = 0
    logins: frozenset[str] = frozenset()
    latest: Snapshot | None = None
    told: str = ""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    reading: asyncio.Task[None] | None = None


class Feeds:
    """Hands each site's snapshots to everyone who watches it; neither reads nor telling grow with their number."""

    def __init__(self, store: Store, tell: Callable[[Snapshot], str]) -> None:
        """Tell of snapshots by `tell`, once for all who watch."""
        self._store, self._tell = store, tell
        self._feeds: dict[int, _Feed] = {}
        self.reads = 0

    @property
    def watchers(self) -> int:
        """How many watch, all sites together."""
        return sum(feed.watchers for feed in list(self._feeds.values()))

    @asynccontextmanager
    async def watch(self, site_id: int, login: str | None = None) -> AsyncIterator[AsyncIterator[str | None]]:
        """What is told of the site: as it is now, each time it differs, and None where nothing changed for long.

        Args:
            login: the digest of the login of who watches: what is told ends with it.
        """
        feed = self._feeds.setdefault(site_id, _Feed())
        feed.watchers += 1
        if feed.reading is None:
            feed.reading = asyncio.create_task(self._keep_reading(site_id, feed))
        try:
            yield self._tellings(feed, login)
        finally:
            feed.watchers -= 1
            if not feed.watchers and feed.reading is not None:
                feed.reading.cancel()
                self._feeds.pop(site_id, None)

    @staticmethod
    async def _tellings(feed: _Feed, login: str | None) -> AsyncIterator[str | None]:
        seen, before = 0, feed.begun

        def is_over() -> bool:
            # What was begun to be read before may not know of the login yet.
            return login is not None and feed.read > before and login not in feed.logins

        while not is_over():
            try:
                async with asyncio.timeout(STILL_SECONDS), feed.changed:
                    while feed.number == seen and not is_over():
                        await feed.changed.wait()
            except TimeoutError:
                yield None
                continue
            if feed.number != seen and not is_over():
                seen = feed.number
                yield feed.told

    async def _keep_reading(self, site_id: int, feed: _Feed) -> None:
        while True:
            try:
                feed.begun += 1
                begun = feed.begun
                snapshot, logins = await run_in_threadpool(self._read, site_id)
            except SQLAlchemyError:
                # The database is away; those who watch wait until it is back.
                logging.getLogger(__name__).exception("a site's snapshot could not be read")
            else:
                told = feed.told if snapshot == feed.latest else await run_in_threadpool(self._tell, snapshot)
                async with feed.changed:
                    is_new, is_other = snapshot != feed.latest, logins != feed.logins
                    feed.read, feed.logins = begun, logins
                    if is_new:
                        feed.latest, feed.told, feed.number = snapshot, told, feed.number + 1
                    if is_new or is_other:
                        feed.changed.notify_all()
            await asyncio.sleep(SECONDS)

    def _read(self, site_id: int) -> tuple[Snapshot, frozenset[str]]:
        self.reads += 1
        with self._store.read() as session:
            site = session.get_one(Site, site_id)
            return read_snapshot(session, site), logins_of(session, site.account_id)
