"""Ideas and tasks on the command line."""

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_idea, make_task

MISTAKES = [
    ("hold", "shop", "1"),
    ("hold", "shop", "--reason", "x"),
    ("hold", "shop", "0", "--reason", "x"),
    ("hold", "shop", "9" * 30, "--reason", "x"),
    ("hold", "shop", "12345", "--reason", "x"),
    ("hold", "nowhere", "1", "--reason", "x"),
    ("release", "shop"),
    ("release", "shop", "1", "--all"),
    ("release", "shop", "abc"),
    ("drop", "shop", "--", "-1"),
    ("list", "shop", "--status", "lost"),
]


def test_an_idea_is_held_with_its_reason_and_released(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        idea = make_idea(session, site)
    assert "1 idea held" in igny8("ideas", "hold", "shop", idea.id, "--reason", "not this season").out
    (row,) = igny8("ideas", "list", "shop", "--status", "held", "--json").json
    assert (row["id"], row["reason"]) == (idea.id, "not this season")
    igny8("ideas", "release", "shop", idea.id)
    assert igny8("ideas", "list", "shop", "--json").json[0]["status"] == "new"


def test_all_held_tasks_are_released_at_once(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        tasks = [make_task(session, site) for _ in range(3)]
    igny8("tasks", "hold", "shop", *(task.id for task in tasks), "--reason", "wait")
    assert "3 tasks released" in igny8("tasks", "release", "shop", "--all").out
    assert {row["status"] for row in igny8("tasks", "list", "shop", "--json").json} == {"pending"}


def test_tasks_are_dropped(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        task = make_task(session, site)
    assert "1 task dropped" in igny8("tasks", "drop", "shop", task.id).out
    assert igny8("tasks", "list", "shop", "--status", "pending", "--json").json == []


def test_what_is_dropped_no_longer_says_why_it_was_held(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        task = make_task(session, site)
    igny8("tasks", "hold", "shop", task.id, "--reason", "release it when you like it")
    igny8("tasks", "drop", "shop", task.id)
    (row,) = igny8("tasks", "list", "shop", "--json").json
    assert (row["status"], row["reason"]) == ("dropped", None)


@pytest.mark.parametrize("noun", ["ideas", "tasks"])
def test_a_mistake_is_one_clear_line(igny8: Igny8, site: Site, noun: str) -> None:
    for arguments in MISTAKES:
        assert_refused(igny8(noun, *arguments))
