"""What a site's requests cost is shown to the last digit: tokens as the service counted them times the price."""

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from igny8_assets.automation.costs import costs_of, total_of
from igny8_assets.store.amounts import usd_text
from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, RunStatus, Site
from igny8_assets_tests.ai.asking import QUESTION, make_asking
from igny8_assets_tests.ai.faults import Fault
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.ai.valid_answers import valid_answer
from igny8_assets_tests.factories import make_site

PER_MILLION = {
    "gpt-5.4-mini": ("0.75", "0.075", "4.50"),
    "gpt-4o": ("2.50", "1.25", "10.00"),
    "gpt-5-nano": ("0.05", "0.005", "0.40"),
}
TOKENS = st.integers(0, 3_000_000)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(PER_MILLION)), TOKENS, TOKENS, TOKENS), min_size=1, max_size=4))
def test_the_cost_shown_is_tokens_times_price(store: Store, answers: list[tuple[str, int, int, int]]) -> None:
    with OpenAIServer() as server:
        with store.write() as session:
            site = session.scalars(select(Site)).first() or make_site(session)
            # A site has one active run at a time.
            session.execute(update(AutomationRun).values(status=RunStatus.COMPLETED))
            runs = session.scalar(select(func.count()).select_from(AutomationRun)) or 0
        asking = make_asking(store, server, site=site, run_id=f"{runs:036}")
        before = shown(store, asking.context.site_id)
        exact = Decimal(0)
        for number, (model, known, new, tokens_out) in enumerate(answers):
            tokens_in, cached = known + new, known
            server.faults = [answer_with(tokens_in, cached, tokens_out)]
            asking.ask(work=f"shop:1:{asking.context.run_id}:{number}", text_model=model)
            price_in, price_cached, price_out = map(Decimal, PER_MILLION[model])
            exact += ((tokens_in - cached) * price_in + cached * price_cached + tokens_out * price_out) / 10**6
    assert shown(store, asking.context.site_id) - before == exact


def shown(store: Store, site_id: int) -> Decimal:
    """The dollars that a person reads."""
    with store.read() as session:
        total = total_of(costs_of(session, session.get_one(Site, site_id), by="model"))
    return Decimal(usd_text(total.known_usd_pico).removeprefix("$"))


def answer_with(tokens_in: int, cached: int, tokens_out: int) -> Fault:
    """A good answer that used so much."""
    message = {"role": "assistant", "content": valid_answer(QUESTION).model_dump_json()}
    usage: dict[str, Any] = {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    return Fault(
        "status", status=200, body={"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}
    )
