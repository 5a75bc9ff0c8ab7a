"""Who is let in: valid keys, not too many requests; and what every answer tells the browser."""

import pytest

from igny8_assets.automation.keys import revoke_key
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import ApiKey, KeyRole, Site
from igny8_assets_tests.web.serving import API, Client, problem_of, serving, with_key
from igny8_assets_tests.web.statements import statements_of

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OVERVIEW = f"{API}/automation/pipeline_overview/"
SHOP = {"site_id": "shop"}


@ON_SQLITE
@pytest.mark.parametrize("shown", [None, "", "Bearer", "Bearer igny8_wrong", "Basic abc", "Bearer \u00ff"])
def test_without_a_valid_key_there_is_nothing_to_see(anyone: Client, site: Site, shown: str | None) -> None:
    headers = {} if shown is None else {"Authorization": shown.encode("latin-1")}
    for path in (OVERVIEW, f"{API}/nothing/"):
        refused = anyone.ask("GET", path, params=SHOP, headers=headers)
        problem_of(refused, 401, "unauthorized")
        assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_ends_at_once(viewer: Client, store: Store) -> None:
    viewer.get("/automation/pipeline_overview/", site_id="shop")
    with store.write() as session:
        (key,) = session.query(ApiKey).all()
        revoke_key(session, key.id)
    problem_of(viewer.ask("GET", OVERVIEW, params=SHOP), 401, "unauthorized")


@ON_SQLITE
def test_who_asks_and_for_which_sites_is_found_in_one_statement(anyone: Client, store: Store, site: Site) -> None:
    of_shop = with_key(anyone, store, site, KeyRole.VIEWER, site)
    with statements_of(store) as sent:
        of_shop.get("/automation/pipeline_overview/", site_id="shop")
    assert len([statement for statement in sent if "api_key" in statement]) == 1


def test_the_key_itself_is_not_kept(viewer: Client, store: Store) -> None:
    assert viewer.key is not None
    with store.read() as session:
        (key,) = session.query(ApiKey).all()
    assert viewer.key not in (key.key_sha256, key.label)
    assert len(viewer.key) > 40


@ON_SQLITE
def test_a_key_that_asks_too_often_has_to_wait(store: Store, site: Site) -> None:
    settings = load_settings().model_copy(update={"web_requests_per_minute": 5})
    with serving(store, settings) as anyone:
        limited = with_key(anyone, store, site, KeyRole.VIEWER)
        unlimited = with_key(anyone, store, site, KeyRole.VIEWER, is_limited=False)
        answers = [limited.ask("GET", OVERVIEW, params=SHOP) for _ in range(7)]
        assert [answer.status_code for answer in answers[:5]] == [200] * 5
        problem_of(answers[-1], 429, "too_many_requests")
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        assert {unlimited.ask("GET", OVERVIEW, params=SHOP).status_code for _ in range(7)} == {200}


@ON_SQLITE
@pytest.mark.parametrize("path", [OVERVIEW, "/healthz", "/nothing"])
def test_every_answer_has_the_security_headers(anyone: Client, site: Site, path: str) -> None:
    headers = anyone.ask("GET", path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


@ON_SQLITE
def test_health_and_readiness_need_no_key(anyone: Client) -> None:
    assert anyone.ask("GET", "/healthz").json() == {"status": "ok"}
    assert anyone.ask("GET", "/readyz").json() == {"status": "ok", "database": "ok"}


def test_a_database_that_is_gone_is_not_ready(anyone: Client, store: Store, home: object) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("drop table igny8_version")
    answer = anyone.ask("GET", "/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
