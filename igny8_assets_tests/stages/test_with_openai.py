"""The same seven stages with a real HTTP service in the place of the offline provider."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, AutomationRun, Content, Image, RunStatus, Site, Task
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.servers.databases import fresh_database
from igny8_assets_tests.stages.camp import OF_A_RUN, STOVES, TENTS, assert_sound, charged_tenths, everything, make_camp
from igny8_assets_tests.stages.driving import drive, find
from igny8_assets_tests.stages.service import KEY, assert_nowhere, served


@dataclass(frozen=True)
class Written:
    """A site after a run with the service."""

    store: Store
    site: Site
    home: Path
    server: OpenAIServer
    run: AutomationRun


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    home = tmp_path_factory.mktemp("written")
    with (
        pytest.MonkeyPatch.context() as patch,
        fresh_database(request.param, home) as url,
        served(patch) as server,
    ):
        patch.setenv("IGNY8_HOME", str(home))
        patch.setenv("IGNY8_AI_CONCURRENCY", "8")
        store = Store(url)
        site = make_camp(store, [*TENTS[:2], *STOVES[:2]], images=1)
        ticket = open_run(store, site)
        drive(ticket)
        yield Written(store, site, home, server, find(store, ticket.run_id))
        store.close()


def test_a_run_with_a_service_goes_through_all_stages(written: Written) -> None:
    assert written.run.status == RunStatus.COMPLETED
    assert {result.stage: (result.done, result.result["failures"]) for result in written.run.stages} == {
        1: (4, []),
        2: (2, []),
        3: (2, []),
        4: (2, []),
        5: (2, []),
        6: (4, []),
        7: (2, []),
    }
    assert_sound(written.store, written.site)


def test_each_question_is_asked_once_with_the_key(written: Written) -> None:
    asked = Counter(received.function for received in written.server.received)
    with written.store.read() as session:
        briefs = [task.brief for task in session.scalars(select(Task))]
    sections = sum(len(brief["outline"]) for brief in briefs if brief)
    assert asked == {
        "auto_cluster": 1,
        "generate_ideas": 2,
        "generate_content_brief": 2,
        "generate_content_section": sections,
        "generate_content_join": 2,
        "generate_image_prompts": 2,
        "generate_images": 4,
    }
    assert {received.authorization for received in written.server.received} == {f"Bearer {KEY}"}


def test_tokens_add_up_in_calls_and_results(written: Written) -> None:
    with written.store.read() as session:
        calls = session.scalars(select(AICall)).all()
    for result in written.run.stages:
        mine = [call for call in calls if call.stage == result.stage]
        assert result.result["tokens_in"] == sum(call.tokens_in for call in mine)
        assert result.result["tokens_out"] == sum(call.tokens_out for call in mine)
    assert all(call.tokens_in > 0 for call in calls)


def test_what_was_made_says_who_made_it(written: Written) -> None:
    with written.store.read() as session:
        assert {text.provenance["provider"] for text in session.scalars(select(Content))} == {"openai"}
        assert {text.provenance["note"] for text in session.scalars(select(Content))} == {None}
        assert set(session.scalars(select(Image.provider))) == {"openai"}


def test_pictures_are_priced_by_their_size(written: Written) -> None:
    assert charged_tenths(written.store, written.site, 6) == 4 * 10


def test_the_key_is_in_no_table_and_no_file(written: Written) -> None:
    assert_nowhere(KEY, written.store, written.home)


def test_running_again_asks_nothing_and_makes_nothing(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(written.store, without=OF_A_RUN)
    asked = len(written.server.received)
    monkeypatch.setenv("IGNY8_HOME", str(written.home))
    monkeypatch.setenv("IGNY8_PROVIDER", "openai")
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", written.server.base_url)
    run_stages(written.store, written.site)
    assert len(written.server.received) == asked
    assert everything(written.store, without=OF_A_RUN) == before
