"""The commands about sites: adding them, showing them, archiving and restoring them."""

from typing import Annotated, Any

import typer
from sqlalchemy import select

from igny8_assets.automation.sites import DEFAULT_ACCOUNT, NewSite, add_site, find_account, find_site, set_status
from igny8_assets.cli.arguments import SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, say, show_facts, show_rows
from igny8_assets.store.models import Site, SiteStatus

FIELDS = ("slug", "name", "domain", "language", "country", "time_zone", "brand_voice", "image_style")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Sites: what texts are written for.")
    noun.command("add", help="Add a site.")(add)
    noun.command("list", help="Show the sites.")(list_)
    noun.command("show", help="Show all that is known of a site.")(show)
    noun.command("archive", help="Stop working on a site; all of it is kept.")(archive)
    noun.command("restore", help="Work on an archived site again.")(restore)
    app.add_typer(noun, name="site")


def add(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Lower-case letters, digits and hyphens, e.g. my-shop.")],
    account: Annotated[str, typer.Option(help="The account that pays.")] = DEFAULT_ACCOUNT,
    name: Annotated[str | None, typer.Option(help="The site's name; without it, its slug.")] = None,
    domain: Annotated[str | None, typer.Option(help="Its domain, e.g. www.example.com.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of its texts, e.g. en or pt-BR.")] = None,
    country: Annotated[str | None, typer.Option(help="Market of keywords that name none, e.g. us.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Where its schedule is at home, e.g. Europe/Berlin.")] = None,
    brand_voice: Annotated[str | None, typer.Option(help="How its texts sound.")] = None,
    images: Annotated[int | None, typer.Option(help="Pictures per text beside the featured one, 0 to 9.")] = None,
    background: Annotated[str | None, typer.Option(help="Background of drawn pictures, e.g. #14323f.")] = None,
    accent: Annotated[str | None, typer.Option(help="Accent of drawn pictures, e.g. #f2a541.")] = None,
) -> None:
    """Add a site, and make it known to Dagster."""
    new = NewSite(
        slug=slug,
        name=name,
        domain=domain,
        language=language,
        country=country.lower() if country else country,
        time_zone=time_zone,
        brand_voice=brand_voice,
        colour_background=background,
        colour_accent=accent,
        in_article_images=images,
    )
    with open_installation() as installation:
        with installation.store.write() as session:
            add_site(session, find_account(session, account), new)
        from igny8_assets.dagster_home import dagster_instance
        from igny8_assets.partitions import add_site_partition

        with dagster_instance(installation.settings) as instance:
            add_site_partition(instance, slug)
        (installation.settings.inbox / slug).mkdir(parents=True, exist_ok=True)
    say(f"added site {slug}; `igny8 keywords import {slug} FILE` brings its keywords")


def list_(as_json: AsJson = False) -> None:
    """Show the sites."""
    with open_installation() as installation, installation.store.read() as session:
        rows = [
            {
                "site": site.slug,
                "name": site.name,
                "domain": site.domain,
                "account": site.account.name,
                "status": site.status.value,
            }
            for site in session.scalars(select(Site).order_by(Site.slug))
        ]
    show_rows(rows, as_json=as_json, empty="there are no sites; `igny8 site add SLUG` adds one")


def show(site: SiteArgument, as_json: AsJson = False) -> None:
    """Show a site."""
    with open_installation() as installation, installation.store.read() as session:
        row = find_site(session, site)
        facts: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
        facts |= {
            "in_article_images": row.in_article_images,
            "background": row.colour_background,
            "accent": row.colour_accent,
            "account": row.account.name,
            "status": row.status.value,
            "created_at": row.created_at,
        }
        inbox = installation.settings.inbox / row.slug
    show_facts({**facts, "inbox": str(inbox)}, as_json=as_json)


def archive(site: SiteArgument) -> None:
    """Archive a site."""
    _set(site, SiteStatus.ARCHIVED)


def restore(site: SiteArgument) -> None:
    """Restore a site."""
    _set(site, SiteStatus.ACTIVE)


def _set(slug: str, status: SiteStatus) -> None:
    with open_installation() as installation, installation.store.write() as session:
        changed = set_status(find_site(session, slug), status)
    say(f"site {slug} is {status.value}" + (" now" if changed else " already"))
