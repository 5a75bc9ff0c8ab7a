"""The command that makes a site's clusters anew: it shows the plan, and with --apply carries it out."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlalchemy import select

from igny8_assets.automation.door import active_run
from igny8_assets.automation.runs import is_dead
from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import Limit, SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, amount, say, show_rows
from igny8_assets.errors import UserError
from igny8_assets.store.models import Cluster, Keyword, RunStatus, Site

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from igny8_assets.review.rebuild_plan import Home, RebuildPlan
    from igny8_assets.store.database import Store

Apply = Annotated[bool, typer.Option("--apply", help="Carry the plan out; without it, it is only shown.")]


def rebuild(site: SiteArgument, apply: Apply = False, limit: Limit = 50, as_json: AsJson = False) -> None:
    """Show what moves, and move it."""
    from igny8_assets.review import rebuilding
    from igny8_assets.site_settings import for_site
    from igny8_assets.stages.tools import make_provider

    with open_installation() as installation:
        store = installation.store
        with store.read() as session:
            row = find_site(session, site)
            if apply:
                _refuse_while_running(store, session, row)
        settings = for_site(installation.settings, row.slug)
        plan = rebuilding.propose(store, settings, make_provider(settings), row)
        with store.read() as session:
            rows = _rows(session, row.id, plan)
        if apply and plan.moves:
            with store.write() as session:
                rebuilding.carry_out(session, find_site(session, site), plan)
    show_rows(rows[:limit], as_json=as_json, empty=f"nothing to change: the clusters of {site} are as they would be")
    if plan.moves and not as_json:
        say(_summary(site, plan, shown=min(limit, len(rows)), applied=apply))


def _refuse_while_running(store: "Store", session: "Session", site: Site) -> None:
    active = active_run(session, site)
    if active is not None and active.status == RunStatus.RUNNING and not is_dead(store, session, active):
        raise UserError(
            f"run {active.id} of {site.slug} is active and may change the clusters; wait until it is over, "
            f"or pause it by `igny8 pause {active.id}`"
        )


def _rows(session: "Session", site_id: int, plan: "RebuildPlan") -> list[dict[str, Any]]:
    """A row for each keyword that moves."""
    ids = {one for move in plan.moves for one in (move.source, move.target) if isinstance(one, int)}
    names = {
        cluster.id: f"{cluster.name} ({cluster.id})"
        for cluster in session.scalars(select(Cluster).where(Cluster.site_id == site_id))
        if cluster.id in ids
    }
    heads = {keywords: session.get_one(Keyword, keywords[0]).text for keywords in plan.areas}

    def shown(home: "Home") -> str:
        if isinstance(home, tuple):
            return f"new: {heads[home]}"
        return "none" if home is None else names[home]

    return [
        {
            "keyword": move.text,
            "from": shown(move.source),
            "to": shown(move.target),
            "change": _change(plan, move.source, move.target),
        }
        for move in plan.moves
    ]


def _change(plan: "RebuildPlan", source: "Home", target: "Home") -> str:
    """Whether the keyword moves, fits none any more, or its cluster ends with it."""
    if not isinstance(source, int):
        return "joins"
    if target is None:
        return "leaves"
    if source not in plan.ended:
        return "moves"
    return "merges"


def _summary(site: str, plan: "RebuildPlan", *, shown: int, applied: bool) -> str:
    homes = Counter("new" if isinstance(move.target, tuple) else move.target for move in plan.moves)
    parts = [
        f"{amount(len(plan.moves), 'keyword')} {'moved' if applied else 'would move'}",
        f"{amount(len(plan.areas), 'new cluster')}",
        f"{amount(len(plan.ended), 'cluster')} {'ended' if applied else 'would end'}",
    ]
    if homes[None]:
        parts.append(f"{amount(homes[None], 'keyword')} of them to no cluster")
    text = ", ".join(parts)
    if shown < len(plan.moves):
        text += f"; the first {shown} are shown"
    if applied and plan.areas:
        text += "; the next run of stage 1 names and describes the new ones, which costs no credits"
    return text if applied else f"{text}; `igny8 clusters rebuild {site} --apply` does it"
