"""Sites over HTTP."""

import pytest

from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationConfig, KeyRole, Site
from igny8_assets_tests.factories import make_account, make_site
from igny8_assets_tests.web.serving import API, Client, problem_of, with_key

SHOP = f"{API}/sites/shop/"


def test_a_site_is_added_with_its_inbox(admin: Client) -> None:
    added = admin.ask("POST", f"{API}/sites/", json={"slug": "second", "domain": "www.example.com", "country": "uk"})
    assert added.status_code == 201
    assert admin.get("/sites/second/") == added.json()
    assert (added.json()["name"], added.json()["country"]) == ("second", "gb")
    assert (load_settings().inbox / "second").is_dir()
    assert [one["slug"] for one in admin.get("/sites/")["items"]] == ["shop", "second"]


def test_a_slug_that_is_taken_is_refused(admin: Client, store: Store) -> None:
    with store.write() as session:
        make_site(session, "theirs", account=make_account(session, "other"))
    for slug in ("shop", "theirs"):
        problem_of(admin.ask("POST", f"{API}/sites/", json={"slug": slug}), 409, "exists")


def test_a_key_for_some_sites_sees_those_alone_and_adds_none(anyone: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        make_site(session, "second", account=session.merge(site).account)
    limited = with_key(anyone, store, site, KeyRole.ADMIN, site)
    assert [one["slug"] for one in limited.get("/sites/")["items"]] == ["shop"]
    problem_of(limited.ask("GET", f"{API}/sites/second/"), 404, "not_found")
    problem_of(limited.ask("POST", f"{API}/sites/", json={"slug": "third"}), 403, "forbidden")


def test_sites_come_page_by_page(admin: Client) -> None:
    for slug in ("a", "b", "c"):
        admin.post("/sites/", {"slug": slug})
    first = admin.get("/sites/", limit=2)
    second = admin.get("/sites/", limit=2, after=first["next"])
    assert [one["slug"] for one in (*first["items"], *second["items"])] == ["shop", "a", "b", "c"]
    assert second["next"] is None


@pytest.mark.parametrize("after", ["x", "bm8", "WzEsMl0", "W3RydWVd", "Ww" * 90])
def test_a_bad_cursor_is_named(viewer: Client, after: str) -> None:
    problem_of(viewer.ask("GET", f"{API}/sites/", params={"after": after}), 422, "bad_cursor")


def test_a_site_is_changed_by_those_who_read_it(admin: Client) -> None:
    version = admin.ask("GET", SHOP).headers["ETag"]
    changes = {"name": "The shop", "time_zone": "Asia/Tokyo", "brand_voice": "dry"}
    problem_of(admin.ask("PATCH", SHOP, json=changes), 428, "if_match_missing")
    changed = admin.ask("PATCH", SHOP, json=changes, headers={"If-Match": version})
    assert changed.status_code == 200
    assert changes.items() <= admin.get("/sites/shop/").items()
    problem_of(admin.ask("PATCH", SHOP, json=changes, headers={"If-Match": version}), 412, "changed")


def test_another_time_zone_moves_the_schedule(admin: Client, store: Store, site: Site) -> None:
    params = {"site_id": "shop"}
    admin.ask("PUT", f"{API}/automation/update_config/", params=params, json={"is_enabled": True})
    admin.ask("PATCH", SHOP, json={"time_zone": "Asia/Tokyo"}, headers={"If-Match": "*"})
    with store.read() as session:
        due = session.get_one(AutomationConfig, site.id).next_run_at
    assert due is not None
    assert due.hour == 17


@pytest.mark.parametrize("changes", [{"time_zone": "Nowhere/Land"}, {"name": " "}, {"brand_voice": "é" * 2001}])
def test_a_value_that_no_site_has_is_refused(admin: Client, changes: dict[str, str]) -> None:
    before = admin.get("/sites/shop/")
    assert admin.ask("PATCH", SHOP, json=changes, headers={"If-Match": "*"}).status_code in (400, 422)
    assert admin.get("/sites/shop/") == before


def test_a_site_is_archived_and_restored(admin: Client) -> None:
    assert admin.post("/sites/shop/archive/")["status"] == "archived"
    assert admin.get("/sites/shop/")["status"] == "archived"
    assert admin.post("/sites/shop/restore/")["status"] == "active"
