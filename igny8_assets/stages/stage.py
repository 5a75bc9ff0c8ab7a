"""What a stage is: three small functions around items; what is the same for all of them is in runner.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from sqlalchemy.orm import Session

from igny8_assets.ai.spending import Spent
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store.amounts import usd_from

if TYPE_CHECKING:
    from igny8_assets.stages.tools import Tools

Kind = Literal["AI", "Local", "Manual"]
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Item:
    """A piece of work: what is sent together, saved together and charged once.

    Attributes:
        key: names it within its site and stage, for the ledger.
        attempt: rises only when a person asks again.
        tenths: its price in tenths of a credit.
        size: how many rows of the stage's entity it stands for.
        facts: what `process` needs, read beforehand; never a live row.
    """

    key: str
    attempt: int
    tenths: int
    facts: Any
    size: int = 1
    label: str = ""


class ItemFailed(Exception):
    """An item can't be done; the message is the reason that a person reads.

    `permanent` items are marked failed and wait for a person; the others stay pending for the next run.
    """

    def __init__(self, reason: str, *, permanent: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class ItemSetAside(Exception):
    """An item is not to be worked on further in this run, and did not fail; the message is the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StageAborted(Exception):
    """No item of the stage can succeed until a person mends the set-up; the message is the reason."""


class Stage(Protocol):
    """One of the seven. `processed` and `made` name the counts of its result, in the order in which they are shown.

    `batched`: its items hold up to a batch of rows each, and not one.
    """

    number: int
    name: str
    kind: Kind
    batched: bool
    entity: str
    processed: str
    made: tuple[str, ...]

    async def prepare(self, tools: "Tools") -> None:
        """Decide, once per launch and before the first item, what needs the whole site at a time.

        Raises:
            StageAborted: it can't be decided; says why.
        """

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        """How many rows wait for this stage, from the site's counters."""

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        """Items of at most `limit` rows in all (one item at least, if any is left).

        `taken` has, by key, the items that are in hand or were left for a later run.
        """

    async def process(self, item: Item, tools: "Tools") -> Any:
        """Do the work of an item; touches the database only through the engine's stored calls.

        Raises:
            ItemFailed: this item can't be done.
            ItemSetAside: this item waits for a person.
            StageAborted: none can.
        """

    def save(self, session: Session, ticket: RunTicket, item: Item, result: Any) -> Counts:
        """Write what came of an item, and say how much of what was made."""

    def fail(self, session: Session, item: Item, reason: str) -> None:
        """Mark an item's rows failed with the reason, until a person asks for them again."""


@dataclass
class StageReport:
    """What a stage did in a run so far, over all its launches."""

    stage: int
    processed: str
    done: int = 0
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    credits_tenths: int = 0
    spent: Spent = field(default_factory=Spent)
    failures: list[dict[str, str]] = field(default_factory=list)
    failed: int = 0
    pending: int = 0
    seconds: float = 0.0
    stopped: str | None = None
    stop_reason: str | None = None

    def as_result(self) -> dict[str, Any]:
        """The result keys that are stored with the run; credits as a number with one decimal."""
        return {
            self.processed: self.done,
            **self.counts,
            "credits_used": self.credits_tenths / 10,
            "calls": self.spent.calls,
            "tokens_in": self.spent.tokens_in,
            "tokens_cached": self.spent.tokens_cached,
            "tokens_out": self.spent.tokens_out,
            "cost_usd": f"{usd_from(self.spent.known_usd_pico):f}",
            "possible_cost_usd": f"{usd_from(self.spent.possible_usd_pico):f}",
            "unpriced_calls": self.spent.unpriced,
            "failed": self.failed,
            "failures": self.failures,
            "pending": self.pending,
            "seconds": round(self.seconds, 3),
        }
