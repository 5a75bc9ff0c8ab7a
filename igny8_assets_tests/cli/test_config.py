"""Automation settings on the command line."""

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_cluster

MEANINGLESS = [
    "stage_4_batch_size=-1",
    "stage_4_batch_size=0",
    "stage_4_batch_size=999999999999999999999",
    "stage_4_cap=999999999999999999999",
    "reopen_after=1.5",
    "colour=red",
    "next_run_at=now",
    "is_enabled",
    "=5",
    "frequency=hourly",
    "scheduled_time=25:00",
    "weekday=7",
    "stop_after_stage=8",
]


def test_settings_are_changed_and_shown(igny8: Igny8, site: Site) -> None:
    changed = igny8("config", "set", "shop", "stage_4_batch_size=2", "ideas_per_cluster=4", "--json")
    assert changed.json == {"stage_4_batch_size": 2, "ideas_per_cluster": 4}
    assert igny8("config", "get", "shop", "--json").json["stage_4_batch_size"] == 2


def test_a_changed_schedule_says_when_the_site_is_due_next(igny8: Igny8, site: Site) -> None:
    never = igny8("config", "get", "shop", "--json").json
    assert (never["last_run_at"], never["next_run_at"]) == (None, None)
    changed = igny8("config", "set", "shop", "is_enabled=true", "scheduled_time=03:30", "--json").json
    assert changed["next_run_at"].endswith("T03:30:00+00:00")
    assert igny8("config", "get", "shop", "--json").json["next_run_at"] == changed["next_run_at"]
    assert igny8("config", "set", "shop", "is_enabled=false", "--json").json["next_run_at"] is None


def test_a_cap_is_set_and_taken_away(igny8: Igny8, site: Site) -> None:
    igny8("config", "set", "shop", "stage_4_cap=12")
    assert igny8("config", "get", "shop", "--json").json["stage_4_cap"] == 12
    igny8("config", "set", "shop", "stage_4_cap=none")
    assert igny8("config", "get", "shop", "--json").json["stage_4_cap"] is None


@pytest.mark.parametrize("change", ["granularity=topic", "separate_intents=false", "shared_urls=3"])
def test_clusters_that_stay_as_they_are_are_spoken_of(igny8: Igny8, site: Site, store: Store, change: str) -> None:
    hint = "clusters that exist stay as they are; `igny8 clusters rebuild shop` shows what it would move\n"
    assert hint not in igny8("config", "set", "shop", change).out
    igny8("config", "set", "shop", "granularity=page", "separate_intents=true", "shared_urls=4")
    with store.write() as session:
        make_cluster(session, site)
    assert igny8("config", "set", "shop", change).out.endswith(hint)
    assert hint not in igny8("config", "set", "shop", change).out
    assert hint not in igny8("config", "set", "shop", "ideas_per_cluster=3").out


def test_a_change_that_means_nothing_is_refused_with_all_the_others(igny8: Igny8, site: Site) -> None:
    before = igny8("config", "get", "shop", "--json").json
    for change in MEANINGLESS:
        assert_refused(igny8("config", "set", "shop", "ideas_per_cluster=5", change))
    assert igny8("config", "get", "shop", "--json").json == before


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("weekday=9", "it has to be at most 6"),
        ("is_enabled=perhaps", "it has to be true or false"),
        ("frequency=hourly", "it has to be 'daily', 'weekly' or 'monthly'"),
        ("scheduled_time=soon", "it has to be a time, written like 02:00"),
        ("scheduled_time=02:00Z", "it is the site's own time; write it without a zone"),
        ("daily_credits_cap=0.55", "it may have at most 1 decimal"),
        ("daily_usd_cap=0.0000001", "it may have at most 6 decimals"),
        ("daily_usd_cap=abc", "it has to be a number"),
        ("daily_usd_cap=nan", "it has to be a number that is not infinite"),
    ],
)
def test_a_refused_value_is_explained_in_words(igny8: Igny8, site: Site, change: str, complaint: str) -> None:
    assert_refused(igny8("config", "set", "shop", change), f"{change} is not allowed; {complaint}")


def test_dollars_are_shown_to_the_last_digit(igny8: Igny8, site: Site) -> None:
    assert igny8("config", "set", "shop", "daily_usd_cap=0.03").out == "daily_usd_cap  0.03\n"
    assert "daily_usd_cap       0.03\n" in igny8("config", "get", "shop").out
    assert igny8("config", "get", "shop", "--json").json["daily_usd_cap"] == 0.03
    igny8("account", "cap", "default", "--usd", "1234.000001")
    assert "1,234.000001" in igny8("account", "list").out
