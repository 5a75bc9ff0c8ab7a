"""`igny8 tasks brief`, `edit-brief` and `report`."""

import json
from pathlib import Path
from typing import Any

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Task
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.pipeline.running import run_stages
from igny8_assets_tests.stages.seeds import make_waiting


@pytest.fixture
def brief(igny8: Igny8, store: Store) -> dict[str, Any]:
    """The brief of task 1 of the site `camp`, which waits for a person."""
    run_stages(store, make_waiting(store, 4, 1, review_briefs=True), 4, 4)
    shown: dict[str, Any] = igny8("tasks", "brief", "camp", 1, "--json").json
    return shown


def test_a_brief_is_shown_edited_and_written_from(
    igny8: Igny8, store: Store, brief: dict[str, Any], tmp_path: Path
) -> None:
    shown = igny8("tasks", "brief", "camp", 1).out
    assert brief["outline"][0]["heading"] in shown
    assert "audience" in shown
    brief["outline"] = [{"heading": "Only this", "level": 2, "points": ["One point"], "words": 300}, *brief["outline"]]
    brief["word_target"] = 1000
    file = tmp_path / "brief.json"
    file.write_text(json.dumps(brief))
    told = igny8("tasks", "edit-brief", "camp", 1, "--file", file, "--reviewer", "ada")
    assert (told.code, told.out) == (0, "changed the brief of task 1; `igny8 tasks release camp 1` has it written\n")
    assert igny8("tasks", "brief", "camp", 1, "--json").json == brief
    with store.read() as session:
        task = session.get_one(Task, 1)
        assert (task.word_target, task.brief_edited_by) == (1000, "ada")
    assert "edited by     ada" in igny8("tasks", "brief", "camp", 1).out


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"keyphrase": "another"}, "`keyphrase` of a brief comes from the task"),
        ({"outline": []}, "`outline` of the brief has to have at least 1 entry"),
        ({"outline": {}}, "`outline` of the brief has to be a list, written in [ ]"),
        ({"word_target": 1}, "`word_target` of the brief has to be at least 100"),
        ({"word_target": 10**30}, "`word_target` of the brief has to be at most 20000"),
        ({"word_target": "many"}, "`word_target` of the brief has to be a whole number"),
        ({"content_type": "poem"}, "`content_type` of the brief has to be 'blog post', "),
        ({"mood": "good"}, "`mood` of the brief is unknown here"),
        ({"title": "x" * 151}, "`title` of the brief may have at most 150 characters"),
        ({"title": 7}, "`title` of the brief has to be a text"),
        ({"title": "Two\nlines"}, "`title` of the brief has to stand on one line"),
        ({"title": "A \u0007 bell"}, "`title` of the brief holds control characters"),
        ({"title": "Read \u202e backwards"}, "`title` of the brief holds control characters"),
        ({"title": "Half a sign \ud800"}, "`title` of the brief holds characters that can't be stored"),
        ({"title": "<b>Bold</b>"}, "`title` of the brief holds an HTML tag"),
        ({"questions": ["Why?", "<script>x</script>"]}, "entry 2 of `questions` of the brief holds an HTML tag"),
        ({"audience": "Nul \0"}, "`audience` of the brief holds control characters"),
        ({"description": "x" * 1001}, "`description` of the brief may have at most 1,000 characters, not 1,001"),
        ({"brand_voice": "x" * 2001}, "`brand_voice` of the brief may have at most 2,000 characters"),
        ({"rejection_reason": "x" * 2001}, "`rejection_reason` of the brief may have at most 2,000 characters"),
        (
            {"outline": [{"heading": "A", "level": 2, "points": ["a\u2028b"], "words": 99}]},
            "entry 1 of `points` of entry 1 of `outline` of the brief has to stand on one line",
        ),
        (
            {"outline": [{"heading": "A", "level": 4, "points": [], "words": 99}]},
            "`level` of entry 1 of `outline` of the brief has to be at most 3",
        ),
        ({"links": [{"id": "page-9", "title": "x", "url": "https://evil.example"}]}, "page-9 was not among them"),
        ({"outline": [{"heading": "A", "level": 3, "points": [], "words": 99}]}, "has level 2"),
        ({"outline": [{"heading": "A", "level": 2, "points": [], "words": 99}] * 2}, "the same heading"),
    ],
)
def test_a_brief_that_can_not_be_written_from_is_refused(
    igny8: Igny8, brief: dict[str, Any], tmp_path: Path, change: dict[str, Any], complaint: str
) -> None:
    file = tmp_path / "brief.json"
    file.write_text(json.dumps({**brief, **change}))
    refused = igny8("tasks", "edit-brief", "camp", 1, "--file", file)
    assert refused.code == 2
    assert complaint in refused.err
    assert igny8("tasks", "brief", "camp", 1, "--json").json == brief


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{\n  ?", "is not JSON at line 2, column 3"),
        ("", "is not JSON at line 1, column 1"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"a":' * 30_000, "is nested too deeply"),
        ('{"word_target": ' + "9" * 5000 + "}", "holds a number that is too large"),
        ('{"word_target": NaN}', "holds NaN, which is no number in JSON"),
        ("[]", "the brief has to be a JSON object, written in { }"),
        ("{}", "`title` of the brief is missing"),
        ("x" * 200_001, "a brief has at most 200,000 characters"),
        ("x" * 800_001, "brief.json is too large; a brief has at most 200,000 characters"),
    ],
)
def test_what_is_no_brief_is_told_in_a_line(
    igny8: Igny8, brief: dict[str, Any], tmp_path: Path, text: str, complaint: str
) -> None:
    file = tmp_path / "brief.json"
    file.write_text(text)
    assert_refused(igny8("tasks", "edit-brief", "camp", 1, "--file", file), complaint)
    assert igny8("tasks", "brief", "camp", 1, "--json").json == brief


def test_a_file_that_can_not_be_read_is_told_in_a_line(igny8: Igny8, brief: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "brief.json"
    assert_refused(igny8("tasks", "edit-brief", "camp", 1, "--file", file), "there is no such file")
    assert_refused(igny8("tasks", "edit-brief", "camp", 1, "--file", tmp_path), "is a folder; name the file")
    file.write_bytes(b"\xff{}")
    assert_refused(igny8("tasks", "edit-brief", "camp", 1, "--file", file), "is not UTF-8 text")


def test_what_a_model_wrote_may_stay_as_it_is(
    igny8: Igny8, store: Store, brief: dict[str, Any], tmp_path: Path
) -> None:
    brief["outline"][0]["heading"] = "The <b>bold</b>\ttruth"
    brief["description"] = "x" * 3000
    with store.write() as session:
        session.get_one(Task, 1).brief = brief
    file = tmp_path / "brief.json"
    file.write_text(json.dumps({**brief, "audience": "Those who read\nover two lines"}))
    assert igny8("tasks", "edit-brief", "camp", 1, "--file", file).code == 0


def test_a_task_that_is_not_there_is_told_with_where_to_look(igny8: Igny8, brief: dict[str, Any]) -> None:
    assert_refused(igny8("tasks", "brief", "camp", 99), "has no task 99; `igny8 tasks list camp` shows them")
    assert "no draft of task 1 was given up" in igny8("tasks", "report", "camp", 1).err


def test_a_task_without_a_brief_says_how_to_get_one(igny8: Igny8, store: Store) -> None:
    make_waiting(store, 4, 1)
    refused = igny8("tasks", "brief", "camp", 1)
    assert refused.code == 2
    assert "review_briefs=true" in refused.err
