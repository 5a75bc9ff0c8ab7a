"""What the commands about ideas and tasks share: showing, holding, releasing and dropping them."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer
from sqlalchemy import select

from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import LARGEST_ID, ItemNumbers, SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import amount, say, show_rows
from igny8_assets.errors import UserError
from igny8_assets.review import holding

Reason = Annotated[str, typer.Option(help="Why; shown in the list.")]
Numbers = Annotated[list[int] | None, typer.Argument(metavar="[ID…]", min=1, max=LARGEST_ID, help="Their numbers.")]
All = Annotated[bool, typer.Option("--all", help="All that are held.")]


def show_planned(
    site: str,
    model: type[Any],
    status: StrEnum | None,
    limit: int,
    as_row: Callable[[Any], dict[str, Any]],
    *,
    as_json: bool,
) -> None:
    """Show ideas or tasks, the most wanted first."""
    with open_installation() as installation, installation.store.read() as session:
        wanted = (
            select(model)
            .where(model.site_id == find_site(session, site).id)
            .order_by(model.priority.desc(), model.volume.desc(), model.id)
            .limit(limit)
        )
        if status is not None:
            wanted = wanted.where(model.status == status)
        rows = [
            {
                **as_row(row),
                "volume": row.volume,
                "status": row.status.value,
                "reason": row.held_reason or getattr(row, "failure_reason", None),
                "resembles": row.resembles,
            }
            for row in session.scalars(wanted)
        ]
    show_rows(rows, as_json=as_json, empty=f"{site} has none; `igny8 run {site} --stages 1-3` plans them")


def add_decisions(app: typer.Typer, noun: holding.Noun) -> None:
    """Add `hold`, `release` and `drop` for ideas or for tasks."""

    def hold(site: SiteArgument, ids: ItemNumbers, reason: Reason) -> None:
        with open_installation() as installation, installation.store.write() as session:
            changed = holding.hold(session, find_site(session, site), noun, ids, reason)
        say(f"{amount(changed, noun)} held; `igny8 {noun}s release {site} ID` lets go")

    def release(site: SiteArgument, ids: Numbers = None, everything: All = False) -> None:
        if bool(ids) == everything:
            raise UserError(f"name the {noun}s by their numbers, or all that are held by --all")
        with open_installation() as installation, installation.store.write() as session:
            row = find_site(session, site)
            if everything:
                changed = holding.release_all(session, row, noun)
            else:
                changed = holding.release(session, row, noun, ids or [])
        say(f"{amount(changed, noun)} released")

    def drop(site: SiteArgument, ids: ItemNumbers) -> None:
        with open_installation() as installation, installation.store.write() as session:
            changed = holding.drop(session, find_site(session, site), noun, ids)
        say(f"{amount(changed, noun)} dropped")

    app.command("hold", help=f"Hold {noun}s back until you release them.")(hold)
    app.command("release", help=f"Let held {noun}s go on.")(release)
    app.command("drop", help=f"Give {noun}s up.")(drop)
