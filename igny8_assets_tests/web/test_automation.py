"""The ten operations over HTTP."""

import pytest
from sqlalchemy import select

from igny8_assets.settings import load_settings
from igny8_assets.stages.run_log import RunLog
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, AutomationRun, RunStatus, Site
from igny8_assets_tests.factories import make_keyword
from igny8_assets_tests.stages.driving import take
from igny8_assets_tests.web.serving import API, Client, problem_of


def run_now(client: Client) -> str:
    run_id: str = client.post("/automation/run_now/", site_id="shop")["run_id"]
    return run_id


def runs(store: Store) -> list[AutomationRun]:
    with store.read() as session:
        return list(session.scalars(select(AutomationRun)))


def test_a_run_that_is_asked_for_is_queued_for_the_daemon(editor: Client, store: Store) -> None:
    answer = editor.ask("POST", f"{API}/automation/run_now/", params={"site_id": "shop", "stages": "1-3"})
    assert answer.status_code == 202
    (run,) = runs(store)
    assert answer.json()["run_id"] == run.id
    assert (run.status, run.launcher, run.last_stage) == (RunStatus.QUEUED, "daemon", 3)


def test_a_second_run_is_refused_while_one_is_active(editor: Client) -> None:
    run_id = run_now(editor)
    refused = editor.ask("POST", f"{API}/automation/run_now/", params={"site_id": "shop"})
    assert run_id in problem_of(refused, 409, "run_active")["detail"]


def test_a_run_that_the_credits_do_not_cover_is_refused_with_402(editor: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        session.get_one(Account, site.account_id).balance_tenths = 0
        make_keyword(session, site)
    refused = editor.ask("POST", f"{API}/automation/run_now/", params={"site_id": "shop"})
    problem_of(refused, 402, "insufficient_credits")
    assert editor.get("/automation/estimate/", site_id="shop")["sufficient"] is False


def test_a_run_is_refused_with_403_where_the_writer_is_off(editor: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        session.get_one(Account, site.account_id).writer_enabled = False
    refused = editor.ask("POST", f"{API}/automation/run_now/", params={"site_id": "shop"})
    problem_of(refused, 403, "writer_disabled")


def test_the_current_run_tells_every_field(editor: Client) -> None:
    assert editor.get("/automation/current_run/", site_id="shop") == {"run": None}
    run_id = run_now(editor)
    run = editor.get("/automation/current_run/", site_id="shop")["run"]
    assert run["run_id"] == run_id
    assert run["status"] == "queued"
    assert run["total_credits_used"] == 0.0
    assert {f"stage_{number}_result" for number in range(1, 8)} <= set(run)


def test_a_queued_run_is_paused_resumed_and_canceled(editor: Client, store: Store) -> None:
    run_id = run_now(editor)
    assert editor.post("/automation/pause/", run_id=run_id)["status"] == "paused"
    assert editor.post("/automation/resume/", run_id=run_id)["status"] == "queued"
    problem_of(editor.ask("POST", f"{API}/automation/resume/", params={"run_id": run_id}), 409, "not_paused")
    assert editor.post("/automation/cancel/", run_id=run_id)["status"] == "canceled"
    problem_of(editor.ask("POST", f"{API}/automation/cancel/", params={"run_id": run_id}), 409, "run_over")
    assert runs(store)[0].launch == 2


def test_a_running_run_is_asked_to_pause(editor: Client, store: Store) -> None:
    run_id = run_now(editor)
    take(store, runs(store)[0])
    answer = editor.post("/automation/pause/", run_id=run_id)
    assert answer == {"run_id": run_id, "status": "running", "stop_request": "pause"}


def test_the_history_comes_page_by_page(editor: Client) -> None:
    made = []
    for _ in range(3):
        made.append(run_now(editor))
        editor.post("/automation/cancel/", run_id=made[-1])
    first = editor.get("/automation/history/", site_id="shop", limit=2)
    second = editor.get("/automation/history/", site_id="shop", limit=2, after=first["next"])
    assert [run["run_id"] for run in (*first["runs"], *second["runs"])] == made[::-1]
    assert second["next"] is None


def test_the_log_has_as_many_of_its_last_lines_as_are_asked_for(editor: Client) -> None:
    run_id = run_now(editor)
    log = RunLog(load_settings(), run_id)
    for number in range(120):
        log.write(f"line {number}", stage=1)
    lines = editor.get("/automation/logs/", run_id=run_id)["log"].splitlines()
    assert len(lines) == 100
    assert lines[-1].endswith("stage 1  line 119")
    assert len(editor.get("/automation/logs/", run_id=run_id, lines=50)["log"].splitlines()) == 50
    problem_of(editor.ask("GET", f"{API}/automation/logs/", params={"run_id": run_id, "lines": 7}), 422, "invalid")


def test_the_overview_has_seven_rows(viewer: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        make_keyword(session, site)
    stages = viewer.get("/automation/pipeline_overview/", site_id="shop")["stages"]
    assert [stage["number"] for stage in stages] == [1, 2, 3, 4, 5, 6, 7]
    assert [stage["type"] for stage in stages] == ["AI", "AI", "Local", "AI", "AI", "AI", "Manual"]
    assert stages[0] == {"number": 1, "name": "Keywords → Clusters", "pending": 1, "type": "AI", "failed": 0}


def test_settings_are_changed_and_read_again(admin: Client) -> None:
    path, params = f"{API}/automation/update_config/", {"site_id": "shop"}
    changes = {"is_enabled": True, "frequency": "weekly", "weekday": 2, "stage_1_cap": 7, "daily_usd_cap": 1.5}
    changed = admin.ask("PUT", path, params=params, json=changes).json()
    read = admin.get("/automation/config/", site_id="shop")
    assert read == changed
    assert changes.items() <= read.items()
    assert read["next_run_at"] is not None
    assert admin.ask("PUT", path, params=params, json={"stage_1_cap": None}).json()["stage_1_cap"] is None


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"weekday": 7}, "body.weekday"),
        ({"weekday": True}, "body.weekday"),
        ({"is_enabled": 1}, "body.is_enabled"),
        ({"nonsense": 1}, "body.nonsense"),
        ({"stage_1_batch_size": 0}, "body.stage_1"),
    ],
)
def test_a_bad_setting_is_named_and_nothing_is_changed(admin: Client, changes: dict[str, object], where: str) -> None:
    before = admin.get("/automation/config/", site_id="shop")
    refused = admin.ask(
        "PUT", f"{API}/automation/update_config/", params={"site_id": "shop"}, json={"reopen_after": 9, **changes}
    )
    assert problem_of(refused, 422, "invalid")["errors"][0]["where"].startswith(where)
    assert admin.get("/automation/config/", site_id="shop") == before


def test_of_two_who_change_settings_the_second_does_not_overwrite_the_first(admin: Client) -> None:
    path, params = f"{API}/automation/update_config/", {"site_id": "shop"}
    version = admin.ask("GET", f"{API}/automation/config/", params=params).headers["ETag"]
    first = admin.ask("PUT", path, params=params, json={"reopen_after": 7}, headers={"If-Match": version})
    assert first.status_code == 200
    second = admin.ask("PUT", path, params=params, json={"reopen_after": 8}, headers={"If-Match": version})
    problem_of(second, 412, "changed")
    third = admin.ask("PUT", path, params=params, json={"reopen_after": 8}, headers={"If-Match": first.headers["ETag"]})
    assert third.json()["reopen_after"] == 8


def test_what_a_path_takes_is_said_where_it_takes_something_else(editor: Client) -> None:
    refused = editor.ask("PATCH", f"{API}/sites/")
    problem_of(refused, 405, "method_not_allowed")
    assert refused.headers["Allow"] == "GET, POST"
