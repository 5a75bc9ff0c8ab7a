"""A run that reaches a cap of the day pauses, with that reason; nothing is lost, and it goes on once there is room."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import select

from igny8_assets.automation.configuration import change_configuration
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, AICall, CallStatus, Cluster, RunStatus, Site
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.pipeline.running import open_run
from igny8_assets_tests.stages.camp import assert_sound, charged_tenths, count
from igny8_assets_tests.stages.driving import drive, find, resume
from igny8_assets_tests.stages.seeds import PRICES, make_waiting
from igny8_assets_tests.stages.service import served


def cap(store: Store, site: Site, **caps: object) -> None:
    with store.write() as session:
        change_configuration(session, session.get_one(Site, site.id), caps)


def test_a_run_pauses_at_the_cap_in_credits_and_goes_on_when_it_is_raised(store: Store) -> None:
    site = make_waiting(store, 2, 4)
    price = PRICES[2]
    cap(store, site, daily_credits_cap=str(Decimal(2 * price) / 10))
    ticket = open_run(store, site, 2, 2)
    report = drive(ticket)[2]
    run = find(store, ticket.run_id)
    assert (run.status, report.done) == (RunStatus.PAUSED, 2)
    assert (
        run.reason
        == f"budget reached: the site's cap of {price / 5} credits a day leaves 0.0, the next item costs {price / 10}"
    )
    assert charged_tenths(store, site) == 2 * price
    assert_sound(store, site)
    cap(store, site, daily_credits_cap="none")
    drive(resume(store, run.id))
    assert find(store, run.id).status == RunStatus.COMPLETED
    assert charged_tenths(store, site) == 4 * price
    assert_sound(store, site)


def test_an_accounts_cap_in_credits_counts_all_its_sites(store: Store) -> None:
    site = make_waiting(store, 2, 2, slug="one")
    with store.write() as session:
        session.get_one(Account, site.account_id).daily_credits_cap_tenths = 3 * PRICES[2]
    drive(open_run(store, site, 2, 2))
    other = make_waiting(store, 2, 2, slug="two")
    with store.write() as session:
        session.get_one(Site, other.id).account_id = site.account_id
    other.account_id = site.account_id
    ticket = open_run(store, other, 2, 2)
    drive(ticket)
    assert find(store, ticket.run_id).status == RunStatus.PAUSED
    assert "the account's cap" in str(find(store, ticket.run_id).reason)
    assert charged_tenths(store, other) == PRICES[2]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with served(monkeypatch) as server:
        monkeypatch.setenv("IGNY8_TEXT_MODEL", "gpt-4o-mini")
        yield server


def test_a_run_pauses_before_the_request_that_could_overrun_the_cap_in_dollars(
    store: Store, service: OpenAIServer
) -> None:
    site = make_waiting(store, 2, 4)
    cap(store, site, stage_2_cap=1)
    drive(open_run(store, site, 2, 2))
    with store.read() as session:
        first = session.scalars(select(AICall)).one()
    assert first.cost_usd_pico is not None
    # Room for one more request, whose real cost then leaves none for another.
    room = first.cost_usd_pico + first.reserved_usd_pico + first.cost_usd_pico // 2
    cap(store, site, stage_2_cap="none", daily_usd_cap=str(Decimal(room).scaleb(-12).quantize(Decimal("0.000001"))))
    ticket = open_run(store, site, 2, 2)
    drive(ticket)
    run = find(store, ticket.run_id)
    assert run.status == RunStatus.PAUSED
    assert str(run.reason).startswith("budget reached: the site's cap of $0.00")
    assert service.counts["generate_ideas"] == count(store, AICall, AICall.status == CallStatus.ANSWERED) == 2
    assert charged_tenths(store, site) == 2 * PRICES[2]
    assert_sound(store, site)
    assert count(store, Cluster, Cluster.failure_reason.is_not(None)) == 0
    cap(store, site, daily_usd_cap="none")
    drive(resume(store, run.id))
    assert find(store, run.id).status == RunStatus.COMPLETED
    assert service.counts["generate_ideas"] == 4
    assert_sound(store, site)


def test_under_a_cap_in_dollars_a_model_without_a_price_stops_the_run(
    store: Store, service: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_TEXT_MODEL", "my-own-model")
    site = make_waiting(store, 2, 2)
    cap(store, site, daily_usd_cap="1")
    ticket = open_run(store, site, 2, 2)
    drive(ticket)
    run = find(store, ticket.run_id)
    assert run.status == RunStatus.FAILED
    assert "my-own-model has no price" in str(run.reason)
    assert not service.received
    assert_sound(store, site)
