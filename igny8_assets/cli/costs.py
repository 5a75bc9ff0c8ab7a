"""The command that shows what a site's AI requests cost."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from igny8_assets.automation.costs import GROUPINGS, By, Cost, chart_svg, costs_of, total_of
from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, print_json, say, show_rows
from igny8_assets.errors import UserError
from igny8_assets.store.amounts import usd_from, usd_text
from igny8_assets.whole_files import whole_file

BAR_CELLS = 24


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("costs", help="What a site's AI requests cost in dollars.")(costs)


def costs(
    site: SiteArgument,
    by: Annotated[str, typer.Option("--by", help=f"{', '.join(GROUPINGS)}.")] = "stage",
    since: Annotated[str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="From this UTC day on.")] = None,
    chart: Annotated[Path | None, typer.Option("--chart", metavar="FILE.svg", help="Also as a picture.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show tokens, pictures, time and dollars, added up."""
    if by not in GROUPINGS:
        raise UserError(f"--by {by} is not possible; choose one of {', '.join(GROUPINGS)}")
    if chart is not None and chart.suffix.lower() != ".svg":
        raise UserError(f"--chart {chart} is not possible: the picture is SVG; give it a name that ends with .svg")
    grouping: By = next(one for one in GROUPINGS if one == by)
    with open_installation() as installation, installation.store.read() as session:
        lines = costs_of(session, find_site(session, site), by=grouping, since=_moment(since))
    if chart is not None:
        with whole_file(chart, "--chart") as file:
            file.write(chart_svg(lines).encode())
    total = Cost("total", total_of(lines))
    if as_json:
        print_json({"by": by, "costs": [_facts(line) for line in lines], "total": _facts(total)})
        return
    if not lines:
        say("no AI request was made yet")
        return
    show_rows(_rows(by, lines, total), as_json=False, empty="")
    if total.spent.possible_usd_pico:
        say("Possible: requests of which nobody knows whether they were answered, and charged.")
    if total.spent.unpriced:
        say(f"{total.spent.unpriced} answers came from models without a price; IGNY8_PRICES names a file with more.")


def _rows(by: str, lines: list[Cost], total: Cost) -> list[dict[str, Any]]:
    most = max(line.spent.known_usd_pico for line in lines) or 1
    return [
        {
            by: line.label,
            "calls": line.spent.calls,
            "tokens_in": line.spent.tokens_in,
            "cached": line.spent.tokens_cached,
            "tokens_out": line.spent.tokens_out,
            "pictures": line.spent.images,
            "seconds": line.spent.latency_ms / 1000,
            "cost": usd_text(line.spent.known_usd_pico),
            "possible": usd_text(line.spent.possible_usd_pico) if line.spent.possible_usd_pico else "",
            "": "" if line is total else "█" * round(BAR_CELLS * line.spent.known_usd_pico / most),
        }
        for line in (*lines, total)
    ]


def _facts(line: Cost) -> dict[str, Any]:
    spent = line.spent
    return {
        "label": line.label,
        "calls": spent.calls,
        "tokens_in": spent.tokens_in,
        "tokens_cached": spent.tokens_cached,
        "tokens_out": spent.tokens_out,
        "images": spent.images,
        "seconds": spent.latency_ms / 1000,
        "cost_usd": f"{usd_from(spent.known_usd_pico):f}",
        "possible_cost_usd": f"{usd_from(spent.possible_usd_pico):f}",
        "unpriced_calls": spent.unpriced,
    }


def _moment(day: str | None) -> datetime | None:
    if day is None:
        return None
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise UserError(f"--since {day} is not a day; write it like 2026-11-24") from None
