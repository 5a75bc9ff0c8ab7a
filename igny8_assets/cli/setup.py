"""The commands that set up and start: `init`, `ui`, `serve`."""

import typer

from igny8_assets.automation.sites import DEFAULT_ACCOUNT, FIRST_GRANT_TENTHS, add_account
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import say
from igny8_assets.errors import UserError
from igny8_assets.settings import Settings, load_settings
from igny8_assets.store import ledger
from igny8_assets.store.database import Store, open_store, reaching
from igny8_assets.store.models import Account


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init", help="Create the database and Dagster's home; safe to repeat.")(init)
    app.command("ui", help="Start the Dagster UI with its daemon, and the page; Ctrl-C ends all.")(ui)
    app.command("serve", help="Start the page and the HTTP API alone; Ctrl-C ends them.")(serve)


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


def ui() -> None:
    """Start the webservers and the daemon, and keep them up."""
    from igny8_assets.dagster_home import dagster_instance, prepare_dagster_home
    from igny8_assets.supervisor import HOST, refuse_taken_port, supervise

    with open_installation() as installation:
        settings = installation.settings
    refuse_taken_port(HOST, settings.ui_port, "IGNY8_UI_PORT")
    refuse_taken_port(settings.web_host, settings.web_port, "IGNY8_WEB_PORT")
    with dagster_instance(settings):
        # Its tables are there before two processes want them.
        variables = prepare_dagster_home(settings)
    supervise(settings, variables)


def serve() -> None:
    """Start the web server and keep it up."""
    from igny8_assets.supervisor import address_of_page, who_reaches
    from igny8_assets.web.serving import listening_at, run, server_of

    settings = load_settings()
    store = open_store(settings)
    try:
        with listening_at(settings) as listening:
            say(f"Page: {address_of_page(settings)} ({who_reaches(settings)})")
            say("runs are launched by the daemon of `igny8 ui`; Ctrl-C ends this")
            run(server_of(settings, store), listening)
    finally:
        store.close()
