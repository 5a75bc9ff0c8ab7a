"""The commands about accounts: who pays, and with what."""

import re
import uuid
from decimal import Decimal
from typing import Annotated

import typer
from sqlalchemy import func, select

from igny8_assets.automation.sites import add_account, find_account
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, amount, say, show_rows
from igny8_assets.errors import UserError
from igny8_assets.store import ledger
from igny8_assets.store.amounts import credits_from, pico_from, tenths_from, usd_from, usd_text
from igny8_assets.store.models import Account, Site

LONGEST_KEY = 200

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Accounts: who pays.")
    noun.command("add", help="Add an account without credits.")(add)
    noun.command("list", help="Show the accounts with their balances.")(list_)
    noun.command("grant", help="Give an account credits.")(grant)
    noun.command("cap", help="Bound what an account's sites spend together in a day.")(cap)
    app.add_typer(noun, name="account")


def add(name: NameArgument) -> None:
    """Add an account."""
    with open_installation() as installation, installation.store.write() as session:
        account = add_account(session, name)
    say(f"added account {account.name}; `igny8 account grant {account.name} CREDITS` gives it credits")


def list_(as_json: AsJson = False) -> None:
    """Show the accounts."""
    with open_installation() as installation, installation.store.read() as session:
        counted = session.execute(select(Site.account_id, func.count()).group_by(Site.account_id))
        sites = {row[0]: row[1] for row in counted}
        rows = [
            {
                "account": account.name,
                "credits": as_credits(account.balance_tenths),
                "sites": sites.get(account.id, 0),
                "writer_enabled": account.writer_enabled,
                "daily_credits_cap": credits_from(account.daily_credits_cap_tenths),
                "daily_usd_cap": usd_from(account.daily_usd_cap_pico),
            }
            for account in session.scalars(select(Account).order_by(Account.id))
        ]
    show_rows(rows, as_json=as_json, empty="there are no accounts; `igny8 account add NAME` adds one")


def grant(
    name: NameArgument,
    amount: Annotated[str, typer.Argument(metavar="CREDITS", help="How many, with one decimal at most.")],
    key: Annotated[str | None, typer.Option(help="The same key gives once, however often it is repeated.")] = None,
) -> None:
    """Give an account credits."""
    tenths = parse_credits(amount)
    if key is not None and not (1 <= len(key) <= LONGEST_KEY and key.isprintable()):
        raise UserError(f"a key has 1 to {LONGEST_KEY} printable characters")
    with open_installation() as installation, installation.store.write() as session:
        account = find_account(session, name)
        given = ledger.grant(session, account.id, tenths, key=key or str(uuid.uuid4()))
        balance = as_credits(ledger.balance(session, account.id))
    if given:
        say(f"account {name} got {as_credits(tenths):,.1f} credits and has {balance:,.1f} now")
    else:
        say(f"the key {key} was used before, so nothing was given; account {name} has {balance:,.1f} credits")


def cap(
    name: NameArgument,
    credits_cap: Annotated[str | None, typer.Option("--credits", help="Credits a UTC day, or `none`.")] = None,
    usd_cap: Annotated[str | None, typer.Option("--usd", help="Dollars a UTC day, or `none`.")] = None,
) -> None:
    """Set or take away caps; a run that reaches one pauses."""
    if credits_cap is None and usd_cap is None:
        raise UserError("say what to cap: --credits AMOUNT, --usd AMOUNT, or `none` in place of an amount")
    with open_installation() as installation, installation.store.write() as session:
        account = find_account(session, name)
        if credits_cap is not None:
            account.daily_credits_cap_tenths = tenths_from(_amount(credits_cap, 1, "credits"))
        if usd_cap is not None:
            account.daily_usd_cap_pico = pico_from(_amount(usd_cap, 6, "dollars"))
        in_credits, in_usd = account.daily_credits_cap_tenths, account.daily_usd_cap_pico
    words = [f"{in_credits / 10:,.1f} credits"] if in_credits is not None else []
    words += [usd_text(in_usd)] if in_usd is not None else []
    say(f"account {name} may spend {' and '.join(words)} a day" if words else f"account {name} has no daily cap")


def _amount(text: str, decimals: int, what: str) -> Decimal | None:
    if text.strip() == "none":
        return None
    if not re.fullmatch(rf"[0-9]{{1,9}}(\.[0-9]{{1,{decimals}}})?", text.strip(), re.ASCII):
        places = amount(decimals, "decimal")
        raise UserError(f"{text!r} is not an amount of {what}; write a number with at most {places}, or none")
    return Decimal(text.strip())


def parse_credits(text: str) -> int:
    """Credits as a person writes them, in tenths.

    Raises:
        UserError: it is not a number above 0 with at most one decimal.
    """
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9])?", text.strip(), re.ASCII):
        raise UserError(
            f"{text!r} is not an amount of credits; write a number with one decimal at most, e.g. 250 or 12.5"
        )
    return int(Decimal(text.strip()) * 10)


def as_credits(tenths: int) -> Decimal:
    """Tenths as credits with one decimal."""
    return Decimal(tenths) / 10
