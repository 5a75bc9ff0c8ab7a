"""Credits and costs over HTTP."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, AICall, CallStatus, KeyRole, Site
from igny8_assets_tests.factories import make_account, make_site
from igny8_assets_tests.store.test_models import make_run
from igny8_assets_tests.web.serving import API, Client, problem_of, with_key

LEDGER = "/credits/ledger/"


@pytest.fixture
def run_id(store: Store, site: Site) -> str:
    """A run that reserved 5 credits and was charged 3, and asked a model twice on two days."""
    with store.write() as session:
        run = make_run(session, site)
        work = ledger.Work(site.account_id, site.id, site.slug, run.id, 1, 4, "1", 1)
        ledger.reserve(session, work, 50)
        ledger.settle(session, work, 50, 30)
        for day in (1, 2):
            session.add(
                AICall(
                    site_id=site.id,
                    run_id=run.id,
                    launch=1,
                    stage=4,
                    work_key="shop:4:1:1",
                    function="generate_content",
                    provider="openai",
                    model="one",
                    prompt_version=1,
                    input_hash="0",
                    try_number=day,
                    status=CallStatus.ANSWERED,
                    tokens_in=1000,
                    cost_usd_pico=day * 10**10,
                    created_at=datetime(2026, 11, day, tzinfo=UTC),
                )
            )
        return run.id


def test_the_balance_is_told_with_its_caps(viewer: Client, store: Store, site: Site, run_id: str) -> None:
    with store.write() as session:
        session.get_one(Account, site.account_id).daily_credits_cap_tenths = 1005
    assert viewer.get("/credits/") == {
        "account": "default",
        "balance": 9997.0,
        "daily_credits_cap": 100.5,
        "daily_usd_cap": None,
        "writer_enabled": True,
    }


def test_the_ledger_adds_up_to_the_balance_page_by_page(viewer: Client, run_id: str) -> None:
    first = viewer.get(LEDGER, limit=3)
    second = viewer.get(LEDGER, limit=3, after=first["next"])
    entries = [*first["items"], *second["items"]]
    assert [one["kind"] for one in entries][-2:] == ["reserve", "grant"]
    assert sum(Decimal(str(one["amount"])) for one in entries) == Decimal("9997.0")


def test_the_ledger_is_filtered(viewer: Client, run_id: str) -> None:
    assert [one["amount"] for one in viewer.get(LEDGER, kind="charge")["items"]] == [-3.0]
    assert {one["run_id"] for one in viewer.get(LEDGER, run=run_id)["items"]} == {run_id}
    assert len(viewer.get(LEDGER, site="shop")["items"]) == 3
    problem_of(viewer.ask("GET", API + LEDGER, params={"site": "other"}), 404, "not_found")
    problem_of(viewer.ask("GET", API + LEDGER, params={"run": "0" * 36}), 404, "not_found")


def test_others_lines_are_not_seen(viewer: Client, store: Store, site: Site, run_id: str) -> None:
    with store.write() as session:
        elsewhere = make_site(session, "elsewhere", account=make_account(session, "other"))
        second = make_site(session, "second", account=session.get_one(Account, site.account_id))
    stranger = with_key(viewer, store, elsewhere, KeyRole.ADMIN)
    assert [one["kind"] for one in stranger.get(LEDGER)["items"]] == ["grant"]
    problem_of(stranger.ask("GET", API + LEDGER, params={"run": run_id}), 404, "not_found")
    assert with_key(viewer, store, site, KeyRole.ADMIN, second).get(LEDGER)["items"] == []


def test_costs_are_added_up(viewer: Client, run_id: str) -> None:
    told = viewer.get("/sites/shop/costs/")
    assert [(one["label"], one["spent"]["cost_usd"]) for one in told["costs"]] == [("4 Tasks → Content", 0.03)]
    by_day = viewer.get("/sites/shop/costs/", by="day", since="2026-11-02")
    assert [(one["label"], one["spent"]["tokens_in"]) for one in by_day["costs"]] == [("2026-11-02", 1000)]
    assert by_day["total"]["cost_usd"] == 0.02
    for wrong in ({"by": "mood"}, {"since": "yesterday"}):
        problem_of(viewer.ask("GET", f"{API}/sites/shop/costs/", params=wrong), 422, "invalid")
