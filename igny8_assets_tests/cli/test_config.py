"""Automation settings on the command line."""

from igny8_assets.store.models import Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused

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


def test_a_change_that_means_nothing_is_refused_with_all_the_others(igny8: Igny8, site: Site) -> None:
    before = igny8("config", "get", "shop", "--json").json
    for change in MEANINGLESS:
        assert_refused(igny8("config", "set", "shop", "ideas_per_cluster=5", change))
    assert igny8("config", "get", "shop", "--json").json == before


def test_a_refused_value_is_explained_in_words(igny8: Igny8, site: Site) -> None:
    result = igny8("config", "set", "shop", "weekday=9")
    assert_refused(result, "weekday=9 is not allowed: less than or equal to 6")
    assert_refused(
        igny8("config", "set", "shop", "is_enabled=perhaps"), "is_enabled=perhaps is not allowed: true or false"
    )
