import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

import igny8_assets.store.migrations
from igny8_assets.store.database import Store
from igny8_assets.store.models import Base, Cluster, Keyword
from igny8_assets.store.schema import HEAD, current_version, upgrade
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.factories import assert_counters_are_true, make_cluster, make_idea, make_keyword, make_site
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


def downgrade(store: Store, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(igny8_assets.store.migrations.__file__).parent))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, version)


def test_clusters_are_kept_with_their_keywords_when_their_table_is_made_anew(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(store)
    with store.write() as session:
        site = make_site(session)
        cluster = make_cluster(session, site)
        make_idea(session, site, cluster=cluster, keywords=[make_keyword(session, site, cluster=cluster)])
    downgrade(store, "0005")
    upgrade(store)
    with store.write() as session:
        assert session.scalars(select(Keyword.cluster_id)).all() == [cluster.id]
        assert session.scalars(select(Cluster.name)).all() == [cluster.name]
        assert_counters_are_true(session, site)
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(delete(Cluster))
    store.close()


def test_reasons_are_kept_when_they_get_another_word(store: Store) -> None:
    with store.write() as session:
        site = make_site(session)
        for reason in (Reason.URLS, Reason.MODEL, None):
            make_keyword(session, site, f"tea {reason}", reason=reason)
    downgrade(store, "0006")
    upgrade(store)
    with store.write() as session:
        kept = {row.text: row.reason for row in session.execute(select(Keyword.text, Keyword.reason))}
        assert kept == {"tea urls": Reason.URLS, "tea model": None, "tea None": None}
        session.execute(update(Keyword).values(reason=Reason.MODEL))
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(text("update keyword set reason = 'chance'"))


def test_names_of_clusters_that_exist_are_compared_too(store: Store) -> None:
    with store.write() as session:
        cluster_id = make_cluster(session, make_site(session), name="Кофе  MILLS").id
    downgrade(store, "0009")
    upgrade(store)
    with store.read() as session:
        assert session.get_one(Cluster, cluster_id).name_compared == "кофе mills"
