"""A site's settings: every bad value is refused in one line, and nothing is written."""

from datetime import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from igny8_assets.automation.configuration import Configuration, change_configuration, read_configuration
from igny8_assets.errors import UserError
from igny8_assets.store import counters
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationConfig, Cluster, ClusterStatus, Frequency, Site
from igny8_assets.vocabulary import ClusterStrategy, Granularity
from igny8_assets_tests.factories import make_cluster
from igny8_assets_tests.pipeline.sites import make_site
from igny8_assets_tests.stages.camp import assert_sound, everything


def change(store: Store, site: Site, **changes: Any) -> Configuration:
    with store.write() as session:
        return change_configuration(session, session.get_one(Site, site.id), changes)


def present(store: Store, site: Site) -> Configuration:
    with store.read() as session:
        return read_configuration(session, session.get_one(Site, site.id))


def test_a_new_site_has_the_products_settings(store: Store) -> None:
    assert present(store, make_site(store)) == Configuration(
        is_enabled=False,
        frequency=Frequency.DAILY,
        scheduled_time=time(2, 0),
        weekday=0,
        day_of_month=1,
        stage_1_batch_size=20,
        stage_2_batch_size=1,
        stage_3_batch_size=20,
        stage_4_batch_size=1,
        stage_5_batch_size=1,
        stage_6_batch_size=1,
        stage_1_cap=None,
        stage_2_cap=None,
        stage_3_cap=None,
        stage_4_cap=None,
        stage_5_cap=None,
        stage_6_cap=None,
        stop_after_stage=7,
        ideas_per_cluster=3,
        reopen_after=5,
        granularity=Granularity.PAGE,
        cluster_strategy=ClusterStrategy.VECTORS,
        separate_intents=True,
        shared_urls=4,
        review_briefs=False,
        daily_credits_cap=None,
        daily_usd_cap=None,
    )


def test_settings_are_changed_as_text_or_as_values_and_the_others_stay(store: Store) -> None:
    site = make_site(store)
    before = present(store, site)
    after = change(
        store,
        site,
        is_enabled="true",
        frequency="weekly",
        scheduled_time="23:30",
        stage_1_batch_size="7",
        stage_4_cap=12,
    )
    assert after == present(store, site)
    assert after == before.model_copy(
        update={
            "is_enabled": True,
            "frequency": Frequency.WEEKLY,
            "scheduled_time": time(23, 30),
            "stage_1_batch_size": 7,
            "stage_4_cap": 12,
        }
    )


def test_a_cap_is_taken_away(store: Store) -> None:
    site = make_site(store)
    for nothing in ("none", "", None):
        change(store, site, stage_4_cap=12)
        assert change(store, site, stage_4_cap=nothing).stage_4_cap is None
        assert present(store, site).stage_4_cap is None


BAD = [
    *(("stage_1_batch_size", value) for value in ("-1", 0, 101, "none", "", None, "1.5", "nan", float("nan"), "ten")),
    *(("stage_2_cap", value) for value in ("0", -1, "nan", float("inf"), "all", 10**20)),
    *(("stop_after_stage", value) for value in (8, 0, "-1", "seven")),
    *(("ideas_per_cluster", value) for value in (0, 11)),
    *(("reopen_after", value) for value in (0, -5, 10**12)),
    *(("granularity", value) for value in ("", "pages", "PAGE", None)),
    *(("cluster_strategy", value) for value in ("", "gpt", "LLM", None)),
    *(("shared_urls", value) for value in (0, 11, "four")),
    *(("weekday", value) for value in (7, -1, "monday")),
    *(("day_of_month", value) for value in (0, 32)),
    *(("frequency", value) for value in ("hourly", "", None)),
    *(("scheduled_time", value) for value in ("25:00", "2am", "", "02:00+05:00", "02:00Z")),
    *(("is_enabled", value) for value in ("perhaps", "", 2, None)),
]


def test_a_value_that_is_not_allowed_is_named_in_one_line_and_nothing_is_written(store: Store) -> None:
    site = make_site(store)
    before = everything(store)
    for name, value in BAD:
        with pytest.raises(UserError, match=f"^{name}=") as caught:
            change(store, site, day_of_month=3, **{name: value}) if name != "day_of_month" else change(
                store, site, day_of_month=value
            )
        assert "\n" not in str(caught.value)
        assert everything(store) == before, (name, value)


def test_a_setting_that_does_not_exist_is_refused_with_the_way_to_see_them_all(store: Store) -> None:
    site = make_site(store)
    before = everything(store)
    for name in ("stage_7_batch_size", "stage_7_cap", "site_id", "next_run_at", "batch", "", "__class__"):
        with pytest.raises(UserError, match="`igny8 config get camp` shows them all"):
            change(store, site, weekday=3, **{name: 1})
        assert everything(store) == before, name


def test_a_long_value_makes_no_long_message(store: Store) -> None:
    site = make_site(store)
    with pytest.raises(UserError) as caught:
        change(store, site, frequency="line\n" * 100_000)
    assert len(str(caught.value)) < 400


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(sorted(Configuration.model_fields)),
    value=st.one_of(st.text(max_size=8), st.integers(), st.floats(), st.none(), st.booleans(), st.times()),
)
def test_whatever_is_given_is_stored_as_it_is_read_back_or_refused(store: Store, name: str, value: object) -> None:
    with store.read() as session:
        site = session.scalar(select(Site))
    site = site or make_site(store)
    before = present(store, site)
    try:
        after = change(store, site, **{name: value})
    except UserError:
        after = before
    assert present(store, site) == after


def test_another_threshold_reopens_and_closes_clusters_at_once(store: Store) -> None:
    site = make_site(store)
    uncovered = {"three": 3, "five": 5, "none": 0}
    with store.write() as session:
        here = session.get_one(Site, site.id)
        for name, number in uncovered.items():
            make_cluster(
                session,
                here,
                name=name,
                status=ClusterStatus.MAPPED,
                keyword_count=9,
                uncovered_count=number,
                ideas_pending=number >= 5,
            )
        make_cluster(session, here, name="without ideas", keyword_count=2, uncovered_count=2)

    def pending() -> set[str]:
        assert_sound(store, site)
        with store.read() as session:
            names = set(session.scalars(select(Cluster.name).where(Cluster.ideas_pending)))
            assert counters.read(session, site.id)["cluster", "pending"] == len(names)
        return names

    assert pending() == {"five", "without ideas"}
    change(store, site, reopen_after=3)
    assert pending() == {"three", "five", "without ideas"}
    change(store, site, reopen_after=6)
    assert pending() == {"without ideas"}
    change(store, site, reopen_after=1)
    assert pending() == {"three", "five", "without ideas"}


def test_sites_have_settings_of_their_own(store: Store) -> None:
    one, two = make_site(store, "one"), make_site(store, "two")
    change(store, one, weekday=4)
    assert present(store, two).weekday == 0
    with store.read() as session:
        assert len(session.scalars(select(AutomationConfig)).all()) == 2
