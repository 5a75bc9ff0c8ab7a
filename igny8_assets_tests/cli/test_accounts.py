"""Accounts and credits on the command line."""

from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.cli.accounts import as_credits, parse_credits
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_account

NO_CREDITS = ["0", "1.25", "nan", "inf", "1e3", "abc", "", "1,5", "٣", "9" * 16, "999999999999999", "1.", ".5"]


def test_an_account_is_added_and_listed_without_credits(igny8: Igny8) -> None:
    assert igny8("account", "add", "Agency Ltd").code == 0
    assert igny8("account", "list", "--json").json == [
        {
            "account": "Agency Ltd",
            "credits": 0.0,
            "sites": 0,
            "writer_enabled": True,
            "daily_credits_cap": None,
            "daily_usd_cap": None,
        }
    ]


def test_a_grant_of_one_decimal_is_exact(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        account = make_account(session, tenths=0)
    for _ in range(3):
        assert igny8("account", "grant", "default", "0.1").code == 0
    with store.read() as session:
        assert ledger.balance(session, account.id) == ledger.sum_of_entries(session, account.id) == 3


def test_the_same_key_gives_once(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        account = make_account(session, tenths=0)
    first = igny8("account", "grant", "default", "5", "--key", "invoice 7")
    second = igny8("account", "grant", "default", "5", "--key", "invoice 7")
    assert (first.code, second.code) == (0, 0)
    assert "nothing was given" in second.out
    with store.read() as session:
        assert ledger.balance(session, account.id) == 50


def test_a_key_that_gave_something_else_is_refused(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        make_account(session, tenths=0)
        make_account(session, "another", tenths=0)
    assert igny8("account", "grant", "default", "5", "--key", "invoice 7").code == 0
    assert_refused(igny8("account", "grant", "default", "50", "--key", "invoice 7"), "'invoice 7'")
    assert_refused(igny8("account", "grant", "another", "5", "--key", "invoice 7"), "'invoice 7'")


def test_what_are_no_credits_is_refused_and_nothing_given(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        account = make_account(session, tenths=0)
    for amount in NO_CREDITS:
        assert_refused(igny8("account", "grant", "default", amount))
    with store.read() as session:
        assert ledger.balance(session, account.id) == 0


def test_what_is_no_amount_is_told_in_words(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        make_account(session)
    for option, words in (
        ("--credits", "credits; write a number with at most 1 decimal, or none"),
        ("--usd", "dollars; write a number with at most 6 decimals, or none"),
    ):
        assert_refused(igny8("account", "cap", "default", option, "abc"), f"'abc' is not an amount of {words}")
    assert_refused(
        igny8("account", "grant", "default", "abc"), "'abc' is not an amount of credits; write a number with"
    )


def test_a_negative_grant_is_refused(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        make_account(session)
    assert_refused(igny8("account", "grant", "default", "--", "-5"))


def test_a_name_that_is_taken_or_unfit_is_refused(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        make_account(session)
    for name in ("", "default", "x" * 81, "a\tb"):
        assert_refused(igny8("account", "add", name))


def test_an_account_that_does_not_exist_gets_nothing(igny8: Igny8) -> None:
    assert_refused(igny8("account", "grant", "nobody", "5"), "no account 'nobody'")


@given(st.integers(1, 10**15))
def test_credits_read_as_they_are_shown(tenths: int) -> None:
    assert parse_credits(f"{as_credits(tenths):.1f}") == tenths
