"""The connection to the database: SQLite or PostgreSQL, reading and writing transactions."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.settings import Settings
from igny8_assets.store import counters
from igny8_assets.store.writer import Writer

T = TypeVar("T")

BUSY_SECONDS = 60
"""How long a SQLite writer waits for another; the longest write is an import's."""

IDLE_SECONDS = 60
"""PostgreSQL rolls a writing transaction back whose process sends nothing for so long."""

CONNECTIONS = 15
"""The most that a process has to PostgreSQL. They are kept: to make one takes longer than most of what it is for."""


class Store:
    """A database and the two ways to use it.

    SQLite writes begin with BEGIN IMMEDIATE, so that a transaction that will write never reads a state that
    another is about to change; `write_soon` sends writes to one thread, so that a process never waits for itself.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _create_engine(url)
        self._reading = self.engine.execution_options(igny8_reads=True)
        self._writer = Writer()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one snapshot; what it changes is not kept."""
        with Session(self._reading, autoflush=False, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back by any exception."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            counters.watch(session)
            yield session

    async def write_soon(self, work: Callable[[Session], T], *, urgent: bool = False) -> T:
        """Run `work` in a writing transaction on the writer thread, and wait for it without blocking the loop.

        Args:
            urgent: it goes before whatever waits and is not.
        """

        def run() -> T:
            with self.write() as session:
                return work(session)

        return await asyncio.wrap_future(self._writer.submit(run, urgent=urgent))

    def now(self, session: Session) -> datetime:
        """The clock that leases go by: the server's with PostgreSQL, since its users may be many machines."""
        if self.is_sqlite:
            return datetime.now(UTC)
        moment: datetime = session.execute(text("select clock_timestamp()")).scalar_one()
        return moment.astimezone(UTC)

    def close(self) -> None:
        """Give back threads and connections."""
        self._writer.close()
        self.engine.dispose()


def _create_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):
        # Never repeat the address: it may hold a password.
        raise UserError(
            "IGNY8_DATABASE_URL is not a database address; write it like "
            "postgresql+psycopg2://user:password@host/name, an @ or : of the password as %40 or %3A"
        ) from None
    if "@" in (parsed.host or "") or "@" in (parsed.database or ""):
        raise UserError("IGNY8_DATABASE_URL has more than one @; write an @ of the password as %40")
    if backend == "postgresql":
        engine = create_engine(
            parsed,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={"application_name": "igny8"},
        )
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    if backend != "sqlite":
        raise UserError(
            f"IGNY8_DATABASE_URL names {backend!r}; use postgresql+psycopg2:// or leave it empty for SQLite"
        )
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late (before the first write); ours is sent by _begin_sqlite.
    connection.isolation_level = None
    _write_ahead(connection)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Keep a log beside the file; while another connection sets that up, SQLite may refuse instead of waiting."""
    ends = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("igny8_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get("igny8_reads", False):
        # A process that is stopped in the middle of a transaction would keep its site's lease from everyone.
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")


@contextmanager
def reaching(settings: Settings) -> Iterator[None]:
    """Turn what keeps a database from being reached or used into one line.

    Raises:
        UserError: names the database's place, without its password, and the reason.
    """
    try:
        yield
    except (DatabaseError, ModuleNotFoundError) as error:
        original = getattr(error, "orig", None) or error
        reason = (str(original).strip() or type(original).__name__).splitlines()[0]
        place = settings.folder / "igny8.db" if settings.database_url is None else "IGNY8_DATABASE_URL"
        raise UserError(f"the database ({place}) can't be reached or used: {reason}") from None


def open_store(settings: Settings) -> Store:
    """Open the installation's database, whose tables must be there and current.

    Raises:
        UserError: there is no database yet, it can't be reached, or its tables belong to another version.
    """
    from igny8_assets.store.schema import HEAD, current_version

    if settings.store_url.startswith("sqlite") and not (settings.folder / "igny8.db").exists():
        raise UserError(f"there is no igny8 database in {settings.folder}; run `igny8 init` first")
    store = Store(settings.store_url)
    try:
        with reaching(settings):
            version = current_version(store)
    except UserError:
        store.close()
        raise
    if version != HEAD:
        store.close()
        raise UserError(
            f"the database's tables are of version {version or 'none'}, this igny8 needs {HEAD}; run `igny8 init`"
        )
    return store
