"""Ideas, tasks and briefs over HTTP."""

from typing import Any

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import IdeaStatus, Site, TaskStatus
from igny8_assets_tests.ai.samples import BRIEF
from igny8_assets_tests.factories import assert_counters_are_true, make_idea, make_task
from igny8_assets_tests.web.serving import API, Client, problem_of

SHOP = "/sites/shop/"


@pytest.fixture
def ideas(store: Store, site: Site) -> list[int]:
    """Three new ideas, the least searched first."""
    with store.write() as session:
        return [make_idea(session, site, volume=volume).id for volume in (1, 2, 3)]


@pytest.fixture
def task(store: Store, site: Site) -> str:
    """The path of a pending task that has a brief."""
    with store.write() as session:
        return f"{SHOP}tasks/{make_task(session, site, brief=BRIEF.model_dump(mode='json')).id}/"


def change(client: Client, path: str, body: Any, method: str = "PATCH", version: str | None = None) -> Any:
    version = version or client.ask("GET", API + path).headers["ETag"]
    return client.ask(method, API + path, json=body, headers={"If-Match": version})


def numbers(client: Client, noun: str, **filters: Any) -> list[int]:
    return [one["id"] for one in client.get(f"{SHOP}{noun}/", **filters)["items"]]


def test_what_a_person_puts_first_comes_first(editor: Client, ideas: list[int]) -> None:
    assert numbers(editor, "ideas") == ideas[::-1]
    assert change(editor, f"{SHOP}ideas/{ideas[0]}/", {"priority": 5}).json()["priority"] == 5
    assert numbers(editor, "ideas") == [ideas[0], ideas[2], ideas[1]]
    first = editor.get(f"{SHOP}ideas/", limit=1)
    assert numbers(editor, "ideas", limit=2, after=first["next"]) == [ideas[2], ideas[1]]


def test_a_priority_is_changed_by_those_who_read_it(editor: Client, ideas: list[int]) -> None:
    path = f"{SHOP}ideas/{ideas[0]}/"
    version = editor.ask("GET", API + path).headers["ETag"]
    change(editor, path, {"priority": 5})
    problem_of(change(editor, path, {"priority": 6}, version=version), 412, "changed")
    problem_of(editor.ask("PATCH", API + path, json={"priority": 6}), 428, "if_match_missing")
    problem_of(change(editor, path, {"priority": 1001}), 422, "invalid")


def test_what_has_cost_something_keeps_its_place(editor: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        task = make_task(session, site, status=TaskStatus.COMPLETED)
        task.idea.status = IdeaStatus.COMPLETED
    for path in (f"{SHOP}ideas/{task.idea_id}/", f"{SHOP}tasks/{task.id}/"):
        problem_of(change(editor, path, {"priority": 6}), 400, "invalid")


@pytest.mark.parametrize(("noun", "waiting"), [("ideas", "new"), ("tasks", "pending")])
def test_they_are_held_released_and_dropped(
    editor: Client, store: Store, site: Site, ideas: list[int], task: str, noun: str, waiting: str
) -> None:
    ids = {"ids": numbers(editor, noun, status=waiting)}
    assert editor.post(f"{SHOP}{noun}/hold/", {**ids, "reason": "later"}) == {"changed": len(ids["ids"])}
    assert {one["held_reason"] for one in editor.get(f"{SHOP}{noun}/", status="held")["items"]} == {"later"}
    assert editor.post(f"{SHOP}{noun}/release/", ids) == {"changed": len(ids["ids"])}
    assert editor.post(f"{SHOP}{noun}/drop/", ids) == {"changed": len(ids["ids"])}
    assert numbers(editor, noun, status="dropped") == ids["ids"]
    refused = editor.ask("POST", f"{API}{SHOP}{noun}/drop/", json={"ids": [*ids["ids"], 999]})
    problem_of(refused, 404, "not_found")
    with store.write() as session:
        assert_counters_are_true(session, site)


def test_a_brief_is_read_and_changed(editor: Client, task: str) -> None:
    brief = editor.get(f"{task}brief/")
    changed = change(editor, f"{task}brief/", {**brief, "audience": "People who grind."}, "PUT")
    assert changed.status_code == 200, changed.text
    assert editor.get(f"{task}brief/")["audience"] == "People who grind."
    assert editor.get(task)["brief_edited_by"] == "Ada"
    problem_of(change(editor, f"{task}brief/", {**brief, "keyphrase": "tea"}, "PUT"), 400, "invalid")
    problem_of(change(editor, f"{task}brief/", brief, "PUT", version='"old"'), 412, "changed")


def test_a_task_without_a_brief_says_so(viewer: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        task = make_task(session, site)
    problem_of(viewer.ask("GET", f"{API}{SHOP}tasks/{task.id}/brief/"), 404, "not_found")
