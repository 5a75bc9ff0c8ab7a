"""What the requests of a stage cost, as its asset's page shows it: the stage, its run, its items, the site's days."""

from datetime import timedelta
from typing import Any

import dagster as dg

from igny8_assets.ai.spending import Spent, spent_by
from igny8_assets.automation.costs import chart_data_uri, costs_of
from igny8_assets.stages.stage import StageReport
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store.amounts import usd_from, usd_text
from igny8_assets.store.models import AICall, utc_now

ITEMS_SHOWN = 20
DAYS_SHOWN = 30


def cost_metadata(ticket: RunTicket, report: StageReport) -> dict[str, Any]:
    """Costs in dollars; nothing for a stage that asked nobody."""
    if not report.spent.calls:
        return {}
    of_run = AICall.run_id == ticket.run_id
    since = utc_now() - timedelta(days=DAYS_SHOWN)
    with ticket.store.read() as session:
        run = spent_by(session, of_run)[None]
        items = spent_by(session, of_run, AICall.stage == report.stage, by=AICall.work_key)
        days = costs_of(session, ticket.site, by="day", since=since)
    dearest = sorted(items.items(), key=lambda item: (-item[1].known_usd_pico, item[0]))[:ITEMS_SHOWN]
    metadata: dict[str, Any] = {
        # A number, which Dagster plots over the materializations.
        "cost_usd": float(usd_from(report.spent.known_usd_pico)),
        "possible_cost_usd": float(usd_from(report.spent.possible_usd_pico)),
        "unpriced_calls": report.spent.unpriced,
        "run_cost_so_far": _words(run),
        "site_cost_today": usd_text(days[-1].spent.known_usd_pico if days else 0),
        "cost_of_items": dg.MetadataValue.table(
            records=[
                dg.TableRecord(
                    {
                        "item": key.split(":", 2)[-1],
                        "calls": spent.calls,
                        "tokens_in": spent.tokens_in,
                        "tokens_out": spent.tokens_out,
                        "cost": usd_text(spent.known_usd_pico),
                    }
                )
                for key, spent in dearest
            ]
        ),
    }
    if any(day.spent.known_usd_pico for day in days):
        picture = chart_data_uri(days)
        metadata["cost_by_day"] = dg.MetadataValue.md(f"![Dollars a day, the last {DAYS_SHOWN} days]({picture})")
    return metadata


def _words(spent: Spent) -> str:
    known = usd_text(spent.known_usd_pico)
    possible = f", perhaps {usd_text(spent.possible_usd_pico)} more" if spent.possible_usd_pico else ""
    unpriced = f", {spent.unpriced} answers without a price" if spent.unpriced else ""
    return known + possible + unpriced
