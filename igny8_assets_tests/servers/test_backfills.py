"""Sites and stages that are selected and materialized in the Dagster UI, beside what is due and what is queued."""

import json
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from igny8_assets.automation.sites import NewSite, add_account, add_site
from igny8_assets.jobs import ALL_ASSETS
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, Content, Image, ImageStatus, Site, utc_now
from igny8_assets_tests.pipeline.sites import configure, import_keywords, make_site
from igny8_assets_tests.servers.dagster_pages import (
    backfill,
    dagster_runs,
    ended_run,
    execute_again,
    failures,
    materialized_sites,
    runs_of_backfill,
    triggers,
    wait_for_sites,
)
from igny8_assets_tests.servers.igny8_process import igny8, running_ui, wait_for
from igny8_assets_tests.stages.camp import count

PICTURES = ("image_prompts", "images", "review_queue")


def history(slug: str, folder: Path) -> list[dict[str, Any]]:
    """A site's runs as the command shows them, the latest first."""
    runs: list[dict[str, Any]] = json.loads(igny8("history", slug, "--json", folder=folder))["runs"]
    return runs


def completed(slug: str, folder: Path) -> list[dict[str, Any]] | None:
    """A site's runs, once there are some and all are completed."""
    runs = history(slug, folder)
    return runs if runs and all(run["status"] == "completed" for run in runs) else None


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_sites_that_are_due_queued_and_backfilled_all_complete_and_everything_is_shown(
    store: Store, home: Path, tmp_path: Path
) -> None:
    sites = {slug: make_site(store, slug) for slug in ("due", "queued", "backfilled", "another")}
    for site in sites.values():
        import_keywords(store, site, tmp_path / "exports")
    configure(store, sites["due"], is_enabled=True, next_run_at=utc_now() - timedelta(minutes=1))
    with running_ui(tmp_path) as ui:
        igny8("run", "queued", "--queue", folder=tmp_path)
        wait_for_sites(ui, *sites)
        backfill_id = backfill(ui, ALL_ASSETS, ["backfilled", "another"])
        made = runs_of_backfill(ui, backfill_id, 2)
        told = {
            slug: wait_for(f"the end of {slug}", lambda slug=slug: completed(slug, tmp_path), ui.process)  # type: ignore[misc]
            for slug in sites
        }
        partitions, started = materialized_sites(ui), triggers(ui)
        runs = wait_for("all ends", lambda: _all_over(ui), ui.process)
        output = ui.end(signal.SIGTERM)
    assert {slug: [run["trigger"] for run in runs_of] for slug, runs_of in told.items()} == {
        "due": ["scheduled"],
        "queued": ["manual"],
        "backfilled": ["backfill"],
        "another": ["backfill"],
    }
    # One run per site; what carries a row of ours is linked there.
    assert sorted(run.site for run in runs) == sorted(sites)
    assert {run.status for run in runs} == {"SUCCESS"}
    assert {run.id for run in runs} == {one for runs_of in told.values() for one in runs_of[0]["dagster_run_ids"]}
    assert sorted(made) == ["another", "backfilled"]
    assert partitions == {name: set(sites) for name in ALL_ASSETS}
    scheduled, queued = ([run.id for run in runs if run.site == slug] for slug in ("due", "queued"))
    assert scheduled in [tick["runIds"] for tick in started["due_sites"]["ticks"]]
    assert queued in [tick["runIds"] for tick in started["queued_runs"]["ticks"]]
    for name, trigger in started.items():
        assert (trigger["status"], bool(trigger["description"])) == ("RUNNING", True), name
        assert [tick for tick in trigger["ticks"] if tick["status"] == "FAILURE"] == [], name
    assert output.splitlines()[-2:] == ["ending", "ended"]


def _all_over(ui: Any) -> Any:
    runs = dagster_runs(ui)
    return runs if all(run.is_over for run in runs) else None


def poisoned_site(store: Store) -> Site:
    """A site whose account's writer is off."""
    with store.write() as session:
        account = add_account(session, "poisoned")
        ledger.grant(session, account.id, 100_000, key="poisoned")
        account.writer_enabled = False
        return add_site(session, account, NewSite("poisoned", in_article_images=1))


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_poisoned_site_fails_alone_and_can_be_run_again_alone(store: Store, home: Path, tmp_path: Path) -> None:
    sites = [make_site(store, "first"), make_site(store, "last")]
    poisoned = poisoned_site(store)
    sites.insert(1, poisoned)
    for site in sites:
        import_keywords(store, site, tmp_path / "exports")
    with running_ui(tmp_path) as ui:
        wait_for_sites(ui, *(site.slug for site in sites))
        made = runs_of_backfill(ui, backfill(ui, ALL_ASSETS, [site.slug for site in sites]), 3)
        assert {slug: run.status for slug, run in made.items()} == {
            "first": "SUCCESS",
            "poisoned": "FAILURE",
            "last": "SUCCESS",
        }
        assert failures(ui, made["poisoned"].id) == {"keywords": "the writer of site 'poisoned''s account is off"}
        assert history("poisoned", tmp_path) == []
        with store.write() as session:
            session.get_one(Account, poisoned.account_id).writer_enabled = True
        again = ended_run(ui, execute_again(ui, made["poisoned"].id, "FROM_FAILURE"))
        assert again.status == "SUCCESS"
        assert [run["status"] for run in history("poisoned", tmp_path)] == ["completed"]
        # A run that went well and is executed again is a run of its own.
        assert ended_run(ui, execute_again(ui, made["first"].id, "ALL_STEPS")).status == "SUCCESS"
        later, earlier = history("first", tmp_path)
        assert (later["status"], earlier["status"]) == ("completed", "completed")
        assert later["run_id"] != earlier["run_id"]
        assert (later["total_credits_used"], earlier["total_credits_used"] > 0) == (0, True)
        ui.end(signal.SIGTERM)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_pictures_of_sites_that_lack_them_are_backfilled_alone(store: Store, home: Path, tmp_path: Path) -> None:
    sites = [make_site(store, "first"), make_site(store, "last")]
    for site in sites:
        import_keywords(store, site, tmp_path / "exports")
        igny8("run", site.slug, "--stages", "1-4", folder=tmp_path)
    assert count(store, Image) == 0
    with running_ui(tmp_path) as ui:
        wait_for_sites(ui, "first", "last")
        made = runs_of_backfill(ui, backfill(ui, PICTURES, ["first", "last"]), 2)
        assert {run.status for run in made.values()} == {"SUCCESS"}
        assert {run.assets for run in made.values()} == {frozenset(PICTURES)}
        for site in sites:
            latest = history(site.slug, tmp_path)[0]
            assert (latest["trigger"], latest["first_stage"], latest["status"]) == ("backfill", 5, "completed")
        ui.end(signal.SIGTERM)
    assert count(store, Image) == 2 * count(store, Content)
    assert count(store, Image, Image.status == ImageStatus.GENERATED) == count(store, Image)
