"""What waits for a person before the stages can go on with it."""

from sqlalchemy.orm import Session

from igny8_assets.cli.output import amount, say
from igny8_assets.store import counters
from igny8_assets.store.models import IdeaStatus, Site, TaskStatus


def show_held(session: Session, site: Site) -> None:
    """Say how many ideas and tasks of a site are held, and where the reasons are."""
    counted = counters.read(session, site.id)
    for noun, held in (("idea", counted["idea", IdeaStatus.HELD]), ("task", counted["task", TaskStatus.HELD])):
        if held:
            say(f"{amount(held, noun)} held; `igny8 {noun}s list {site.slug} --status held` says why")
