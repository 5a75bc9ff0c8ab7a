"""What a whole run of a site shows in Dagster, on both kinds of storage."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from dagster import MetadataValue
from sqlalchemy import inspect, make_url, select

from igny8_assets.jobs import ALL_ASSETS
from igny8_assets.settings import Settings, load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, Content, Image, RunStatus, Trigger
from igny8_assets_tests.assets.dagster_runs import materialized, metadata_of, open_instance, run_job
from igny8_assets_tests.pipeline.sites import import_keywords, make_site
from igny8_assets_tests.servers.databases import fresh_database

LONGEST_METADATA = 16_000
"""Characters of all the metadata of a materialization: a page loads dozens of them."""


@dataclass(frozen=True)
class WholeRun:
    """A finished run of `site_pipeline` and what it left."""

    kind: str
    settings: Settings
    dagster_success: bool
    made: list[str]
    metadata: dict[str, dict[str, Any]]
    shown: dict[str, str]
    checks: dict[str, bool]
    run: AutomationRun
    texts: list[str]
    prompts: list[str]
    tables: set[str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def whole_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeRun]:
    """One run, which all tests of this file look at."""
    home = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as monkeypatch, fresh_database(request.param, home) as url:
        monkeypatch.setenv("IGNY8_HOME", str(home))
        if request.param == "postgresql":
            monkeypatch.setenv("IGNY8_DATABASE_URL", _with_password(url))
        store = Store(url)
        site = make_site(store, images=1)
        import_keywords(store, site, home / "exports")
        with open_instance(monkeypatch) as instance:
            result = run_job(instance, site.slug)
            shown = {
                event.asset_key.to_user_string(): str(
                    {name: _as_shown(value) for name, value in event.materialization.metadata.items()}
                )
                for event in result.get_asset_materialization_events()
                if event.asset_key
            }
        with store.read() as session:
            yield WholeRun(
                kind=request.param,
                settings=load_settings(),
                dagster_success=result.success,
                made=materialized(result),
                metadata={name: metadata_of(result, name) for name in ALL_ASSETS},
                shown=shown,
                checks={one.check_name: one.passed for one in result.get_asset_check_evaluations()},
                run=session.scalars(select(AutomationRun)).one(),
                texts=list(session.scalars(select(Content.html))),
                prompts=list(session.scalars(select(Image.prompt))),
                tables=set(inspect(store.engine).get_table_names()),
            )
        store.close()


def _with_password(url: str) -> str:
    # The embedded server trusts everybody, so any password is let in.
    return make_url(url).set(password="hush-hush").render_as_string(hide_password=False)


def _as_shown(value: MetadataValue[Any]) -> str:
    return str(value.value)


def test_every_asset_is_materialized_once_and_in_order(whole_run: WholeRun) -> None:
    assert whole_run.dagster_success
    assert whole_run.made == list(ALL_ASSETS)


def test_the_run_is_completed_and_says_that_a_person_started_it(whole_run: WholeRun) -> None:
    assert (whole_run.run.status, whole_run.run.trigger) == (RunStatus.COMPLETED, Trigger.MANUAL)
    assert whole_run.run.completed_at


def test_every_check_passes(whole_run: WholeRun) -> None:
    assert len(whole_run.checks) == 7
    assert all(whole_run.checks.values()), whole_run.checks


@pytest.mark.parametrize("asset", ALL_ASSETS[1:])
def test_each_stage_tells_counts_credits_tokens_and_what_is_pending(whole_run: WholeRun, asset: str) -> None:
    metadata = whole_run.metadata[asset]
    assert metadata["failed"] == 0
    assert metadata["pending"] == (0 if asset != "review_queue" else metadata["content_ready_for_review"])
    assert metadata["seconds"] >= 0
    assert metadata["run_id"] == whole_run.run.id
    assert metadata["dagster/row_count"] > 0
    if asset in ("tasks", "review_queue"):
        assert metadata["credits"] == 0
    else:
        assert metadata["credits"] > 0


def test_what_the_stages_tell_of_credits_adds_up_to_the_run(whole_run: WholeRun) -> None:
    told = sum(whole_run.metadata[asset]["credits"] for asset in ALL_ASSETS[1:])
    assert round(told * 10) == whole_run.run.total_credits_tenths


@pytest.mark.parametrize("asset", ALL_ASSETS[1:])
def test_each_stage_shows_a_table_of_what_it_made(whole_run: WholeRun, asset: str) -> None:
    records = whole_run.metadata[asset]["made"].records
    assert 1 <= len(records) <= 20
    assert all(record.data for record in records)


def test_the_keywords_show_how_they_stand(whole_run: WholeRun) -> None:
    metadata = whole_run.metadata["keywords"]
    assert metadata["dagster/row_count"] == metadata["keywords_new"] == 17
    assert metadata["most_searched"].records[0].data["keyword"] == "family tent"


def test_a_draft_is_shown_by_its_beginning_alone(whole_run: WholeRun) -> None:
    preview = whole_run.metadata["content"]["preview"]
    assert preview.startswith("**")
    assert 300 < len(preview) < 1000


def test_clusters_show_their_map(whole_run: WholeRun) -> None:
    assert "](data:image/webp;base64," in whole_run.metadata["clusters"]["preview"]


def test_a_picture_is_shown_as_a_thumbnail_inside_the_page(whole_run: WholeRun) -> None:
    preview = whole_run.metadata["images"]["preview"]
    assert "](data:image/webp;base64," in preview
    assert 500 < len(preview) < 12_000


def test_no_materialization_carries_a_whole_text_or_a_prompt(whole_run: WholeRun) -> None:
    assert whole_run.texts
    assert whole_run.prompts
    for shown in whole_run.shown.values():
        assert len(shown) < LONGEST_METADATA
        assert not any(text in shown for text in whole_run.texts)
        assert not any(prompt in shown for prompt in whole_run.prompts)


def test_dagster_keeps_its_records_where_ours_are(whole_run: WholeRun) -> None:
    written = yaml.safe_load((whole_run.settings.dagster_home / "dagster.yaml").read_text())
    if whole_run.kind == "sqlite":
        assert written["storage"] == {"sqlite": {"base_dir": {"env": "DAGSTER_HOME"}}}
        assert (whole_run.settings.dagster_home / "history" / "runs.db").exists()
    else:
        assert written["storage"] == {"postgres": {"postgres_url": {"env": "IGNY8_DAGSTER_URL"}}}
        assert {"runs", "event_logs", "automation_run"} <= whole_run.tables


def test_no_password_is_written_to_dagsters_home(whole_run: WholeRun) -> None:
    for path in whole_run.settings.dagster_home.rglob("*.yaml"):
        assert "hush-hush" not in path.read_text()
