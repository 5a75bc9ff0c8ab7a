"""A site's keywords through all seven stages, offline: one run on each database, looked at from many sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from igny8_assets.automation.estimating import estimate
from igny8_assets.automation.overview import pipeline_overview
from igny8_assets.settings import load_settings
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.run_log import read_log
from igny8_assets.stages.stage import StageReport
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    AICall,
    AutomationRun,
    Cluster,
    ClusterStatus,
    Content,
    ContentIdea,
    CreditEntry,
    IdeaStatus,
    Illustration,
    Image,
    ImageStatus,
    Keyword,
    KeywordStatus,
    RunStatus,
    Site,
    Task,
    TaskStatus,
)
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.servers.databases import fresh_database
from igny8_assets_tests.stages.camp import (
    OF_A_RUN,
    STOVES,
    TENTS,
    assert_sound,
    charged_tenths,
    count,
    everything,
    make_camp,
)
from igny8_assets_tests.stages.driving import drive, find

ORPHAN = "mortgage refinancing rates"
ALWAYS = {
    *("credits_used", "failed", "failures", "pending", "seconds"),
    *("calls", "tokens_in", "tokens_cached", "tokens_out", "cost_usd", "possible_cost_usd", "unpriced_calls"),
}
RESULT_KEYS = {
    1: {"keywords_processed", "clusters_created"},
    2: {"clusters_processed", "ideas_created"},
    3: {"ideas_processed", "tasks_created"},
    4: {"tasks_processed", "content_created", "word_count"},
    5: {"content_processed", "prompts_created"},
    6: {"images_processed", "images_generated", "images_failed"},
    7: {"content_ready_for_review"},
}


@dataclass(frozen=True)
class Finished:
    """A site after its run, and after a second one."""

    store: Store
    site: Site
    run: AutomationRun
    projected_tenths: int
    log: list[dict[str, Any]]
    rows: dict[str, list[tuple[Any, ...]]]
    rows_after_second: dict[str, list[tuple[Any, ...]]]
    second: dict[int, StageReport]

    def all(self, model: type[Any]) -> list[Any]:
        with self.store.read() as session:
            return list(session.scalars(select(model)))

    def results(self) -> dict[int, dict[str, Any]]:
        return {result.stage: result.result for result in self.run.stages}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    home = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch, fresh_database(request.param, home) as url:
        patch.setenv("IGNY8_HOME", str(home))
        store = Store(url)
        site = make_camp(store, [*TENTS, *STOVES, ORPHAN], images=1)
        with store.read() as session:
            projected = estimate(session, session.get_one(Site, site.id), load_settings()).projected_tenths
        ticket = open_run(store, site)
        drive(ticket)
        rows = everything(store, without=OF_A_RUN)
        log = list(read_log(ticket.settings, ticket.run_id))
        run = find(store, ticket.run_id)
        second = run_stages(store, site)
        yield Finished(store, site, run, projected, log, rows, everything(store, without=OF_A_RUN), second)
        store.close()


def test_keywords_become_illustrated_drafts_that_wait_for_a_person(finished: Finished) -> None:
    store = finished.store
    assert count(store, Keyword, Keyword.status == KeywordStatus.MAPPED) == 6
    assert count(store, Cluster, Cluster.status == ClusterStatus.MAPPED) == count(store, Cluster) == 2
    assert count(store, ContentIdea, ContentIdea.status == IdeaStatus.COMPLETED) == count(store, ContentIdea) == 2
    assert count(store, Task, Task.status == TaskStatus.COMPLETED) == count(store, Task) == 2
    assert count(store, Content, Content.illustration == Illustration.READY) == count(store, Content) == 2
    assert count(store, Image, Image.status == ImageStatus.GENERATED) == count(store, Image) == 4


def test_a_keyword_that_resembles_nothing_is_an_orphan(finished: Finished) -> None:
    orphans = [keyword.text for keyword in finished.all(Keyword) if keyword.status == KeywordStatus.ORPHANED]
    assert orphans == [ORPHAN]


def test_a_finished_run_says_so_in_every_stage(finished: Finished) -> None:
    run = finished.run
    assert (run.status, run.current_stage, run.reason, run.stop_request) == (RunStatus.COMPLETED, 7, None, None)
    assert run.started_at
    assert run.completed_at
    assert run.started_at <= run.completed_at
    assert {result.stage: (result.done, result.total, result.finished) for result in run.stages} == {
        1: (7, 7, True),
        2: (2, 2, True),
        3: (2, 2, True),
        4: (2, 2, True),
        5: (2, 2, True),
        6: (4, 4, True),
        7: (2, 2, True),
    }


def test_the_result_of_a_stage_has_exactly_its_keys(finished: Finished) -> None:
    results = finished.results()
    assert {stage: set(result) for stage, result in results.items()} == {
        stage: keys | ALWAYS for stage, keys in RESULT_KEYS.items()
    }
    assert all(result["pending"] == (2 if stage == 7 else 0) for stage, result in results.items())
    assert all(result["failures"] == [] and result["seconds"] > 0 for result in results.values())


def test_words_are_counted_from_the_texts(finished: Finished) -> None:
    texts = finished.all(Content)
    assert finished.results()[4]["word_count"] == sum(text.word_count for text in texts) > 0
    assert all(text.word_count != task.word_target for text in texts for task in finished.all(Task))


def test_every_stage_costs_what_its_price_says(finished: Finished) -> None:
    texts = sum(-(-task.word_target // 50) for task in finished.all(Task))
    prices = {1: 7 * 2, 2: 2 * 20, 3: 0, 4: texts, 5: 2 * 20, 6: 4 * 10, 7: 0}
    charged = {stage: charged_tenths(finished.store, finished.site, stage) for stage in STAGES}
    assert charged == prices
    assert {stage: result["credits_used"] for stage, result in finished.results().items()} == {
        stage: price / 10 for stage, price in prices.items()
    }
    assert finished.run.total_credits_tenths == sum(prices.values())


def test_a_run_costs_no_more_than_was_projected(finished: Finished) -> None:
    assert 0 < finished.run.total_credits_tenths <= finished.projected_tenths


def test_every_generated_picture_has_its_file(finished: Finished) -> None:
    for image in finished.all(Image):
        assert Path(image.location).read_bytes()[8:12] == b"WEBP"
        assert image.width * 9 == image.height * 16
        assert image.width >= (1200 if image.role == "featured" else 800)


def test_every_offline_call_is_recorded_and_uses_no_tokens(finished: Finished) -> None:
    calls = finished.all(AICall)
    assert {call.function: call.stage for call in calls} == {
        "auto_cluster": 1,
        "generate_ideas": 2,
        "generate_content_brief": 4,
        "generate_content_section": 4,
        "generate_content_join": 4,
        "generate_image_prompts": 5,
        "generate_images": 6,
    }
    assert {(call.provider, call.status.value, call.tokens_in) for call in calls} == {("offline", "answered", 0)}


def test_counters_balance_and_reservations_are_sound(finished: Finished) -> None:
    assert_sound(finished.store, finished.site)


def test_running_again_makes_no_row_and_costs_nothing(finished: Finished) -> None:
    assert finished.rows_after_second == finished.rows
    assert {number: report.credits_tenths for number, report in finished.second.items()} == dict.fromkeys(STAGES, 0)
    assert [report.done for report in finished.second.values()] == [0, 0, 0, 0, 0, 0, 2]


def test_stages_without_a_provider_write_nothing_to_the_ledger(finished: Finished) -> None:
    assert {entry.stage for entry in finished.all(CreditEntry)} == {None, 1, 2, 4, 5, 6}


def test_the_overview_after_a_run_has_work_for_people_alone(finished: Finished) -> None:
    with finished.store.read() as session:
        rows = pipeline_overview(session, session.get_one(Site, finished.site.id))
    assert {row.number: row.pending for row in rows} == {**dict.fromkeys(STAGES, 0), 7: 2}


def test_the_log_tells_of_the_launch_every_stage_and_the_end(finished: Finished) -> None:
    assert "launch 1 began" in finished.log[0]["message"]
    assert {line["stage"] for line in finished.log} == {None, *STAGES}
    assert finished.log[-1]["message"] == "completed"


def test_a_run_ends_after_the_stage_that_the_settings_name(store: Store) -> None:
    site = make_camp(store, stop_after_stage=3)
    ticket = open_run(store, site)
    drive(ticket)
    run = find(store, ticket.run_id)
    assert (run.status, [result.stage for result in run.stages]) == (RunStatus.COMPLETED, [1, 2, 3])
    assert count(store, Task, Task.status == TaskStatus.PENDING) == 2
    assert count(store, Content) == 0


def test_a_market_is_never_mixed_with_another(store: Store) -> None:
    site = make_camp(store, TENTS)
    with store.write() as session:
        for keyword in session.scalars(select(Keyword)).all():
            facts = {"text": keyword.text, "normalised": keyword.normalised, "market": "gb"}
            session.add(Keyword(site_id=site.id, sector_id=keyword.sector_id, **facts))
    run_stages(store, site, 1, 1)
    with store.read() as session:
        clusters = session.scalars(select(Cluster).order_by(Cluster.market))
        assert [(cluster.market, cluster.keyword_count) for cluster in clusters] == [("gb", 3), ("us", 3)]
