"""`igny8 tasks brief`, `edit-brief` and `report`."""

import json
from pathlib import Path
from typing import Any

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Task
from igny8_assets_tests.cli.conftest import Igny8
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


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"keyphrase": "another"}, "`keyphrase` of a brief comes from the task"),
        ({"outline": []}, "breaks its form at outline"),
        ({"word_target": 1}, "breaks its form at word_target"),
        ({"mood": "good"}, "breaks its form at mood"),
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


def test_what_is_no_brief_is_told(igny8: Igny8, brief: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "brief.json"
    file.write_text("{")
    assert "not JSON" in igny8("tasks", "edit-brief", "camp", 1, "--file", file).err
    assert igny8("tasks", "brief", "camp", 99).code == 2
    assert "no draft of task 1 was given up" in igny8("tasks", "report", "camp", 1).err


def test_a_task_without_a_brief_says_how_to_get_one(igny8: Igny8, store: Store) -> None:
    make_waiting(store, 4, 1)
    refused = igny8("tasks", "brief", "camp", 1)
    assert refused.code == 2
    assert "review_briefs=true" in refused.err
