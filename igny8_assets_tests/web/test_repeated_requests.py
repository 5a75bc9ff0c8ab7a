"""A POST with an Idempotency-Key is done once, however often and however many at a time it is sent."""

from concurrent.futures import ThreadPoolExecutor

import requests
from sqlalchemy import func, select

from igny8_assets.automation.clearing import ANSWERS_KEPT, remove_kept_answers
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, KeptAnswer, KeyRole, Site, utc_now
from igny8_assets_tests.web.serving import API, Client, problem_of, with_key


def ask(client: Client, key: str, stages: str = "1-7") -> requests.Response:
    params = {"site_id": "shop", "stages": stages}
    return client.ask("POST", f"{API}/automation/run_now/", params=params, headers={"Idempotency-Key": key})


def number_of_runs(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(AutomationRun)) or 0


def test_a_repetition_gets_the_first_answer(editor: Client, store: Store) -> None:
    first, again = ask(editor, "a"), ask(editor, "a")
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert number_of_runs(store) == 1


def test_the_same_request_sent_many_times_at_once_is_done_once(editor: Client, store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(editor, "a"), range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["run_id"] for answer in answers}) == 1
    assert number_of_runs(store) == 1


def test_a_key_that_was_used_for_another_request_is_refused(editor: Client, store: Store) -> None:
    ask(editor, "a")
    problem_of(ask(editor, "a", "1-3"), 422, "idempotency_key_reused")
    assert number_of_runs(store) == 1


def test_a_refusal_is_not_kept(editor: Client) -> None:
    run_id = ask(editor, "a").json()["run_id"]
    problem_of(ask(editor, "b"), 409, "run_active")
    editor.post("/automation/cancel/", run_id=run_id)
    assert ask(editor, "b").status_code == 202


def test_two_callers_may_choose_the_same_key(editor: Client, store: Store, site: Site) -> None:
    other = with_key(editor, store, site, KeyRole.EDITOR)
    ask(editor, "a")
    problem_of(ask(other, "a"), 409, "run_active")


def test_answers_are_kept_for_a_week(editor: Client, store: Store) -> None:
    ask(editor, "a")
    with store.write() as session:
        assert remove_kept_answers(session, utc_now()) == 0
        assert remove_kept_answers(session, utc_now() + ANSWERS_KEPT) == 1
        assert session.scalar(select(KeptAnswer)) is None
