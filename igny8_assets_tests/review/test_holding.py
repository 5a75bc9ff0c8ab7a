"""Ideas and tasks are held with a reason, released to where they were, and dropped."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.review.holding import drop, hold, release, release_all
from igny8_assets.store.models import IdeaStatus, Site, TaskStatus
from igny8_assets_tests.factories import make_idea, make_site, make_task


def test_a_held_idea_has_its_reason_and_is_new_when_released(session: Session, site: Site) -> None:
    idea = make_idea(session, site)
    assert hold(session, site, "idea", [idea.id], "not this season") == 1
    assert (idea.status, idea.held_reason) == (IdeaStatus.HELD, "not this season")
    assert release(session, site, "idea", [idea.id]) == 1
    assert (idea.status, idea.held_reason) == (IdeaStatus.NEW, None)


def test_a_released_task_is_pending(session: Session, site: Site) -> None:
    task = make_task(session, site)
    hold(session, site, "task", [task.id], "wait")
    release(session, site, "task", [task.id])
    assert (task.status, task.attempt) == (TaskStatus.PENDING, 1)


def test_a_failed_task_that_was_held_begins_a_new_attempt(session: Session, site: Site) -> None:
    task = make_task(session, site, status=TaskStatus.FAILED, failure_reason="cut off")
    hold(session, site, "task", [task.id], "wait")
    release(session, site, "task", [task.id])
    assert (task.status, task.attempt, task.failure_reason) == (TaskStatus.PENDING, 2, None)


def test_releasing_all_leaves_what_was_dropped(session: Session, site: Site) -> None:
    held, dropped = make_idea(session, site), make_idea(session, site)
    hold(session, site, "idea", [held.id, dropped.id], "wait")
    drop(session, site, "idea", [dropped.id])
    assert release_all(session, site, "idea") == 1
    assert (held.status, dropped.status) == (IdeaStatus.NEW, IdeaStatus.DROPPED)


def test_a_dropped_task_comes_back_when_it_is_named(session: Session, site: Site) -> None:
    task = make_task(session, site)
    seen = []
    for decide in (drop, release):
        decide(session, site, "task", [task.id])
        seen.append(task.status)
    assert seen == [TaskStatus.DROPPED, TaskStatus.PENDING]


@pytest.mark.parametrize("decide", [drop, partial(hold, reason="wait"), release])
def test_a_completed_task_is_past_it(session: Session, site: Site, decide: Callable[..., int]) -> None:
    task = make_task(session, site, status=TaskStatus.COMPLETED)
    with pytest.raises(UserError, match="is completed"):
        decide(session, site, "task", [task.id])


def test_an_idea_that_is_a_task_already_is_held_as_that(session: Session, site: Site) -> None:
    idea = make_idea(session, site, status=IdeaStatus.IN_PROGRESS)
    with pytest.raises(UserError, match="is a task already"):
        hold(session, site, "idea", [idea.id], "wait")


def test_one_wrong_number_changes_none(session: Session, site: Site) -> None:
    idea, other = make_idea(session, site), make_idea(session, make_site(session, "other"))
    with pytest.raises(NotFound, match=f"no idea {other.id}"):
        hold(session, site, "idea", [idea.id, other.id], "wait")
    assert idea.status == IdeaStatus.NEW


def test_holding_needs_a_number_and_a_reason(session: Session, site: Site) -> None:
    with pytest.raises(UserError, match="name the tasks"):
        hold(session, site, "task", [], "wait")
    with pytest.raises(UserError, match="the reason"):
        hold(session, site, "task", [make_task(session, site).id], " ")
