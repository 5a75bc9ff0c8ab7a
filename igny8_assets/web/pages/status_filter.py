"""The filter of a planner's list: all rows, or those of one status."""

from collections.abc import Sequence

from igny8_assets.errors import UserError
from igny8_assets.web.pages.rendering import texts


def chosen_status(status: str, statuses: Sequence[str]) -> str | None:
    """The status that was chosen, or nothing for all.

    Raises:
        UserError: there is no such status.
    """
    if status and status not in statuses:
        raise UserError(texts()["planner"]["no_such_status"])
    return status or None
