"""Arguments and options that many commands share, and what no argument may hold."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from igny8_assets.errors import UserError

LARGEST_ID = 2**63 - 1
"""What a row's number can be in either database."""
MOST_ROWS = 1_000_000

SiteArgument = Annotated[str, typer.Argument(metavar="SITE", help="The site's slug.")]
TextArgument = Annotated[int, typer.Argument(metavar="TEXT", min=1, max=LARGEST_ID, help="The text's number.")]
Limit = Annotated[int, typer.Option(min=1, max=MOST_ROWS, help="How many rows at most.")]
Out = Annotated[Path | None, typer.Option(help="Where to write; without it, to standard output.")]
Reviewer = Annotated[str, typer.Option(envvar="USER", help="Who decides; recorded with the decision.")]
ItemNumber = Annotated[int, typer.Argument(metavar="ID", min=1, max=LARGEST_ID, help="Its number.")]
ItemNumbers = Annotated[list[int], typer.Argument(metavar="ID…", min=1, max=LARGEST_ID, help="Their numbers.")]


FILES_TO_WRITE = ("--out", "--chart")


def refuse_unreadable(arguments: Sequence[str]) -> None:
    """Refuse arguments that no database can store, and files without a name.

    Raises:
        UserError: one holds NUL, or bytes that are no UTF-8; or a file to write is named by nothing at all.
    """
    for option in FILES_TO_WRITE:
        # Later it can't be told from the folder here.
        if f"{option}=" in arguments or (option, "") in pairwise(arguments):
            raise UserError(f"{option} is empty; name the file to write")
    for number, argument in enumerate(arguments, start=1):
        # The system hands bytes that it can't decode over as lone surrogates.
        if "\0" in argument or any("\ud800" <= sign <= "\udfff" for sign in argument):
            raise UserError(f"argument {number} holds characters that can't be read; write it in UTF-8 without NUL")
