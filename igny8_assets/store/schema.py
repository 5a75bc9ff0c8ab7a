"""The tables: bringing them to the present version, and saying which version they are of."""

from pathlib import Path

from sqlalchemy import inspect, text

from igny8_assets.store.database import Store

HEAD = "0012"
"""The newest migration; a test holds it to the files in migrations/versions."""

MIGRATION_LOCK = 49384
"""An arbitrary number that names the lock under which PostgreSQL is migrated."""


def current_version(store: Store) -> str | None:
    """The version of the tables, or nothing when there are none."""
    with store.read() as session:
        if not inspect(session.connection()).has_table("igny8_version"):
            return None
        version: str | None = session.execute(text("select version_num from igny8_version")).scalar_one_or_none()
        return version


def upgrade(store: Store) -> None:
    """Create the tables or bring them to the present version; two at once wait for each other."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with store.engine.begin() as connection:
        if not store.is_sqlite:
            connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
