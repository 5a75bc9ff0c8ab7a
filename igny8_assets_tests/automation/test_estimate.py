"""What a run would cost: exactly for what is pending, and at most for the whole run."""

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from igny8_assets.automation.estimating import Estimate, estimate
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import ClusterStatus, IdeaStatus, Site
from igny8_assets.store.prices import content_tenths, image_tenths
from igny8_assets_tests.factories import make_cluster, make_content, make_idea, make_image, make_keyword, make_task
from igny8_assets_tests.pipeline.running import run_stages
from igny8_assets_tests.pipeline.sites import TOPICS, configure
from igny8_assets_tests.stages.camp import TENTS, add_keywords, charged_tenths, make_camp
from igny8_assets_tests.stages.seeds import make_waiting


def work_out(store: Store, site: Site, first: int = 1, last: int = 7) -> Estimate:
    with store.read() as session:
        return estimate(session, session.get_one(Site, site.id), load_settings(), first=first, last=last)


def add_tasks(store: Store, site: Site, *word_targets: int) -> None:
    with store.write() as session:
        here = session.get_one(Site, site.id)
        cluster = make_cluster(session, here, ideas_pending=False)
        for words in word_targets:
            idea = make_idea(session, here, cluster=cluster, status=IdeaStatus.IN_PROGRESS)
            make_task(session, here, idea=idea, word_target=words)


@pytest.mark.parametrize(
    ("words", "tenths"), [(2500, 50), (500, 10), (501, 11), (549, 11), (550, 11), (551, 12), (100, 2), (1200, 24)]
)
def test_a_text_costs_a_credit_for_500_words_up_to_the_next_tenth(words: int, tenths: int) -> None:
    assert content_tenths(words) == tenths


@pytest.mark.parametrize(
    ("provider", "size", "quality", "tenths"),
    [
        ("openai", "1000x1000", "standard", 10),
        ("openai", "1000x1000", "high", 20),
        ("openai", "1001x1000", "standard", 30),
        ("openai", "1536x1024", "high", 40),
        ("offline", "1536x1024", "high", 10),
    ],
)
def test_a_picture_costs_by_size_and_quality_and_offline_always_one(
    provider: str, size: str, quality: str, tenths: int
) -> None:
    assert image_tenths(provider, size, quality) == tenths


def test_what_is_pending_costs_what_the_prices_say(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_PROVIDER", "openai")
    site = make_camp(store, TENTS)
    add_tasks(store, site, 2500, 501)
    with store.write() as session:
        here = session.get_one(Site, site.id)
        cluster = make_cluster(session, here)
        idea = make_idea(session, here, cluster=cluster)
        task = make_task(session, here, idea=idea, status="completed")
        make_content(session, here, task=task, images=0)
        drawn = make_content(session, here, task=task, task_attempt=2, images=0, illustration="needs_images")
        make_image(session, drawn, status="pending")
    cost = work_out(store, site)
    assert {stage.number: stage.tenths for stage in cost.stages} == {1: 6, 2: 20, 3: 0, 4: 61, 5: 20, 6: 30, 7: 0}
    assert cost.tenths == 137
    assert work_out(store, site, 4, 5).tenths == 81


def test_sufficient_is_about_what_is_pending_now(store: Store) -> None:
    site = make_camp(store, TENTS, tenths=6)
    cost = work_out(store, site)
    assert cost.sufficient
    assert cost.projected_tenths > cost.balance_tenths == 6
    add_keywords(store, site, ["camping stove"])
    assert not work_out(store, site).sufficient


def test_the_projection_counts_what_the_run_itself_will_make(store: Store) -> None:
    site = make_camp(store, TENTS[:2], images=1, ideas_per_cluster=3)
    # One cluster, three ideas, three texts of 2,500 words at most, two pictures for each.
    assert {stage.number: stage.projected_items for stage in work_out(store, site).stages} == {
        1: 2,
        2: 1,
        3: 3,
        4: 3,
        5: 3,
        6: 6,
        7: 3,
    }
    assert work_out(store, site).projected_tenths == 2 * 2 + 20 + 3 * 50 + 3 * 20 + 6 * 10


def test_the_projection_ends_where_the_run_ends(store: Store) -> None:
    site = make_camp(store, TENTS[:2], stop_after_stage=2)
    assert work_out(store, site).projected_tenths == 2 * 2 + 20
    assert [stage.number for stage in work_out(store, site, 1, 4).stages] == [1, 2, 3, 4]
    assert [stage.number for stage in work_out(store, site, 4, 7).stages] == [4, 5, 6, 7]


def test_keywords_that_may_reopen_a_cluster_each_are_projected(store: Store) -> None:
    site = make_camp(store, [], reopen_after=5)
    later = [keywords[-1] for keywords in TOPICS.values()]
    with store.write() as session:
        here = session.get_one(Site, site.id)
        for keywords in TOPICS.values():
            cluster = make_cluster(
                session, here, name=keywords[0], status=ClusterStatus.MAPPED, ideas_pending=False, idea_rounds=1
            )
            for text in keywords[:-1]:
                make_keyword(session, here, text, cluster=cluster)
            cluster.uncovered_count = min(4, cluster.keyword_count)
    configure(store, site, reopen_after=3, ideas_per_cluster=1)
    add_keywords(store, site, later)
    projected = work_out(store, site, 1, 2).projected_tenths
    run_stages(store, site, 1, 2)
    assert charged_tenths(store, site, 2) == len(later) * 20
    assert charged_tenths(store, site) <= projected


def test_caps_bound_what_is_pending_and_what_is_projected(store: Store) -> None:
    site = make_camp(store, TENTS, stage_1_cap=2, stage_4_cap=1, stage_2_cap=7)
    add_tasks(store, site, 2500, 2500, 500)
    cost = {stage.number: stage for stage in work_out(store, site).stages}
    assert (cost[1].tenths, cost[1].projected_items) == (4, 2)
    assert (cost[4].tenths, cost[4].projected_items, cost[4].projected_tenths) == (50, 1, 50)
    assert (cost[5].projected_items, cost[6].projected_items) == (1, 1)


def test_a_capped_run_costs_no_more_than_was_projected(store: Store) -> None:
    site = make_camp(store, [TOPICS["tent"][0], TOPICS["tent"][1], TOPICS["stove"][0]], stage_1_cap=1)
    projected = work_out(store, site, 1, 2).projected_tenths
    run_stages(store, site, 1, 2)
    assert charged_tenths(store, site) <= projected


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    caps=st.fixed_dictionaries({f"stage_{n}_cap": st.none() | st.integers(1, 5) for n in range(1, 7)}),
    stop=st.integers(1, 7),
    number=st.integers(0, 4),
)
def test_what_is_pending_never_costs_more_than_what_is_projected(
    store: Store, caps: dict[str, Any], stop: int, number: int
) -> None:
    site = make_waiting(store, 4, number, slug=uuid.uuid4().hex, stop_after_stage=stop, **caps)
    add_keywords(store, site, ["camping lamp", "camping chair", "camping mat"])
    cost = work_out(store, site)
    assert cost.tenths <= cost.projected_tenths
    assert all(stage.tenths <= stage.projected_tenths for stage in cost.stages)
    assert [stage.number for stage in cost.stages] == list(range(1, stop + 1))


def test_a_site_without_a_history_has_only_the_bound(store: Store) -> None:
    cost = work_out(store, make_camp(store, TENTS))
    assert (cost.expected_tenths, cost.history) == (None, ())


def test_what_is_expected_goes_by_what_the_site_has_made_so_far(store: Store) -> None:
    site = make_camp(store, [], images=1, ideas_per_cluster=5)
    with store.write() as session:
        here = session.get_one(Site, site.id)
        # 20 keywords in 5 clusters, 2 ideas for each, 2 pictures for each of their 10 texts.
        for number in range(5):
            cluster = make_cluster(session, here, status=ClusterStatus.MAPPED, ideas_pending=False)
            for keyword in range(4):
                make_keyword(session, here, f"{number} {keyword}", cluster=cluster)
            for _ in range(2):
                idea = make_idea(session, here, cluster=cluster, status=IdeaStatus.COMPLETED)
                make_content(session, here, task=make_task(session, here, idea=idea, status="completed"), images=2)
    add_keywords(store, site, [f"camping {word}" for word in ("lamp", "chair", "mat", "stove", "table", "fridge")])
    cost = work_out(store, site)
    assert cost.history == ("4.0 keywords per cluster", "2.0 ideas per cluster", "2.0 pictures per text")
    # Six keywords make two clusters, these four ideas, and each of these a text, its prompts and two pictures.
    assert cost.expected_tenths == 6 * 2 + 2 * 20 + 4 * 50 + 4 * 20 + 8 * 10
    assert cost.expected_tenths < cost.projected_tenths
    configure(store, site, ideas_per_cluster=1)
    lowered = work_out(store, site)
    assert lowered.expected_tenths is not None
    assert lowered.expected_tenths <= lowered.projected_tenths
