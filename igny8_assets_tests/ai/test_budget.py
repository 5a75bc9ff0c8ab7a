"""What calls cost is stored to the last digit, and no cap of a day is overrun."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from igny8_assets.ai.budget import BudgetReached
from igny8_assets.ai.calls import mark_unanswered
from igny8_assets.ai.prices import load_prices
from igny8_assets.ai.provider import BadAnswer, Misconfigured, ProviderError, Rejected
from igny8_assets.ai.spending import spent_by
from igny8_assets.store.amounts import PICO_PER_USD
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, AICall, AutomationConfig, CallStatus, DailyCost, Site
from igny8_assets_tests.ai.asking import Asking, make_asking
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.factories import make_site

PRICED: dict[str, Any] = {"text_model": "gpt-4o-mini", "ai_attempts": 1}
PRICE = load_prices().prices["gpt-4o-mini"]


@pytest.fixture
def asking(store: Store, openai_server: OpenAIServer) -> Asking:
    return make_asking(store, openai_server)


def day_of(store: Store, site_id: int) -> tuple[int, int]:
    """What a site's only day cost: known and possible."""
    with store.read() as session:
        row = session.scalars(select(DailyCost).where(DailyCost.site_id == site_id)).one()
        return row.known_usd_pico, row.possible_usd_pico


def assert_the_day_adds_up(store: Store, site_id: int) -> None:
    """The day's figures are those of its calls."""
    with store.read() as session:
        spent = spent_by(session, AICall.site_id == site_id)[None]
    assert day_of(store, site_id) == (spent.known_usd_pico, spent.possible_usd_pico)


def test_a_call_costs_its_tokens_times_the_price(asking: Asking) -> None:
    asking.ask(**PRICED)
    call = asking.calls()[0]
    assert call.cost_usd_pico == call.tokens_in * PRICE.input + call.tokens_out * PRICE.output
    assert call.price_version == load_prices().version
    assert 0 < call.cost_usd_pico < call.reserved_usd_pico
    assert day_of(asking.store, asking.context.site_id) == (call.cost_usd_pico, 0)


@pytest.mark.parametrize(
    ("fault", "known", "possible"),
    [
        (Fault("length"), True, False),
        (Fault("refusal"), True, False),
        (Fault("content_filter"), True, False),
        (Fault("empty_choices"), True, False),
        (Fault("other_items"), True, False),
        (status(500), False, False),
        (status(400, "no"), False, False),
        (Fault("closed"), False, True),
        (Fault("half"), False, True),
        (Fault("invalid_json"), False, True),
        (Fault("hang"), False, True),
    ],
)
def test_what_came_to_nothing_costs_what_it_cost(asking: Asking, fault: Fault, known: bool, possible: bool) -> None:
    asking.server.faults = [fault]
    with pytest.raises(ProviderError):
        asking.ask(**PRICED, ai_timeout_seconds=0.5)
    cost = day_of(asking.store, asking.context.site_id)
    assert (cost[0] > 0, cost[1] > 0) == (known, possible)
    assert_the_day_adds_up(asking.store, asking.context.site_id)


def test_a_replayed_answer_costs_nothing_again(asking: Asking) -> None:
    asking.ask(**PRICED)
    before = day_of(asking.store, asking.context.site_id)
    asking.ask(**PRICED)
    assert day_of(asking.store, asking.context.site_id) == before


def test_a_call_that_nobody_heard_of_again_stays_possible(asking: Asking) -> None:
    asking.server.faults = [Fault("closed")]
    with pytest.raises(ProviderError):
        asking.ask(**PRICED)
    with asking.store.write() as session:
        session.execute(update(AICall).values(status=CallStatus.SENT))
        mark_unanswered(session, asking.context.run_id)
        spent = spent_by(session, AICall.site_id == asking.context.site_id)[None]
    assert (spent.known_usd_pico, spent.possible_usd_pico) == (0, asking.calls()[0].reserved_usd_pico)


def test_an_answer_of_a_service_that_does_not_count_stays_possible(asking: Asking) -> None:
    asking.server.counts_tokens = False
    asking.ask(**PRICED)
    assert day_of(asking.store, asking.context.site_id) == (0, asking.calls()[0].reserved_usd_pico)


def test_a_model_without_a_price_has_an_unknown_cost(asking: Asking) -> None:
    asking.ask(text_model="my-own-model")
    assert asking.calls()[0].cost_usd_pico is None
    with asking.store.read() as session:
        assert spent_by(session)[None].unpriced == 1


def test_under_a_cap_a_model_needs_a_price(asking: Asking) -> None:
    cap_site(asking.store, 10 * PICO_PER_USD)
    with pytest.raises(Misconfigured, match="IGNY8_PRICES"):
        asking.ask(text_model="my-own-model")
    assert not asking.server.received


def test_no_request_is_sent_that_could_overrun_the_cap(asking: Asking) -> None:
    asking.ask(**PRICED)
    most = asking.calls()[0].reserved_usd_pico
    spent, _ = day_of(asking.store, asking.context.site_id)
    cap_site(asking.store, spent + most - 1)
    with pytest.raises(BudgetReached, match=r"the site's cap of .* a day is reached"):
        asking.ask(**PRICED, work="shop:1:k2:1")
    assert len(asking.server.received) == len(asking.calls()) == 1
    cap_site(asking.store, spent + most)
    asking.ask(**PRICED, work="shop:1:k2:1")
    assert_the_day_adds_up(asking.store, asking.context.site_id)


def test_yesterday_does_not_count(asking: Asking) -> None:
    asking.ask(**PRICED)
    most = asking.calls()[0].reserved_usd_pico
    cap_site(asking.store, most)
    with asking.store.write() as session:
        session.execute(update(DailyCost).values(day="2026-01-01"))
    asking.ask(**PRICED, work="shop:1:k2:1")


def test_sites_of_one_account_cannot_overspend_together(asking: Asking) -> None:
    with asking.store.write() as session:
        account = session.scalars(select(Account)).one()
        sites = [make_site(session, f"shop-{number}", account=account) for number in range(3)]
    askings = [
        make_asking(Store(asking.store.url), asking.server, site=site, run_id=str(number) * 36)
        for number, site in enumerate(sites, 1)
    ]
    asking.server.delay = 0.1
    askings[0].ask(**PRICED)
    most = askings[0].calls()[0].reserved_usd_pico
    cap = 6 * most
    with asking.store.write() as session:
        session.execute(update(Account).values(daily_usd_cap_pico=cap))
    refused: list[BaseException] = []

    def work(mine: Asking, numbers: range) -> None:
        for number in numbers:
            try:
                mine.ask(**PRICED, work=f"{mine.context.work_key}:{number}")
            except BudgetReached as reached:
                refused.append(reached)

    parts = [range(5 * part, 5 * part + 5) for part in range(3)]
    threads = [threading.Thread(target=work, args=(mine, part)) for mine in askings for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with asking.store.read() as session:
        total = session.scalar(select(func.sum(DailyCost.known_usd_pico + DailyCost.possible_usd_pico)))
    assert total is not None
    assert total <= cap
    for mine in askings:
        assert_the_day_adds_up(asking.store, mine.context.site_id)
        mine.store.close()


def test_a_picture_that_can_not_be_used_is_paid_for(asking: Asking) -> None:
    asking.server.faults = [Fault("picture_gone")]
    with pytest.raises(BadAnswer):
        asking.draw(lambda data: {}, image_model="gpt-image-2.5-flare", ai_attempts=1)
    call = asking.calls()[0]
    assert (call.status, call.images) == (CallStatus.FAILED, 1)
    assert call.cost_usd_pico is not None
    assert Decimal(call.cost_usd_pico) > 0


def test_a_refused_picture_costs_nothing(asking: Asking) -> None:
    asking.server.faults = [status(400, "flagged")]
    with pytest.raises(Rejected):
        asking.draw(lambda data: {}, image_model="gpt-image-2.5-flare")
    assert asking.calls()[0].cost_usd_pico == 0


def cap_site(store: Store, pico: int) -> None:
    with store.write() as session:
        site = session.scalars(select(Site)).first()
        assert site is not None
        session.execute(update(AutomationConfig).values(daily_usd_cap_pico=pico))
