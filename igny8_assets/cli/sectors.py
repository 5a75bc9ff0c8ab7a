"""The commands about sectors: the topical areas of a site."""

from typing import Annotated

import typer
from sqlalchemy import select

from igny8_assets.automation.sites import add_sector, find_site
from igny8_assets.cli.arguments import SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, say, show_rows
from igny8_assets.store.models import Sector


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Sectors: the topical areas of a site.")
    noun.command("add", help="Add a sector to a site.")(add)
    noun.command("list", help="Show a site's sectors.")(list_)
    app.add_typer(noun, name="sector")


def add(site: SiteArgument, name: Annotated[str, typer.Argument(metavar="NAME", help="The sector's name.")]) -> None:
    """Add a sector."""
    with open_installation() as installation, installation.store.write() as session:
        sector = add_sector(session, find_site(session, site), name)
    say(f"added sector {sector.name} to {site}; `igny8 keywords import {site} FILE --sector NAME` imports into it")


def list_(site: SiteArgument, as_json: AsJson = False) -> None:
    """Show the sectors."""
    with open_installation() as installation, installation.store.read() as session:
        site_id = find_site(session, site).id
        rows = [
            {"sector": sector.name, "default": sector.is_default}
            for sector in session.scalars(select(Sector).where(Sector.site_id == site_id).order_by(Sector.id))
        ]
    show_rows(rows, as_json=as_json, empty=f"{site} has no sectors")
