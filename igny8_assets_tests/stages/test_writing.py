"""Stage 4: a brief, its sections at the same time, one pass that joins them, and mending what the checks block."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from igny8_assets.ai.schemas import ContentBrief
from igny8_assets.quality.draft import DraftToCheck
from igny8_assets.quality.report import Finding, QualityReport, Verdict
from igny8_assets.review.briefs import edit_brief
from igny8_assets.review.holding import release
from igny8_assets.stages import write_content
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationConfig, Content, Page, RunStatus, Site, Task, TaskStatus
from igny8_assets_tests.ai.faults import Fault
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.stages.camp import assert_sound, charged_tenths
from igny8_assets_tests.stages.driving import drive, find
from igny8_assets_tests.stages.seeds import make_waiting
from igny8_assets_tests.stages.service import served


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with served(monkeypatch) as server:
        monkeypatch.setenv("IGNY8_AI_CONCURRENCY", "16")
        yield server


def only_task(store: Store) -> Task:
    with store.read() as session:
        return session.scalars(select(Task)).one()


def only_text(store: Store) -> Content:
    with store.read() as session:
        return session.scalars(select(Content)).one()


def asked(server: OpenAIServer, function: str) -> list[dict[str, object]]:
    """What a function was asked, in the order of the requests."""
    found = [received for received in server.received if received.function == function]
    return [json.loads(received.body["messages"][1]["content"]) for received in found]


def test_a_text_is_written_from_its_brief_section_by_section(store: Store, service: OpenAIServer) -> None:
    site = make_waiting(store, 4, 1)
    run_stages(store, site, 4, 4)
    task, text = only_task(store), only_text(store)
    brief = ContentBrief.model_validate(task.brief)
    sections = asked(service, "generate_content_section")
    assert sorted(one["section"] for one in sections) == list(range(len(brief.outline)))  # type: ignore[type-var]
    assert all(one["brief"] == task.brief for one in sections)
    assert text.outline[: len(brief.outline)] == [entry.heading for entry in brief.outline]
    assert all(entry.heading in text.html for entry in brief.outline)
    assert "now to the next" in text.html
    assert text.provenance["mended"] == 0


def test_the_sections_of_a_text_are_asked_at_the_same_time(store: Store, service: OpenAIServer) -> None:
    site = make_waiting(store, 4, 1)
    service.delay = 1.0
    run_stages(store, site, 4, 4)
    assert service.most_at_once == len(ContentBrief.model_validate(only_task(store).brief).outline)


def test_a_section_that_failed_is_asked_again_and_the_others_are_not(
    store: Store, service: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_waiting(store, 4, 1)
    service.faults = [Fault("status", function="generate_content_section", status=500)]
    drive(open_run(store, site, 4, 4))
    assert charged_tenths(store, site) == 0
    run_stages(store, site, 4, 4)
    sections = len(ContentBrief.model_validate(only_task(store).brief).outline)
    assert service.counts["generate_content_brief"] == 1
    assert service.counts["generate_content_section"] == sections + 1
    assert_sound(store, site)


class Blocking:
    """Checks that block a draft so many times, and pass it after that."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.seen: list[DraftToCheck] = []

    def __call__(self, draft: DraftToCheck, *_: object) -> QualityReport:
        self.seen.append(draft)
        verdict = Verdict.BLOCK if len(self.seen) <= self.times else Verdict.PASS
        return QualityReport((Finding("placeholders", verdict, f"found [TODO] {len(self.seen)}"),))


@pytest.mark.parametrize("times", [1, 2])
def test_a_blocked_draft_is_sent_back_with_the_findings(
    store: Store, service: OpenAIServer, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    checks = Blocking(times)
    monkeypatch.setattr(write_content, "check_draft", checks)
    site = make_waiting(store, 4, 1)
    run_stages(store, site, 4, 4)
    mends = asked(service, "generate_content_mend")
    assert [one["findings"] for one in mends] == [
        [{"check": "placeholders", "evidence": f"found [TODO] {number}"}] for number in range(1, times + 1)
    ]
    assert only_text(store).provenance["mended"] == times
    assert len({draft.html for draft in checks.seen}) == times + 1


def test_a_draft_that_stays_blocked_fails_with_its_report(
    store: Store, service: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_content, "check_draft", Blocking(99))
    site = make_waiting(store, 4, 1)
    drive(open_run(store, site, 4, 4))
    task = only_task(store)
    assert service.counts["generate_content_mend"] == 2
    assert task.status == TaskStatus.FAILED
    assert "blocked after it was mended 2 times: found [TODO] 3" in str(task.failure_reason)
    assert task.report is not None
    assert task.report["verdict"] == "block"
    assert charged_tenths(store, site) == 0
    assert_sound(store, site)


def test_with_reviewed_briefs_a_task_waits_for_a_person_and_costs_nothing_yet(
    store: Store, service: OpenAIServer
) -> None:
    site = make_waiting(store, 4, 1, review_briefs=True)
    ticket = open_run(store, site, 4, 4)
    report = drive(ticket)[4]
    assert find(store, ticket.run_id).status == RunStatus.COMPLETED
    assert (report.done, report.failed, report.counts["content_created"]) == (1, 0, 0)
    task = only_task(store)
    assert (task.status, task.resembles) == (TaskStatus.HELD, None)
    assert "its brief waits for a person" in str(task.held_reason)
    assert charged_tenths(store, site) == 0
    brief = ContentBrief.model_validate(task.brief)
    edited = brief.model_copy(
        update={"outline": [brief.outline[0].model_copy(update={"heading": "A heading of my own"}), *brief.outline[1:]]}
    )
    with store.write() as session:
        row = session.get_one(Site, site.id)
        edit_brief(session, row, task.id, "ada", edited.model_dump_json())
        release(session, row, "task", [task.id])
    run_stages(store, site, 4, 4)
    assert "A heading of my own" in only_text(store).html
    assert service.counts["generate_content_brief"] == 1
    assert only_task(store).brief_edited_by == "ada"
    assert_sound(store, site)


@pytest.mark.parametrize("provider", ["offline", "openai"])
def test_a_text_links_to_pages_that_exist_and_to_no_other(
    store: Store, service: OpenAIServer, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    monkeypatch.setenv("IGNY8_PROVIDER", provider)
    site = make_waiting(store, 4, 1)
    title = only_task(store).title
    with store.write() as session:
        session.add(Page(site_id=site.id, url="https://camp.example/guide", title=f"Notes on {title.split()[-1]} care"))
        session.add(Page(site_id=site.id, url="https://camp.example/other", title="Something else entirely"))
    run_stages(store, site, 4, 4)
    assert '<a href="https://camp.example/guide">' in only_text(store).html
    assert "camp.example/other" not in only_text(store).html


def test_an_invented_link_leaves_its_words(store: Store, service: OpenAIServer) -> None:
    site = make_waiting(store, 4, 1)
    body = "Read [this page](page-99) or [that](https://evil.example/) or ![x](https://evil.example/x.png). Good."
    service.faults = [Fault("content", function="generate_content_section", text=json.dumps({"body": body}))]
    run_stages(store, site, 4, 4)
    html = only_text(store).html
    assert "Read this page or that or x. Good." in html
    assert "evil" not in html


def test_the_language_of_the_site_reaches_every_question(store: Store, service: OpenAIServer) -> None:
    site = make_waiting(store, 4, 1)
    with store.write() as session:
        session.execute(update(Site).values(language="de", brand_voice="freundlich"))
    run_stages(store, site, 4, 4)
    brief = asked(service, "generate_content_section")[0]["brief"]
    assert isinstance(brief, dict)
    assert (brief["language"], brief["brand_voice"]) == ("de", "freundlich")
    findings = {finding["check"]: finding for finding in only_text(store).quality["findings"]}
    assert findings["reading_ease"]["verdict"] == "pass"
    assert "only for English" in findings["reading_ease"]["evidence"]
    # The service of the tests answers in English, as the offline provider does.
    assert findings["language"]["verdict"] == "warn"


def test_an_english_draft_of_the_offline_provider_is_warned_about_on_a_german_site(store: Store) -> None:
    site = make_waiting(store, 4, 1)
    with store.write() as session:
        session.execute(update(Site).values(language="de"))
    run_stages(store, site, 4, 4)
    quality = only_text(store).quality
    [finding] = [finding for finding in quality["findings"] if finding["check"] == "language"]
    assert finding["verdict"] == "warn"
    assert finding["evidence"].startswith("the text seems to be in English, its site is in German")
    assert quality["verdict"] == "warn"


def test_the_setting_of_a_site_is_kept(store: Store) -> None:
    make_waiting(store, 4, 1, review_briefs=True)
    with store.read() as session:
        assert session.scalars(select(AutomationConfig.review_briefs)).one() is True
