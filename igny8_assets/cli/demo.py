"""The command `demo`: the sample site, from its keywords to a dozen drafts."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.automation.door import active_run
from igny8_assets.automation.sites import NewSite, add_site
from igny8_assets.cli.installation import OpenInstallation
from igny8_assets.cli.output import amount, say
from igny8_assets.cli.setup import initialise
from igny8_assets.errors import UserError
from igny8_assets.settings import Settings, load_settings
from igny8_assets.store.database import Store, open_store
from igny8_assets.store.models import Account, AutomationConfig, Content, Site, Task, TaskStatus
from igny8_assets.vocabulary import Granularity

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

DEMO_DRAFTS = 12
SETTLED_SECONDS = 3600.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help="Take the sample site through all seven stages; safe to repeat.")(demo)


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
            with store.write() as session:
                held = _hold_what_is_left(session, site)
            if held:
                say(
                    f"{amount(held, 'more task')} held: `igny8 tasks release {site.slug} --all` and "
                    f"`igny8 run {site.slug}` write them too."
                )
            done = export_drafts(store, settings, site)
            for line in done.missing:
                say(line)
            say(f"The drafts are in {done.target}")
            say(f"Next: `igny8 review list {site.slug}` shows what waits for you, `igny8 ui` opens all pages.")
    finally:
        store.close()
    raise typer.Exit(code)


def _demo_site(store: Store, settings: Settings) -> Site:
    """The sample site, with its keywords in the inbox and its texts limited to a dozen."""
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
            config = session.get_one(AutomationConfig, site.id)
            # A few hundred keywords make some twenty topics, which one can look through; each has texts of any intent.
            config.stage_4_cap, config.granularity, config.separate_intents = DEMO_DRAFTS, Granularity.TOPIC, False
        elif (site.name, site.domain) != (DEMO_SITE.name, DEMO_SITE.domain):
            raise UserError(
                f"there is a site {site.slug!r} that is not the sample; set IGNY8_HOME to another folder for the sample"
            )
        elif active_run(session, site) is None:
            _limit_texts(session, site)
    _drop_into_inbox(settings.inbox / site.slug, DEMO_SITE.keywords_file)
    return site


def _limit_texts(session: Session, site: Site) -> None:
    """A dozen texts in all, those of an earlier demo that was interrupted included."""
    config = session.get_one(AutomationConfig, site.id)
    written = session.scalar(select(func.count()).select_from(Content).where(Content.site_id == site.id)) or 0
    if config.stage_4_cap is None:
        # An earlier demo was completed; what the user does since is the user's.
        return
    if written < DEMO_DRAFTS:
        config.stage_4_cap = DEMO_DRAFTS - written
    else:
        _hold_what_is_left(session, site)


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


def _hold_what_is_left(session: Session, site: Site) -> int:
    """Hold the tasks beyond the demo's dozen, so that a repeated demo costs nothing, and say how many."""
    left = session.scalars(select(Task).where(Task.site_id == site.id, Task.status == TaskStatus.PENDING)).all()
    for task in left:
        task.status, task.held_reason = TaskStatus.HELD, f"beyond the demo's {DEMO_DRAFTS} texts"
    session.get_one(AutomationConfig, site.id).stage_4_cap = None
    return len(left)
