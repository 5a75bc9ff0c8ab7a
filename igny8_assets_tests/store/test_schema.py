import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import igny8_assets.store.migrations
from igny8_assets.store.database import Store
from igny8_assets.store.models import Base
from igny8_assets.store.schema import HEAD, current_version, upgrade
from igny8_assets_tests.servers.databases import empty_postgres


def test_the_migrations_end_in_the_tables_that_the_models_describe(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "version_table": "igny8_version"})
        assert compare_metadata(context, Base.metadata) == []


def test_the_named_head_is_the_newest_migration() -> None:
    folder = Path(igny8_assets.store.migrations.__file__).parent
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    upgrade(store)
    assert current_version(store) == HEAD


def test_two_processes_that_create_the_tables_at_once_both_succeed(tmp_path: Path) -> None:
    program = (
        "import sys; from igny8_assets.store.database import Store; from igny8_assets.store.schema import upgrade;"
        "store = Store(sys.argv[1]); upgrade(store); store.close()"
    )
    with empty_postgres() as postgres:
        for url in (f"sqlite:///{tmp_path / 'new.db'}", postgres):
            processes = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(2)]
            assert [process.wait(timeout=60) for process in processes] == [0, 0]
            store = Store(url)
            assert current_version(store) == HEAD
            store.close()
