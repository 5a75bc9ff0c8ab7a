"""The commands about pages: what a site already has on the web."""

from typing import Annotated

import typer
from sqlalchemy import select

from igny8_assets.automation.sites import find_site, known_domain
from igny8_assets.cli.arguments import ItemNumbers, Limit, SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, amount, say, show_rows
from igny8_assets.errors import UserError
from igny8_assets.keywords.normalising import shown
from igny8_assets.pages.keeping import keep_pages, remove_pages
from igny8_assets.pages.reading import Found, read_pages
from igny8_assets.store.models import Page

MOST_REJECTED_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(
        no_args_is_help=True, help="Pages: what a site has already; no text is paid for that would double one."
    )
    noun.command("import", help="Import pages from a sitemap, a list of addresses or a CSV file.")(import_)
    noun.command("list", help="Show a site's pages.")(list_)
    noun.command("remove", help="Forget pages.")(remove)
    app.add_typer(noun, name="pages")


def import_(
    site: SiteArgument,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A sitemap, addresses line by line, or a CSV with a url column: file or http(s) address.",
        ),
    ],
) -> None:
    """Import pages."""
    with open_installation() as installation:
        with installation.store.read() as session:
            row = find_site(session, site)
            domain, name = known_domain(row) or "", row.name
        # Read before the transaction, so that a slow server holds nobody back.
        found = read_pages(source, domain=domain, site_name=name)
        _show_rejected(found)
        if not found.pages:
            raise UserError(f"{shown(source)} has no page of {site}; {_hint(found, domain)}")
        with installation.store.write() as session:
            kept = keep_pages(session, find_site(session, site), found.pages)
    say(
        f"{amount(kept.new, 'new page')}, {kept.changed:,} changed, {kept.known:,} known already, "
        f"{len(found.rejected):,} rejected" + (f", {found.repeated:,} repeated" if found.repeated else "")
    )


def list_(site: SiteArgument, limit: Limit = 100, as_json: AsJson = False) -> None:
    """Show pages."""
    with open_installation() as installation, installation.store.read() as session:
        wanted = select(Page).where(Page.site_id == find_site(session, site).id).order_by(Page.id).limit(limit)
        rows = [
            {"id": page.id, "url": page.url, "title": page.title, "keyphrase": page.keyphrase}
            for page in session.scalars(wanted)
        ]
    show_rows(rows, as_json=as_json, empty=f"{site} has no pages; `igny8 pages import {site} SITEMAP` imports them")


def remove(site: SiteArgument, ids: ItemNumbers) -> None:
    """Remove pages."""
    with open_installation() as installation, installation.store.write() as session:
        removed = remove_pages(session, find_site(session, site), ids)
    say(f"{amount(removed, 'page')} removed")


def _show_rejected(found: Found) -> None:
    for reason in found.rejected[:MOST_REJECTED_SHOWN]:
        say(reason)
    if len(found.rejected) > MOST_REJECTED_SHOWN:
        say(f"… and {amount(len(found.rejected) - MOST_REJECTED_SHOWN, 'more row')}; mend these, and the rest is named")


def _hint(found: Found, domain: str) -> str:
    if not found.rejected:
        return "it names no address at all; look at it in a browser or an editor"
    if found.elsewhere == len(found.rejected):
        return f"all its addresses are elsewhere than on the site's domain {domain}; `igny8 site add --domain` sets it"
    return f"{amount(len(found.rejected), 'row')} of it can't be read as addresses{f' on {domain}' if domain else ''}"
