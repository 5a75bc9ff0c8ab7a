"""The commands about keys of the HTTP API and the page."""

from typing import Annotated

import typer
from sqlalchemy import select

from igny8_assets.automation.keys import add_key, revoke_key
from igny8_assets.automation.sites import DEFAULT_ACCOUNT, find_account, find_site
from igny8_assets.cli.arguments import LARGEST_ID
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, print_json, say, show_rows
from igny8_assets.store.models import ApiKey, KeyRole, Site


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Keys of the HTTP API and the page.")
    noun.command("add", help="Make a key and show it, this once.")(add)
    noun.command("list", help="Show the keys, without the keys themselves.")(list_)
    noun.command("revoke", help="End a key at once.")(revoke)
    app.add_typer(noun, name="key")


def add(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="Who uses it; recorded with what it decides.")],
    role: Annotated[
        KeyRole,
        typer.Option(help="viewer looks; editor also reviews and steers runs; admin also changes settings."),
    ] = KeyRole.VIEWER,
    account: Annotated[str, typer.Option(help="The account whose sites it is for.")] = DEFAULT_ACCOUNT,
    site: Annotated[list[str] | None, typer.Option(help="Only for this site; may be repeated.")] = None,
    unlimited: Annotated[bool, typer.Option("--unlimited", help="Do not limit its number of requests.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a key."""
    with open_installation() as installation, installation.store.write() as session:
        sites = [find_site(session, slug) for slug in site or []]
        made = add_key(session, find_account(session, account), label, role, sites, is_limited=not unlimited)
        number = made.row.id
    if as_json:
        print_json({"id": number, "key": made.secret, "role": role.value})
        return
    say(made.secret)
    say(f"key {number}, {role.value}; it is shown this once, `igny8 key revoke {number}` ends it")


def list_(as_json: AsJson = False) -> None:
    """Show keys."""
    with open_installation() as installation, installation.store.read() as session:
        slugs = {row.id: row.slug for row in session.execute(select(Site.id, Site.slug))}
        rows = [
            {
                "id": key.id,
                "label": key.label,
                "role": key.role.value,
                "account": key.account.name,
                "sites": [slugs[one.site_id] for one in key.sites] or "all",
                "limited": key.is_limited,
                "created": key.created_at,
                "revoked": key.revoked_at,
            }
            for key in session.scalars(select(ApiKey).order_by(ApiKey.id))
        ]
    show_rows(rows, as_json=as_json, empty="there are no keys; `igny8 key add LABEL` makes one")


def revoke(
    key: Annotated[int, typer.Argument(metavar="ID", min=1, max=LARGEST_ID, help="Its number.")],
) -> None:
    """End a key."""
    with open_installation() as installation, installation.store.write() as session:
        was_valid = revoke_key(session, key)
    say(f"key {key} is revoked" + ("" if was_valid else " already"))
