"""A whole run of the real command with a real model, from keywords to image prompts, and what is left by it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.reading import only_object, text_of
from igny8_assets.ai.schemas import ContentBrief
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    AICall,
    AutomationRun,
    CallStatus,
    Cluster,
    Content,
    ContentIdea,
    IdeaStatus,
    Image,
    Keyword,
    KeywordStatus,
    RunStatus,
    Site,
    Task,
    TaskStatus,
)
from igny8_assets_tests.ai.samples import BRIEF
from igny8_assets_tests.llm.conftest import ServedModel
from igny8_assets_tests.servers.databases import fresh_database
from igny8_assets_tests.servers.igny8_process import start_igny8
from igny8_assets_tests.stages.camp import assert_sound, charged_tenths, make_camp
from igny8_assets_tests.stages.driving import only_run
from igny8_assets_tests.stages.seeds import SEEDS

pytestmark = pytest.mark.llm

KEYWORDS = ["gas lantern", "best gas lantern", "small gas lantern", "cheap gas lantern"]
WAITING = {2: "family tent", 3: "camping stove", 4: "hiking boots", 5: "down sleeping bag"}
"""So that each stage asks the model, however the stages before it end."""
MOST_TOKENS = 160
QUICK = {
    "IGNY8_TEXT_MAX_TOKENS": str(MOST_TOKENS),
    "IGNY8_AI_ATTEMPTS": "2",
    "IGNY8_AI_RETRY_SECONDS": "0.01",
    "IGNY8_AI_CONCURRENCY": "4",
    # Two busy cores may take that long.
    "IGNY8_AI_TIMEOUT_SECONDS": "300",
}
LONGEST_RUN = 400.0


@dataclass(frozen=True)
class Ran:
    """A site after a run of its stages 1 to 5."""

    store: Store
    site: Site
    code: int
    printed: str
    run: AutomationRun

    @property
    def failed(self) -> int:
        return sum(len(stage.result["failures"]) for stage in self.run.stages)


@pytest.fixture(scope="module")
def ran(model: ServedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("ran")
    home = folder / ".igny8"
    with fresh_database("sqlite", home) as url:
        store = Store(url)
        site = make_camp(store, KEYWORDS)
        with store.write() as session:
            for stage, subject in WAITING.items():
                SEEDS[stage](session, session.get_one(Site, site.id), subject)
            # A brief that is there already bounds how many sections are written.
            session.scalars(select(Task).where(Task.status == TaskStatus.PENDING)).one().brief = BRIEF.model_dump(
                mode="json"
            )
        variables = {**model.settings, **QUICK, "IGNY8_HOME": str(home)}
        process = start_igny8("run", site.slug, "--stages", "1-5", folder=folder, **variables)
        printed, _ = process.communicate(timeout=LONGEST_RUN)
        yield Ran(store, site, process.returncode, printed, only_run(store, site))
        store.close()


def test_every_stage_ends_and_the_run_is_completed(ran: Ran) -> None:
    assert ran.run.status == RunStatus.COMPLETED, ran.printed
    assert [stage.stage for stage in ran.run.stages] == [1, 2, 3, 4, 5]
    assert ran.code == (1 if ran.failed else 0), ran.printed
    for stage in ran.run.stages:
        assert stage.done + len(stage.result["failures"]) > 0, stage.stage


def test_what_failed_says_why(ran: Ran) -> None:
    reasons = [failure["reason"] for stage in ran.run.stages for failure in stage.result["failures"]]
    for reason in reasons:
        # Not a fault of ours, and not the server's: the answer came and did not hold.
        assert reason
        assert "unexpected" not in reason
        assert "127.0.0.1" not in reason
        assert reason in " ".join(ran.printed.split())
    with ran.store.read() as session:
        for model in (Keyword, Cluster, Task, Content):
            for reason in session.scalars(select(model.failure_reason).where(model.site_id == ran.site.id)):
                assert reason is None or reason in reasons


def test_every_request_is_closed_and_counted(ran: Ran) -> None:
    with ran.store.read() as session:
        calls = session.scalars(select(AICall).order_by(AICall.id)).all()
    assert {call.stage for call in calls} == {1, 2, 4, 5}
    for call in calls:
        assert call.status in {CallStatus.ANSWERED, CallStatus.FAILED}
        assert (call.error is None) == (call.status == CallStatus.ANSWERED)
        assert call.tokens_in > 0
        assert 0 < call.tokens_out <= MOST_TOKENS
        assert call.cost_usd_pico == 0
    for stage in ran.run.stages:
        mine = [call for call in calls if call.stage == stage.stage]
        assert stage.result["tokens_in"] == sum(call.tokens_in for call in mine)
        assert stage.result["tokens_out"] == sum(call.tokens_out for call in mine)


def test_every_answer_that_was_taken_is_of_its_schema(ran: Ran) -> None:
    with ran.store.read() as session:
        taken = session.scalars(select(AICall).where(AICall.status == CallStatus.ANSWERED)).all()
    for call in taken:
        assert json.loads(call.response or "")["finish_reason"] == "stop"
        FUNCTIONS[call.function].output.model_validate(only_object(text_of(call.response or "")))


def test_what_was_saved_hangs_together(ran: Ran) -> None:
    with ran.store.read() as session:
        for keyword in session.scalars(select(Keyword)):
            assert (keyword.cluster_id is not None) == (keyword.status == KeywordStatus.MAPPED)
        for idea in session.scalars(select(ContentIdea).where(ContentIdea.run_id == ran.run.id)):
            assert idea.keywords
            assert idea.status in {IdeaStatus.IN_PROGRESS, IdeaStatus.COMPLETED, IdeaStatus.HELD}
        for task in session.scalars(select(Task)):
            assert task.status in {TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.PENDING, TaskStatus.HELD}
            assert task.brief is None or ContentBrief.model_validate(task.brief)
            texts = session.scalar(select(func.count()).where(Content.task_id == task.id))
            assert texts == (1 if task.status == TaskStatus.COMPLETED else 0)
        for image in session.scalars(select(Image).where(Image.site_id == ran.site.id)):
            assert image.prompt


def test_counters_and_credits_are_right_and_nothing_failed_is_charged(ran: Ran) -> None:
    assert_sound(ran.store, ran.site)
    for stage in ran.run.stages:
        assert charged_tenths(ran.store, ran.site, stage.stage) == round(float(stage.result["credits_used"]) * 10)
    with ran.store.read() as session:
        mapped = session.scalar(
            select(func.count()).where(Keyword.text.in_(KEYWORDS), Keyword.status == KeywordStatus.MAPPED)
        )
    assert charged_tenths(ran.store, ran.site, 1) == 2 * (mapped or 0)
