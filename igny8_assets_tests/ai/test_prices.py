"""What a request costs: tokens times price, to the last digit."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.ai.prices import PICO_PER_USD, Price, Usage, load_prices
from igny8_assets.errors import UserError

COUNTS = st.integers(min_value=0, max_value=10**9)
PER_MILLION = st.decimals(min_value=0, max_value=1000, places=6)


@given(COUNTS, COUNTS, COUNTS, PER_MILLION, PER_MILLION, PER_MILLION)
def test_the_cost_is_tokens_times_price_to_the_last_digit(
    tokens_in: int, cached: int, tokens_out: int, price_in: Decimal, price_cached: Decimal, price_out: Decimal
) -> None:
    cached = min(cached, tokens_in)
    price = Price(int(price_in * 10**6), int(price_cached * 10**6), int(price_out * 10**6))
    exact = ((tokens_in - cached) * price_in + cached * price_cached + tokens_out * price_out) / 10**6
    cost = price.cost(Usage(tokens_in, tokens_out, cached))
    assert cost is not None
    assert Decimal(cost) / PICO_PER_USD == exact


@given(st.sampled_from(sorted(load_prices().prices)), COUNTS, COUNTS)
def test_no_price_of_the_table_loses_a_digit(model: str, tokens_in: int, tokens_out: int) -> None:
    price = load_prices().price_of(model)
    assert price is not None
    one, many = price.cost(Usage(1, 1)), price.cost(Usage(tokens_in, tokens_out))
    assert one == price.input + price.output
    assert many == tokens_in * price.input + tokens_out * price.output


def test_a_service_that_counts_more_known_tokens_than_tokens_is_not_believed() -> None:
    assert Price(10, 1, 0).cost(Usage(5, 0, tokens_cached=50)) == 5


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("gpt-4o-mini", True),
        ("gpt-4o-mini-2024-07-18", True),
        ("gpt-4o-latest", True),
        ("gpt-4o-realtime", False),
        ("gpt-4", False),
        ("my-own-model", False),
        ("", False),
    ],
)
def test_a_model_bears_its_name_or_that_name_with_a_date(model: str, known: bool) -> None:
    assert (load_prices().price_of(model) is not None) == known


def test_the_longest_name_counts() -> None:
    table = load_prices()
    assert table.price_of("gpt-4o-mini-2024-07-18") == table.prices["gpt-4o-mini"]


def test_pictures_are_priced_by_tokens_or_each_by_size() -> None:
    table = load_prices()
    by_tokens, each = table.prices["gpt-image-2.5-flare"], table.prices["dall-e-3"]
    assert by_tokens.cost(Usage(100, 1568, images=1)) == (100 * 5 + 1568 * 30) * 10**6
    assert each.cost(Usage(images=1), "high 1792x1024") == 12 * 10**10
    assert each.cost(Usage(images=1), "high 10x10") is None


def test_a_file_of_ones_own_adds_and_replaces_models(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text("version: mine\ntext:\n  my-model: {input: 1, output: 2.5}\n  gpt-4o: {input: 7, output: 7}\n")
    table = load_prices(file)
    assert table.version.startswith("mine over 20")
    assert table.prices["my-model"] == Price(1_000_000, 1_000_000, 2_500_000)
    assert table.prices["gpt-4o"].input == 7_000_000
    assert "gpt-4o-mini" in table.prices
    file.write_text("version: mine\ntext:\n  my-model: {input: 22, output: 2.5}\n")
    assert load_prices(file).prices["my-model"].input == 22_000_000


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[", "not valid YAML at line"),
        ("text: {}", "needs a `version`"),
        ("version: 1\nsounds: {}", "'sounds' is not one of"),
        ("version: 1\ntext: [a]", "`text` has models"),
        ("version: 1\ntext:\n  m: {input: cheap}", "m: 'cheap' is not a price"),
        ("version: 1\ntext:\n  m: {input: 0.0000001}", "too many decimals"),
        ("version: 1\ntext:\n  m: {input: -1}", "m: -1 is negative"),
        ("version: 1\ntext:\n  m: {input: 10001}", "m: 10001 is more than 10,000 dollars"),
        ("version: 1\nimages:\n  m: {each: {any: 1e30}}", "more than 10,000 dollars"),
        ("[1]", "needs a `version`"),
        ("version: 1\ntext:\n  m: {inputs: 1}", "a price has `input`"),
        ("version: 1\nimages:\n  m: {each: 3}", "`each` has prices by quality"),
        ("version: 1\ntext:\n  m: {input: .nan}", "not a price"),
        ("version: 1\ntext:\n  m: {input: .inf}", "not a price"),
    ],
)
def test_a_mistake_in_the_file_is_told_in_a_line(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(text)
    with pytest.raises(UserError, match=complaint) as told:
        load_prices(file)
    assert "\n" not in str(told.value)
    with pytest.raises(UserError, match="IGNY8_PRICES"):
        load_prices(tmp_path / "none.yaml")
