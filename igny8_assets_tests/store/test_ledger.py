import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from igny8_assets.automation.sites import NewSite, add_account, add_site
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Account,
    AutomationConfig,
    AutomationRun,
    CreditEntry,
    EntryKind,
    Launcher,
    RunStatus,
    Trigger,
    utc_now,
)


def work(store: Store, *, tenths: int = 1000, slug: str = "shop") -> ledger.Work:
    """An account with credits, a site and a run: the piece of work on item 1 of stage 4."""
    with store.write() as session:
        account = session.scalar(select(Account)) or add_account(session, "acme")
        site = add_site(session, account, NewSite(slug))
        if tenths:
            ledger.grant(session, account.id, tenths, key=str(uuid.uuid4()))
        run = AutomationRun(
            id=str(uuid.uuid4()),
            site_id=site.id,
            account_id=account.id,
            trigger=Trigger.MANUAL,
            launcher=Launcher.PROCESS,
            status=RunStatus.RUNNING,
        )
        session.add(run)
        return ledger.Work(account.id, site.id, slug, run.id, 1, 4, "1", 1)


def other_item(of: ledger.Work, item: str, *, launch: int = 1, attempt: int = 1) -> ledger.Work:
    return ledger.Work(of.account_id, of.site_id, of.site, of.run_id, launch, of.stage, item, attempt)


def balance(store: Store, of: ledger.Work) -> int:
    with store.read() as session:
        found = ledger.balance(session, of.account_id)
        assert found == ledger.sum_of_entries(session, of.account_id)
        return found


def test_a_reservation_is_out_of_the_balance_until_it_is_settled(store: Store) -> None:
    piece = work(store)
    with store.write() as session:
        ledger.reserve(session, piece, 50)
    assert balance(store, piece) == 950
    with store.write() as session:
        ledger.settle(session, piece, 50, 30)
    assert balance(store, piece) == 970


def test_work_that_saved_nothing_costs_nothing(store: Store) -> None:
    piece = work(store)
    with store.write() as session:
        ledger.reserve(session, piece, 50)
        ledger.settle(session, piece, 50, 0)
    assert balance(store, piece) == 1000
    with store.read() as session:
        assert session.scalar(select(CreditEntry).where(CreditEntry.kind == EntryKind.CHARGE)) is None


def test_the_same_work_can_not_be_charged_twice(store: Store) -> None:
    piece = work(store)
    again = other_item(piece, "1", launch=2)
    with store.write() as session:
        ledger.reserve(session, piece, 50)
        ledger.settle(session, piece, 50, 50)
    with pytest.raises(IntegrityError), store.write() as session:
        ledger.reserve(session, again, 50)
        ledger.settle(session, again, 50, 50)
    assert balance(store, piece) == 950


def test_a_person_who_asks_again_pays_again(store: Store) -> None:
    piece = work(store)
    for attempt in (1, 2):
        one = other_item(piece, "1", attempt=attempt)
        with store.write() as session:
            ledger.reserve(session, one, 50)
            ledger.settle(session, one, 50, 50)
    assert balance(store, piece) == 900


def test_what_the_balance_does_not_cover_is_not_reserved(store: Store) -> None:
    piece = work(store, tenths=49)
    with pytest.raises(ledger.InsufficientCredits), store.write() as session:
        ledger.reserve(session, piece, 50)
    assert balance(store, piece) == 49


def test_what_a_dead_run_had_reserved_is_given_back_once(store: Store) -> None:
    piece = work(store)
    with store.write() as session:
        ledger.reserve(session, piece, 50)
        ledger.reserve(session, other_item(piece, "2"), 70)
        ledger.settle(session, piece, 50, 50)
    for expected in (70, 0):
        with store.write() as session:
            assert ledger.release_open(session, piece.run_id) == expected
    assert balance(store, piece) == 950


def test_a_grant_with_the_same_key_gives_once(store: Store) -> None:
    piece = work(store, tenths=0)
    for expected in (True, False):
        with store.write() as session:
            assert ledger.grant(session, piece.account_id, 100, key="birthday") is expected
    assert balance(store, piece) == 100


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["grant", "reserve", "settle", "fail", "crash"]), st.integers(0, 1), st.integers(1, 400)),
    max_size=25,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTIONS)
def test_a_balance_is_the_sum_of_its_entries_whatever_two_sites_of_an_account_do(
    store: Store, actions: list[tuple[str, int, int]]
) -> None:
    with store.write() as session:
        account = add_account(session, uuid.uuid4().hex)
        sites = [add_site(session, account, NewSite(uuid.uuid4().hex)) for _ in range(2)]
        runs = []
        for site in sites:
            run = AutomationRun(
                id=str(uuid.uuid4()),
                site_id=site.id,
                account_id=account.id,
                trigger=Trigger.MANUAL,
                launcher=Launcher.PROCESS,
                status=RunStatus.RUNNING,
            )
            session.add(run)
            runs.append(run)
    expected = charged = 0
    open_work: list[list[tuple[ledger.Work, int]]] = [[], []]
    for number, (action, which, tenths) in enumerate(actions):
        site, run = sites[which], runs[which]
        with store.write() as session:
            if action == "grant":
                ledger.grant(session, account.id, tenths, key=f"{account.id}-{number}")
                expected += tenths
            elif action == "reserve":
                piece = ledger.Work(account.id, site.id, site.slug, run.id, 1, 4, str(number), 1)
                try:
                    ledger.reserve(session, piece, tenths)
                except ledger.InsufficientCredits:
                    assert tenths > expected - charged - sum(held for held_ in open_work for _, held in held_)
                else:
                    open_work[which].append((piece, tenths))
            elif action == "crash":
                assert ledger.release_open(session, run.id) == sum(held for _, held in open_work[which])
                open_work[which].clear()
            elif open_work[which]:
                piece, held = open_work[which].pop()
                paid = min(held, tenths) if action == "settle" else 0
                ledger.settle(session, piece, held, paid)
                charged += paid
    with store.read() as session:
        now = ledger.balance(session, account.id)
        assert now == ledger.sum_of_entries(session, account.id)
        assert now == expected - charged - sum(held for held_ in open_work for _, held in held_)
        assert now >= 0


def test_what_was_reserved_yesterday_gives_no_room_today(store: Store) -> None:
    before = work(store)
    with store.write() as session:
        session.execute(update(AutomationConfig).values(daily_credits_cap_tenths=100))
        ledger.reserve(session, before, 90)
        yesterday = utc_now() - timedelta(days=1)
        session.execute(update(CreditEntry).where(CreditEntry.kind == EntryKind.RESERVE).values(created_at=yesterday))
    with store.write() as session:
        with pytest.raises(ledger.CapReached):
            ledger.reserve(session, other_item(before, "k2"), 20)
        ledger.settle(session, before, 90, 0)
    with store.write() as session:
        ledger.reserve(session, other_item(before, "k3"), 100)
        with pytest.raises(ledger.CapReached):
            ledger.reserve(session, other_item(before, "k4"), 1)
