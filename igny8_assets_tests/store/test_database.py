"""Opening a database that others use."""

import sqlite3
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import event, text

from igny8_assets.store.database import CONNECTIONS, Store


def test_a_file_that_another_process_is_just_setting_up_is_waited_for(tmp_path: Path) -> None:
    place = tmp_path / "new.db"
    other = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE first (id INTEGER)")
    committing = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    committing.start()
    store = Store(f"sqlite:///{place}")
    with store.write() as session:
        session.execute(text("INSERT INTO first VALUES (1)"))
    committing.join()
    store.close()
    assert other.execute("SELECT id FROM first").fetchall() == [(1,)]
    other.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connections_that_were_used_at_once_are_used_again(store: Store) -> None:
    made: list[object] = []
    event.listen(store.engine, "connect", lambda connection, _record: made.append(connection))
    for _ in range(3):
        with ExitStack() as at_once:
            for _ in range(CONNECTIONS):
                at_once.enter_context(store.read()).execute(text("SELECT 1"))
    assert len(made) == CONNECTIONS
