"""What the operations about credits and costs answer."""

from datetime import datetime

from pydantic import BaseModel, Field

from igny8_assets.ai.spending import Spent
from igny8_assets.automation.costs import By, Cost, total_of
from igny8_assets.store.models import Account, CreditEntry, EntryKind
from igny8_assets.web.shapes import Credits, Usd, credits_of, usd_of


class BalanceAnswer(BaseModel):
    """What the account has, and what its sites may spend together in a UTC day."""

    account: str
    balance: Credits
    daily_credits_cap: Credits | None = Field(description="Nothing is no cap.")
    daily_usd_cap: Usd | None = Field(description="Nothing is no cap.")
    writer_enabled: bool

    @classmethod
    def of(cls, account: Account) -> "BalanceAnswer":
        """The answer that tells an account."""
        in_credits, in_usd = account.daily_credits_cap_tenths, account.daily_usd_cap_pico
        return cls(
            account=account.name,
            balance=credits_of(account.balance_tenths),
            daily_credits_cap=None if in_credits is None else credits_of(in_credits),
            daily_usd_cap=None if in_usd is None else usd_of(in_usd),
            writer_enabled=account.writer_enabled,
        )


class EntryFacts(BaseModel):
    """A line of the ledger; the balance is the sum of them all."""

    id: int
    kind: EntryKind
    amount: Credits = Field(description="What it adds to the balance; a charge and a reservation take away.")
    site: str | None
    run_id: str | None
    stage: int | None
    item: str | None
    note: str | None
    created_at: datetime

    @classmethod
    def of(cls, entry: CreditEntry, site: str | None) -> "EntryFacts":
        """The facts of a row."""
        return cls(
            id=entry.id,
            kind=entry.kind,
            amount=credits_of(entry.amount_tenths),
            site=site,
            run_id=entry.run_id,
            stage=entry.stage,
            item=entry.item,
            note=entry.note,
            created_at=entry.created_at,
        )


class SpentFacts(BaseModel):
    """What requests used and cost, added up."""

    calls: int
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    images: int
    seconds: float
    cost_usd: Usd
    possible_cost_usd: Usd = Field(description="Beyond that: of requests of which nobody knows what became of them.")
    unpriced_calls: int = Field(description="Answers of models that have no price.")

    @classmethod
    def of(cls, spent: Spent) -> "SpentFacts":
        """The facts of a sum."""
        return cls(
            calls=spent.calls,
            tokens_in=spent.tokens_in,
            tokens_cached=spent.tokens_cached,
            tokens_out=spent.tokens_out,
            images=spent.images,
            seconds=spent.latency_ms / 1000,
            cost_usd=usd_of(spent.known_usd_pico),
            possible_cost_usd=usd_of(spent.possible_usd_pico),
            unpriced_calls=spent.unpriced,
        )


class CostLine(BaseModel):
    """What was spent on one thing."""

    label: str = Field(examples=["4 Tasks → Content"])
    spent: SpentFacts


class CostsAnswer(BaseModel):
    """What a site's requests to AI services cost, line by line and in all."""

    by: By
    costs: list[CostLine]
    total: SpentFacts

    @classmethod
    def of(cls, by: By, costs: list[Cost]) -> "CostsAnswer":
        """The answer that tells costs."""
        lines = [CostLine(label=cost.label, spent=SpentFacts.of(cost.spent)) for cost in costs]
        return cls(by=by, costs=lines, total=SpentFacts.of(total_of(costs)))
