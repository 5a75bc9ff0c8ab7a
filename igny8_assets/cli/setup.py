"""The commands that set up and start: `init`, `demo`, `ui`."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from igny8_assets.automation.sites import (
    DEFAULT_ACCOUNT,
    FIRST_GRANT_TENTHS,
    NewSite,
    add_account,
    add_site,
)
from igny8_assets.cli.installation import OpenInstallation, open_installation
from igny8_assets.cli.output import amount, say
from igny8_assets.errors import UserError
from igny8_assets.settings import Settings, load_settings
from igny8_assets.store import ledger
from igny8_assets.store.database import Store, open_store, reaching
from igny8_assets.store.models import Account, AutomationConfig, Site, Task, TaskStatus

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

DEMO_DRAFTS = 12
SETTLED_SECONDS = 3600.0


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init", help="Create the database and Dagster's home; safe to repeat.")(init)
    app.command("demo", help="Take the sample site through all seven stages; safe to repeat.")(demo)
    app.command("ui", help="Start the Dagster UI and its daemon; Ctrl-C ends both.")(ui)


def init() -> None:
    """Create what is missing."""
    settings = load_settings()
    created = initialise(settings)
    say(f"{'created' if created else 'ready'}: {settings.folder}")


def initialise(settings: Settings) -> bool:
    """Bring the tables up to date, write Dagster's configuration, and make the first account with its credits.

    Returns:
        Whether the first account was made by this call.
    """
    from sqlalchemy import select

    from igny8_assets.dagster_home import prepare_dagster_home
    from igny8_assets.store.schema import upgrade

    _make_folders(settings)
    store = Store(settings.store_url)
    try:
        with reaching(settings):
            upgrade(store)
        with store.write() as session:
            created = session.scalar(select(Account.id).limit(1)) is None
            if created:
                account = add_account(session, DEFAULT_ACCOUNT)
                ledger.grant(session, account.id, FIRST_GRANT_TENTHS, key=f"first:{account.id}", note="first credits")
    finally:
        store.close()
    prepare_dagster_home(settings)
    return created


def _make_folders(settings: Settings) -> None:
    try:
        for folder in (settings.inbox, settings.drafts, settings.logs, settings.dagster_home):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"IGNY8_HOME: {settings.folder} can't be made or written ({error.strerror}); name another folder"
        ) from None


def demo() -> None:
    """Set the sample site up, run it, and write its drafts out."""
    from igny8_assets.cli.running import run_here
    from igny8_assets.review.exporting.exports import export_drafts

    settings = load_settings()
    initialise(settings)
    store = open_store(settings)
    try:
        site = _demo_site(store, settings)
        code = run_here(OpenInstallation(settings, store), site.slug)
        if code == 0:
            _hold_what_is_left(store, site)
            done = export_drafts(store, settings, site)
            for line in done.missing:
                say(line)
            say(f"The drafts are in {done.target}")
            say(f"Next: `igny8 review list {site.slug}` shows what waits for you, `igny8 ui` opens Dagster's pages.")
    finally:
        store.close()
    raise typer.Exit(code)


def _demo_site(store: Store, settings: Settings) -> Site:
    """The sample site, with its keywords in the inbox and its texts limited to a dozen."""
    from sqlalchemy import select

    from igny8_assets.sample.demo_site import DEMO_SITE

    with store.write() as session:
        site = session.scalar(select(Site).where(Site.slug == DEMO_SITE.slug))
        if site is None:
            account = session.scalars(select(Account).order_by(Account.id).limit(1)).one()
            background, accent = DEMO_SITE.colours
            site = add_site(
                session,
                account,
                NewSite(
                    slug=DEMO_SITE.slug,
                    name=DEMO_SITE.name,
                    domain=DEMO_SITE.domain,
                    language=DEMO_SITE.language,
                    country=DEMO_SITE.country,
                    time_zone=DEMO_SITE.time_zone,
                    brand_voice=DEMO_SITE.brand_voice,
                    colour_background=background,
                    colour_accent=accent,
                ),
            )
            session.get_one(AutomationConfig, site.id).stage_4_cap = DEMO_DRAFTS
        elif (site.name, site.domain) != (DEMO_SITE.name, DEMO_SITE.domain):
            raise UserError(
                f"there is a site {site.slug!r} that is not the sample; set IGNY8_HOME to another folder for the sample"
            )
    _drop_into_inbox(settings.inbox / site.slug, DEMO_SITE.keywords_file)
    return site


def _drop_into_inbox(folder: Path, export: "Traversable") -> None:
    """Put the sample export where any export belongs; the run imports it, once by its content."""
    target = folder / export.name
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Hidden until it is whole, and dated back: nobody is still writing it.
    partial = folder / f".{export.name}"
    partial.write_bytes(export.read_bytes())
    os.utime(partial, (time.time() - SETTLED_SECONDS, time.time() - SETTLED_SECONDS))
    partial.replace(target)


def _hold_what_is_left(store: Store, site: Site) -> None:
    """Hold the tasks beyond the demo's dozen, so that a repeated demo costs nothing."""
    from sqlalchemy import select

    with store.write() as session:
        left = session.scalars(select(Task).where(Task.site_id == site.id, Task.status == TaskStatus.PENDING)).all()
        for task in left:
            task.status, task.held_reason = TaskStatus.HELD, f"beyond the demo's {DEMO_DRAFTS} texts"
        session.get_one(AutomationConfig, site.id).stage_4_cap = None
    if left:
        say(
            f"{amount(len(left), 'more task')} held: `igny8 tasks release {site.slug} --all` and "
            f"`igny8 run {site.slug}` write them too."
        )


def ui() -> None:
    """Start the webserver and the daemon, and keep them up."""
    from igny8_assets.dagster_home import dagster_instance, prepare_dagster_home
    from igny8_assets.supervisor import refuse_taken_port, supervise

    with open_installation() as installation:
        settings = installation.settings
    refuse_taken_port(settings.ui_port)
    with dagster_instance(settings):
        # Its tables are there before two processes want them.
        variables = prepare_dagster_home(settings)
    supervise(settings, variables)
