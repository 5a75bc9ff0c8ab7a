"""The commands about figures: what waits at each stage, and what it would cost."""

from decimal import Decimal
from typing import Annotated

import typer

from igny8_assets.automation.door import parse_stages
from igny8_assets.automation.estimating import estimate as work_out
from igny8_assets.automation.overview import pipeline_overview
from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, print_json, say, show_rows
from igny8_assets.cli.waiting import show_held


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("overview", help="Show what waits at each of the seven stages.")(overview)
    app.command("estimate", help="Show what a run would cost.")(estimate)


def overview(site: SiteArgument, as_json: AsJson = False) -> None:
    """Show the seven stages."""
    with open_installation() as installation, installation.store.read() as session:
        known = find_site(session, site)
        stages = pipeline_overview(session, known)
        rows = [
            {
                "number": stage.number,
                "name": stage.name,
                "type": stage.type,
                "pending": stage.pending,
                "failed": stage.failed,
            }
            for stage in stages
        ]
        if as_json:
            print_json({"stages": rows})
            return
        show_rows(rows, as_json=False, empty="")
        show_held(session, known)
    if any(stage.failed for stage in stages):
        say(f"`igny8 retry {site}` asks again for what failed")


def estimate(
    site: SiteArgument,
    stages: Annotated[str, typer.Option(help="One stage or a range, e.g. 4 or 1-3.")] = "1-7",
    as_json: AsJson = False,
) -> None:
    """Show the cost of what is pending, and an upper bound for the whole run."""
    first, last = parse_stages(stages)
    with open_installation() as installation, installation.store.read() as session:
        cost = work_out(session, find_site(session, site), installation.settings, first=first, last=last)
    rows = [
        {
            "number": stage.number,
            "name": stage.name,
            "pending": stage.pending,
            "credits": Decimal(stage.tenths) / 10,
            "projected_items": stage.projected_items,
            "projected_credits": Decimal(stage.projected_tenths) / 10,
        }
        for stage in cost.stages
    ]
    totals = {
        "estimated_credits": Decimal(cost.tenths) / 10,
        "current_balance": Decimal(cost.balance_tenths) / 10,
        "sufficient": cost.sufficient,
        "projected_credits": Decimal(cost.projected_tenths) / 10,
        "expected_credits": None if cost.expected_tenths is None else Decimal(cost.expected_tenths) / 10,
    }
    if as_json:
        print_json({**totals, "stages": rows, "assumptions": list(cost.assumptions), "history": list(cost.history)})
        return
    show_rows(rows, as_json=False, empty="these stages lie behind the one after which the site's runs stop")
    covers = "covers" if cost.sufficient else "does not cover"
    say(
        f"pending now: {totals['estimated_credits']:,.1f} credits; the balance of {totals['current_balance']:,.1f} "
        f"{covers} it; the whole run: at most {totals['projected_credits']:,.1f}"
    )
    if cost.projected_tenths > cost.tenths:
        say("at most, because: " + "; ".join(cost.assumptions))
    if totals["expected_credits"] is not None:
        say(f"expected: {totals['expected_credits']:,.1f}, as on this site so far: " + "; ".join(cost.history))
