"""The commands that ask again: `retry` for what failed, `redo` for what exists."""

from typing import Annotated

import typer

from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import LARGEST_ID, SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import say

ITEMS = {1: "keywords", 2: "clusters", 4: "tasks", 5: "texts", 6: "images"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("retry", help="Make what failed pending again.")(retry)
    app.command("redo", help="Have something made again that exists; charged again.")(redo)


def retry(
    site: SiteArgument,
    stage: Annotated[
        int | None, typer.Option(min=1, max=7, help="Only this stage; 1 takes the orphaned keywords along.")
    ] = None,
    item: Annotated[int | None, typer.Option(min=1, max=LARGEST_ID, help="Only this item of the stage.")] = None,
) -> None:
    """Make failed items pending again."""
    from igny8_assets.review import retrying

    with open_installation() as installation, installation.store.write() as session:
        asked = retrying.retry(session, find_site(session, site), stage, item)
    counts = ", ".join(f"{number} {ITEMS[stage]}" for stage, number in asked.items() if number)
    say(f"pending again: {counts}; `igny8 run {site}` does them" if counts else f"nothing of {site} failed there")


def redo(
    site: SiteArgument,
    stage: Annotated[int, typer.Option(min=1, max=7, help="4 writes a text again, 5 its prompts, 6 an image.")],
    item: Annotated[int, typer.Option(min=1, max=LARGEST_ID, help="The text's number; for stage 6 the image's.")],
) -> None:
    """Have something made again."""
    from igny8_assets.review import redoing

    with open_installation() as installation, installation.store.write() as session:
        redoing.redo(session, find_site(session, site), stage, item)
    say(f"{'image' if stage == 6 else 'text'} {item} is pending at stage {stage}; `igny8 run {site}` makes it again")
