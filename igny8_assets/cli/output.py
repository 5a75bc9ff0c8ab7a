"""How the command line shows things: tables for people, JSON for programs, CSV and files for export."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from igny8_assets.whole_files import whole_file

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
PIPED_WIDTH = 200
"""Columns of a table that no terminal shows; a terminal's own width counts there."""


def console() -> Any:
    """The console of standard output: without colours where it is not a terminal."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def show_rows(
    rows: Sequence[Mapping[str, Any]],
    *,
    as_json: bool,
    empty: str,
    title: str | None = None,
    legend: str | None = None,
) -> None:
    """Show rows that share their keys.

    Args:
        rows: what to show; keys are the column headings.
        as_json: print a JSON array instead.
        empty: what to say when there are none.
        title: a heading for the table.
        legend: a line under the table that says what its words mean.
    """
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        console().print(empty, markup=False)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in rows[0]:
        numeric = all(isinstance(row[name], int | float | Decimal | None) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        # Text, since a keyword may look like markup.
        table.add_row(*(Text(shown(value)) for value in row.values()))
    console().print(table)
    if legend is not None:
        say(legend)


def show_facts(facts: Mapping[str, Any], *, as_json: bool, keys: bool = False) -> None:
    """Show one thing, a line per fact; with `keys` their names stay as they are typed in commands."""
    if as_json:
        print_json(dict(facts))
        return
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        label = name if keys else name.replace("_", " ")
        console().print(f"{label:<{width}}  {shown(value)}", markup=False, soft_wrap=True)


def say(message: str) -> None:
    """Print a line for a person."""
    console().print(message, markup=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print JSON; moments as ISO 8601, amounts as numbers."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")


def shown(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, Decimal):
        # Money: to its last digit.
        exponent = value.as_tuple().exponent
        return f"{value:,.{max(1, -exponent) if isinstance(exponent, int) else 1}f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    return str(value)


def amount(number: int, thing: str) -> str:
    """A number of things, e.g. `1 text` or `1,200 texts`."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], out: Path | None) -> None:
    """Write rows as CSV that is safe to open in a spreadsheet, to a file or to standard output.

    Raises:
        UserError: the file can't be written.
    """
    from igny8_assets.keywords.neutralising import neutralise

    def write(file: Any) -> None:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            values = (row[name] for name in columns)
            writer.writerow([neutralise(value) if isinstance(value, str) else value for value in values])

    if out is None:
        write(sys.stdout)
        return
    with whole_file(out) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
        write(text)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)
