"""The commands that set up and start: `init`, `ui`."""

import typer

from igny8_assets.automation.sites import DEFAULT_ACCOUNT, FIRST_GRANT_TENTHS, add_account
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import say
from igny8_assets.errors import UserError
from igny8_assets.settings import Settings, load_settings
from igny8_assets.store import ledger
from igny8_assets.store.database import Store, reaching
from igny8_assets.store.models import Account


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init", help="Create the database and Dagster's home; safe to repeat.")(init)
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
