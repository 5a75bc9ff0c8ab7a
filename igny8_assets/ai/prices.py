"""What a request costs in dollars: used tokens and pictures times the price table, in whole numbers of 10⁻¹² dollar."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from igny8_assets.errors import UserError

PICO_PER_TOKEN = 10**6
"""A dollar for a million tokens is so many 10⁻¹² dollar for one."""
PICO_PER_USD = 10**12
VERSION_BEHIND = re.compile(r"-(\d[\w.-]*|latest|preview)")
KINDS = ("text", "images", "embeddings")
HIGHEST_USD = 10_000
"""Of a million tokens or a picture: sums of such prices still fit into a database's numbers."""


@dataclass(frozen=True)
class Usage:
    """What one answer used; `tokens_cached` is the part of `tokens_in` that the service had seen before.

    `counted` says whether the service counted tokens: without, what a model costs by them is not known.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    images: int = 0
    counted: bool = True

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.tokens_in + self.tokens_out


@dataclass(frozen=True)
class Price:
    """The price of a model in 10⁻¹² dollar: a token that comes in, is known already, or goes out; a picture each.

    `each` has prices by quality and size, as in `high 1792x1024`.
    """

    input: int = 0
    cached: int = 0
    output: int = 0
    each: Mapping[str, int] = field(default_factory=dict)

    def cost(self, usage: Usage, picture: str = "") -> int | None:
        """What an answer cost, in 10⁻¹² dollar.

        Args:
            picture: quality and size of the pictures, if any were made.

        Returns:
            The cost, or nothing when pictures are priced by size and this one is not in the table, or when tokens
            cost something and were not counted.
        """
        if not usage.counted and (self.input or self.output):
            return None
        cached = min(usage.tokens_cached, usage.tokens_in)
        tokens = (usage.tokens_in - cached) * self.input + cached * self.cached + usage.tokens_out * self.output
        if not self.each or not usage.images:
            return tokens
        each = self.each.get(picture)
        return None if each is None else tokens + usage.images * each


FREE = Price()


@dataclass(frozen=True)
class PriceTable:
    """Prices by model; `version` is stored with every cost that was worked out from them."""

    version: str
    prices: Mapping[str, Price]

    def price_of(self, model: str) -> Price | None:
        """The price of a model, or of the longest name that it bears with a date or version behind it."""
        if model in self.prices:
            return self.prices[model]
        known = [name for name in self.prices if VERSION_BEHIND.fullmatch(model.removeprefix(name))]
        dated = [name for name in known if model.startswith(name)]
        return self.prices[max(dated, key=len)] if dated else None


def load_prices(own_file: Path | None = None) -> PriceTable:
    """The price table that ships with igny8, with the models of a person's own file over it.

    Raises:
        UserError: the file can't be read, or a price in it is not one; says where.
    """
    if own_file is None:
        return _shipped()
    return _over_shipped(own_file.expanduser(), _stamp(own_file.expanduser()))


@cache
def _shipped() -> PriceTable:
    from importlib.resources import files

    text = files("igny8_assets.ai").joinpath("prices.yaml").read_text(encoding="utf-8")
    return _read(text, "prices.yaml")


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        raise UserError(f"the price table {path} can't be read; IGNY8_PRICES names it") from None
    return found.st_mtime_ns, found.st_size


@cache
def _over_shipped(path: Path, stamp: tuple[int, int]) -> PriceTable:  # noqa: ARG001 - read anew once it changed
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserError(f"the price table {path} can't be read; save it as UTF-8 text") from None
    own, shipped = _read(text, str(path)), _shipped()
    return PriceTable(f"{own.version} over {shipped.version}"[:40], {**shipped.prices, **own.prices})


def _read(text: str, place: str) -> PriceTable:
    from yaml import YAMLError, safe_load

    try:
        table = safe_load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise UserError(f"{place} is not valid YAML{line}") from None
    if not isinstance(table, dict):
        raise UserError(f"{place} needs a `version` and models under {', '.join(KINDS)}")
    if not isinstance(table.get("version"), str | int | float):
        raise UserError(f"{place} needs a `version`, such as the day of its prices, in a line of its own")
    prices: dict[str, Price] = {}
    for kind in KINDS:
        models = table.get(kind) or {}
        if not isinstance(models, dict):
            raise UserError(f"{place}: `{kind}` has models with their prices, e.g. my-model: {{input: 1, output: 2}}")
        prices |= {str(model): _price(facts, f"{place}: {model}") for model, facts in models.items()}
    if unknown := set(table) - {*KINDS, "version", "source"}:
        raise UserError(f"{place}: {min(map(str, unknown))!r} is not one of {', '.join(KINDS)}")
    return PriceTable(str(table["version"]), prices)


def _price(facts: Any, place: str) -> Price:
    if not isinstance(facts, dict) or not facts or set(facts) - {"input", "cached", "output", "each"}:
        raise UserError(f"{place}: a price has `input`, `cached`, `output` (per million tokens) or `each` (pictures)")
    tokens = {name: _pico(amount, PICO_PER_TOKEN, place) for name, amount in facts.items() if name != "each"}
    # A service that says nothing of a lower price for known tokens takes the full one.
    tokens.setdefault("cached", tokens.get("input", 0))
    each = facts.get("each") or {}
    if not isinstance(each, dict):
        raise UserError(f"{place}: `each` has prices by quality and size, e.g. standard 1024x1024: 0.04")
    return Price(**tokens, each={str(size): _pico(amount, PICO_PER_USD, place) for size, amount in each.items()})


def _pico(amount: Any, units: int, place: str) -> int:
    try:
        scaled = Decimal(str(amount)) * units
        whole = int(scaled)
    except (InvalidOperation, ValueError, OverflowError):
        raise UserError(f"{place}: {str(amount)[:40]!r} is not a price in dollars") from None
    told = f"{place}: {str(amount)[:40]}"
    if whole < 0:
        raise UserError(f"{told} is negative; a price is 0 or more dollars")
    if whole > HIGHEST_USD * units:
        raise UserError(f"{told} is more than {HIGHEST_USD:,} dollars, the highest price there may be")
    if whole != scaled:
        raise UserError(f"{told} has too many decimals; a price is exact to {len(str(units)) - 1} of them")
    return whole
