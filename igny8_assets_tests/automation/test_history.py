"""A site's runs, page by page."""

import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from igny8_assets.automation.history import page_of_runs
from igny8_assets.errors import NotFound
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Launcher, RunStatus, Site, Trigger, utc_now
from igny8_assets_tests.pipeline.sites import make_site


def add_runs(store: Store, site: Site, minutes: list[int]) -> None:
    """A run that many minutes ago, each."""
    now = utc_now()
    with store.write() as session:
        for minute in minutes:
            session.add(
                AutomationRun(
                    id=str(uuid.uuid4()),
                    site_id=site.id,
                    account_id=site.account_id,
                    trigger=Trigger.SCHEDULED,
                    launcher=Launcher.DAEMON,
                    status=RunStatus.SKIPPED,
                    requested_at=now - timedelta(minutes=minute),
                )
            )


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(minutes=st.lists(st.integers(0, 5), max_size=12), limit=st.integers(1, 5))
def test_pages_show_every_run_once_the_latest_first(store: Store, minutes: list[int], limit: int) -> None:
    site = make_site(store, uuid.uuid4().hex)
    add_runs(store, site, minutes)
    seen: list[AutomationRun] = []
    after: str | None = None
    with store.read() as session:
        while True:
            page, after = page_of_runs(session, site, limit, after)
            assert len(page) <= limit
            seen += page
            if after is None:
                break
    assert len({run.id for run in seen}) == len(seen) == len(minutes)
    assert [run.requested_at for run in seen] == sorted((run.requested_at for run in seen), reverse=True)


def test_a_run_of_another_site_is_no_place_to_go_on(store: Store) -> None:
    site, other = make_site(store), make_site(store, "other")
    add_runs(store, other, [1])
    with store.read() as session:
        [run], _ = page_of_runs(session, other, 1)
        with pytest.raises(NotFound, match="is not one of camp"):
            page_of_runs(session, site, 1, run.id)
