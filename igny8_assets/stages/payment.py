"""What an item costs a run: set aside when it is taken, if credits and the caps of the day allow it."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from igny8_assets.stages.stage import Item
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store import ledger
from igny8_assets.store.models import CreditEntry, EntryKind

OUT_OF_CREDITS = "out of credits"
BUDGET_REACHED = "budget reached"


# Put together once: it goes with every item.
_CHARGED = select(CreditEntry.id).where(
    CreditEntry.idempotency_key == bindparam("key"), CreditEntry.kind == EntryKind.CHARGE
)


class NoRoom(Exception):
    """An item can't be paid for now; `stopped` says by what the run stops, the message is the reason."""

    def __init__(self, stopped: str, reason: str) -> None:
        super().__init__(reason)
        self.stopped = stopped


def reserve(session: Session, ticket: RunTicket, stage: int, item: Item) -> int:
    """Set an item's price aside.

    Returns:
        What was set aside, in tenths; nothing for what was paid once, whatever made it pending.

    Raises:
        NoRoom: the balance is too low, or a cap of the day is reached.
    """
    work = work_of(ticket, stage, item)
    if item.tenths == 0 or session.connection().scalar(_CHARGED, {"key": work.key}):
        return 0
    try:
        ledger.reserve(session, work, item.tenths)
    except ledger.InsufficientCredits:
        balance = ledger.balance(session, work.account_id)
        reason = f"{OUT_OF_CREDITS}: the next item costs {item.tenths / 10}, the balance is {balance / 10}"
        raise NoRoom("credits", reason) from None
    except ledger.CapReached as reached:
        raise NoRoom("budget", f"{BUDGET_REACHED}: {reached}") from None
    return item.tenths


def work_of(ticket: RunTicket, stage: int, item: Item) -> ledger.Work:
    """An item as the ledger knows it."""
    site = ticket.site
    return ledger.Work(site.account_id, site.id, site.slug, ticket.run_id, ticket.launch, stage, item.key, item.attempt)
