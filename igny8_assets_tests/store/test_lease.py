import uuid
from datetime import timedelta

import pytest
from sqlalchemy import update

from igny8_assets.automation.sites import NewSite, add_account, add_site
from igny8_assets.store import lease
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Launcher, RunStatus, SiteLease, Trigger, utc_now

SECONDS = 60.0


def two_runs(store: Store) -> tuple[int, str, str]:
    with store.write() as session:
        account = add_account(session, "acme")
        site = add_site(session, account, NewSite("shop"))
        ids = [str(uuid.uuid4()), str(uuid.uuid4())]
        for run_id in ids:
            session.add(
                AutomationRun(
                    id=run_id,
                    site_id=site.id,
                    account_id=account.id,
                    trigger=Trigger.MANUAL,
                    launcher=Launcher.PROCESS,
                    status=RunStatus.COMPLETED,
                )
            )
        return site.id, ids[0], ids[1]


def take(store: Store, site_id: int, run_id: str) -> int | None:
    with store.write() as session:
        return lease.acquire(store, session, site_id, run_id, SECONDS)


def expire(store: Store, site_id: int) -> None:
    with store.write() as session:
        session.execute(
            update(SiteLease).where(SiteLease.site_id == site_id).values(expires_at=utc_now() - timedelta(hours=1))
        )


def test_a_held_lease_is_given_to_nobody_else(store: Store) -> None:
    site_id, first, second = two_runs(store)
    assert take(store, site_id, first) == 1
    assert take(store, site_id, second) is None


def test_an_expired_lease_goes_to_who_asks_and_its_old_holder_can_write_nothing_more(store: Store) -> None:
    site_id, first, second = two_runs(store)
    token = take(store, site_id, first)
    assert token is not None
    expire(store, site_id)
    assert take(store, site_id, second) == token + 1
    with pytest.raises(lease.LeaseLost), store.write() as session:
        lease.hold(store, session, site_id, token, SECONDS)


def test_holding_a_lease_renews_it(store: Store) -> None:
    site_id, first, second = two_runs(store)
    token = take(store, site_id, first)
    assert token is not None
    expire(store, site_id)
    with store.write() as session:
        lease.hold(store, session, site_id, token, SECONDS)
    assert take(store, site_id, second) is None


def test_a_lease_that_was_given_up_is_free_at_once(store: Store) -> None:
    site_id, first, second = two_runs(store)
    token = take(store, site_id, first)
    with store.write() as session:
        lease.give_up(session, site_id, token)
    assert take(store, site_id, second) == 2


def test_a_dead_runs_lease_is_revoked_with_its_token(store: Store) -> None:
    site_id, first, _ = two_runs(store)
    token = take(store, site_id, first)
    assert token is not None
    with store.write() as session:
        lease.revoke(session, site_id, first)
    with pytest.raises(lease.LeaseLost), store.write() as session:
        lease.hold(store, session, site_id, token, SECONDS)
