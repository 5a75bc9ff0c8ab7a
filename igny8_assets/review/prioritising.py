"""Which ideas and tasks come first: a person's order, given before they cost anything."""

from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.review.holding import Noun, find_planned, refuse_become_a_task
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import ContentIdea, Site, Task

LARGEST_PRIORITY = 1000
_WAITING = {"idea": ("new", "held"), "task": ("pending", "held", "failed")}


def set_priority(session: Session, site: Site, noun: Noun, row_id: int, priority: int) -> ContentIdea | Task:
    """Say how soon an idea or a task is taken up: those of a higher priority go first, then the most searched.

    Args:
        priority: from -1000 to 1000; 0 is what all begin with.

    Raises:
        UserError: the site has none such, it is past waiting, or the priority is out of bounds; nothing was changed.
    """
    if abs(priority) > LARGEST_PRIORITY:
        raise UserError(f"a priority is a whole number from -{LARGEST_PRIORITY} to {LARGEST_PRIORITY}")
    take_turn(session, site.id)
    row = find_planned(session, site, noun, row_id)
    refuse_become_a_task(site, row)
    if row.status not in _WAITING[noun]:
        raise UserError(f"{noun} {row_id} is {row.status.value}; only what waits can be put before others")
    row.priority = priority
    return row
