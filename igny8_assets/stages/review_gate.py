"""Stage 7: counts the drafts that wait for a person; automation stops here."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from igny8_assets.stages.stage import Counts, Item, Kind
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import Illustration


class ReviewGate:
    """Stage 7: a person decides, so there is nothing to take, process or save."""

    number = 7
    name = "Manual review gate"
    kind: Kind = "Manual"
    batched = False
    entity = "texts"
    processed = "content_ready_for_review"
    made: tuple[str, ...] = ()

    async def prepare(self, tools: Tools) -> None:
        """Nothing to prepare."""

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        """Drafts whose pictures are all there."""
        return counters["content", Illustration.READY]

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        """Nothing: what waits here waits for a person."""
        return []

    async def process(self, item: Item, tools: Tools) -> None:
        """Never called, since nothing is selected."""

    def save(self, session: Session, ticket: RunTicket, item: Item, result: None) -> Counts:
        """Never called, since nothing is selected."""
        return {}

    def fail(self, session: Session, item: Item, reason: str) -> None:
        """Never called, since nothing is selected."""
