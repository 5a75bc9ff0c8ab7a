"""Credits while a run works: nothing is begun that the balance does not cover, and nothing is paid twice."""

import threading

from sqlalchemy import select

from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Item
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, CreditEntry, EntryKind, Image, ImageStatus, RunStatus
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.stages.camp import assert_sound, charged_tenths, count
from igny8_assets_tests.stages.driving import Watched, drive, find, resume
from igny8_assets_tests.stages.seeds import PRICES, make_waiting


def balance(store: Store) -> int:
    with store.read() as session:
        return session.scalars(select(Account.balance_tenths)).one()


def give(store: Store, tenths: int) -> None:
    with store.write() as session:
        ledger.grant(session, session.scalars(select(Account.id)).one(), tenths, key="more")


def test_a_run_that_is_out_of_credits_does_what_it_can_and_pauses(store: Store) -> None:
    # Two drafts need prompts (2.0 each) and then a picture each (1.0): the second picture is not covered.
    site = make_waiting(store, 5, 2, tenths=2 * PRICES[5] + PRICES[6] + 5)
    ticket = open_run(store, site, 5)
    reports = drive(ticket)
    run = find(store, ticket.run_id)
    assert run.status == RunStatus.PAUSED
    assert run.reason == "out of credits: the next item costs 1.0, the balance is 0.5"
    assert (reports[6].stopped, reports[6].done, reports[6].pending) == ("credits", 1, 1)
    assert balance(store) == 5
    assert_sound(store, site)


def test_everything_that_the_balance_covers_is_done_before_a_run_pauses(store: Store) -> None:
    site = make_waiting(store, 5, 4, tenths=4 * PRICES[5] + 3 * PRICES[6] + 5)
    reports = drive(open_run(store, site, 5))
    assert reports[6].done == 3
    assert reports[6].stop_reason == "out of credits: the next item costs 1.0, the balance is 0.5"


def test_after_a_grant_a_resumed_run_finishes(store: Store) -> None:
    site = make_waiting(store, 5, 2, tenths=2 * PRICES[5] + 5)
    ticket = open_run(store, site, 5)
    drive(ticket)
    give(store, 100)
    drive(resume(store, ticket.run_id))
    run = find(store, ticket.run_id)
    assert (run.status, run.reason, run.total_credits_tenths) == (RunStatus.COMPLETED, None, 60)
    assert count(store, Image, Image.status == ImageStatus.GENERATED) == 2
    assert balance(store) == 2 * PRICES[5] + 5 + 100 - 60
    assert_sound(store, site)


def test_two_sites_of_an_account_never_spend_more_than_it_has(store: Store) -> None:
    sites = [make_waiting(store, 6, 3, slug=slug, tenths=40) for slug in ("one", "two")]
    tickets = [open_run(store, site, 6, 6) for site in sites]
    threads = [threading.Thread(target=drive, args=(ticket,)) for ticket in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    charged = [charged_tenths(store, site) for site in sites]
    assert sum(charged) == 40
    assert balance(store) == 0
    assert count(store, Image, Image.status == ImageStatus.GENERATED) == 4
    assert RunStatus.PAUSED in {find(store, ticket.run_id).status for ticket in tickets}
    assert_sound(store, sites[0])


def test_what_is_reserved_can_not_be_spent_by_another_site(store: Store) -> None:
    site = make_waiting(store, 6, 1, slug="one", tenths=10)
    other = make_waiting(store, 6, 1, slug="two")
    ticket, other_ticket = open_run(store, site, 6, 6), open_run(store, other, 6, 6)

    def meanwhile(_item: Item) -> None:
        drive(other_ticket)

    drive(ticket, Watched(STAGES[6], processing=meanwhile))
    assert find(store, other_ticket.run_id).status == RunStatus.PAUSED
    assert (charged_tenths(store, site), charged_tenths(store, other)) == (10, 0)


def test_work_that_was_paid_once_is_never_charged_again(store: Store) -> None:
    site = make_waiting(store, 6, 1)
    run_stages(store, site, 6, 6)
    with store.write() as session:
        # Whatever made it pending, it is the same attempt.
        session.scalars(select(Image)).one().status = ImageStatus.PENDING
    report = run_stages(store, site, 6, 6)[6]
    assert (report.done, report.credits_tenths) == (1, 0)
    assert count(store, CreditEntry, CreditEntry.kind == EntryKind.CHARGE) == 1
    assert_sound(store, site)
