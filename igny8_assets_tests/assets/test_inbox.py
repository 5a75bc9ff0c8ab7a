"""What the asset `keywords` does with a site's inbox, and how an import by the command line is shown."""

import os
import time
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import select

from igny8_assets.assets.importing import import_metadata
from igny8_assets.launch import report_import
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Keyword, KeywordFile, RunStatus, Site
from igny8_assets_tests.assets.dagster_runs import materialized, metadata_of, run_job
from igny8_assets_tests.pipeline.sites import import_keywords, make_site

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def site(store: Store) -> Site:
    """A site without keywords."""
    return make_site(store)


@pytest.fixture
def inbox(site: Site) -> Path:
    """The site's inbox."""
    folder = load_settings().inbox / site.slug
    folder.mkdir(parents=True)
    return folder


def put(path: Path, text: str, *, age: float = 60.0) -> None:
    """A file that nobody has changed for so many seconds."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - age,) * 2)


def imported(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(KeywordFile.name).order_by(KeywordFile.id)))


def test_settled_files_are_imported_and_told(
    store: Store, site: Site, inbox: Path, instance: dg.DagsterInstance
) -> None:
    put(inbox / "one.csv", "Keyword,Volume\nfamily tent,900\ncamping stove,800\n")
    put(inbox / "two.csv", "Keyword,Volume\nfamily tent,900\nhiking boots,many\nwool socks,70\n")
    metadata = metadata_of(run_job(instance, site.slug, assets=["keywords"]), "keywords")
    assert imported(store) == ["one.csv", "two.csv"]
    assert (metadata["files"], metadata["rows"]) == (2, 5)
    assert metadata["rows"] == metadata["new"] + metadata["merged"] + metadata["rejected"]
    assert metadata["dagster/row_count"] == metadata["keywords_new"] == metadata["new"]


def test_a_file_is_imported_once_by_its_content(
    store: Store, site: Site, inbox: Path, instance: dg.DagsterInstance
) -> None:
    put(inbox / "one.csv", "keyword\nfamily tent\n")
    run_job(instance, site.slug, assets=["keywords"])
    put(inbox / "the-same-again.csv", "keyword\nfamily tent\n")
    metadata = metadata_of(run_job(instance, site.slug, assets=["keywords"]), "keywords")
    assert imported(store) == ["one.csv"]
    assert (metadata["files"], metadata["rows"], metadata["new"]) == (0, 0, 0)
    assert metadata["dagster/row_count"] == 1


def test_what_is_unsettled_hidden_or_a_folder_is_left(
    store: Store, site: Site, inbox: Path, instance: dg.DagsterInstance
) -> None:
    put(inbox / "growing.csv", "keyword\nfamily tent\n", age=0)
    put(inbox / ".hidden.csv", "keyword\ncamping stove\n")
    (inbox / "folder.csv").mkdir()
    result = run_job(instance, site.slug, assets=["keywords"])
    assert result.success
    assert imported(store) == []


def test_a_file_that_cannot_be_read_is_named_and_stops_nothing(
    store: Store, site: Site, inbox: Path, instance: dg.DagsterInstance
) -> None:
    put(inbox / "a-letter.csv", "Dear Sir,\0")
    put(inbox / "good.csv", "keyword\nfamily tent\n")
    result = run_job(instance, site.slug)
    assert result.success
    assert len(materialized(result)) == 8
    refused = metadata_of(result, "keywords")["refused"].records
    assert [record.data["file"] for record in refused] == ["a-letter.csv"]
    assert "a-letter.csv" in str(refused[0].data["reason"])
    assert imported(store) == ["good.csv"]
    with store.read() as session:
        assert session.scalars(select(AutomationRun.status)).one() == RunStatus.COMPLETED


def test_the_inbox_of_another_site_is_left(store: Store, site: Site, inbox: Path, instance: dg.DagsterInstance) -> None:
    other = make_site(store, "other")
    put(inbox / "one.csv", "keyword\nfamily tent\n")
    run_job(instance, other.slug, assets=["keywords"])
    assert imported(store) == []


def test_a_run_clusters_what_its_import_brought(
    store: Store, site: Site, inbox: Path, instance: dg.DagsterInstance
) -> None:
    put(inbox / "one.csv", "keyword\nfamily tent\nbest family tent\n")
    run_job(instance, site.slug, job="planning")
    with store.read() as session:
        assert {row.status.value for row in session.scalars(select(Keyword))} == {"mapped"}


def test_an_import_by_the_command_line_is_shown_as_a_materialization(
    store: Store, site: Site, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    summary = import_keywords(store, site, tmp_path / "exports")
    report_import(instance, site.slug, import_metadata(store, site.id, [summary], []))
    event = instance.get_latest_materialization_event(dg.AssetKey("keywords"))
    assert event is not None
    assert event.run_id == ""
    shown = event.asset_materialization
    assert shown is not None
    assert shown.partition == site.slug
    assert shown.metadata["new"].value == summary.new == 17
    assert instance.get_dynamic_partitions("site") == [site.slug]
