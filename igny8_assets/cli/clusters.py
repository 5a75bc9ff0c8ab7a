"""The commands about clusters: the topics that keywords form."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.automation.sites import find_site
from igny8_assets.cli import arranging
from igny8_assets.cli.arguments import Limit, Out, SiteArgument
from igny8_assets.cli.grouping import group
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, say, show_rows, write_csv
from igny8_assets.store.models import Cluster, Keyword, Site

COLUMNS = ("keyword", "cluster", "market", "volume", "difficulty", "intents", "status")
ROWS_AT_ONCE = 5000


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Clusters: the topics that keywords form.")
    noun.command("list", help="Show a site's clusters, the most searched first.")(list_)
    noun.command("export", help="Write every keyword with its cluster as CSV.")(export)
    noun.command("group", help="Group the keywords of a file, without a site, and write them as CSV.")(group)
    arranging.register(noun)
    app.add_typer(noun, name="clusters")


def list_(site: SiteArgument, limit: Limit = 50, as_json: AsJson = False) -> None:
    """Show clusters."""
    with open_installation() as installation, installation.store.read() as session:
        clusters = session.scalars(
            select(Cluster)
            .where(Cluster.site_id == find_site(session, site).id)
            .order_by(Cluster.volume.desc(), Cluster.id)
            .limit(limit)
        )
        rows = [
            {
                "id": cluster.id,
                "cluster": cluster.name,
                "market": cluster.market,
                "keywords": cluster.keyword_count,
                "uncovered": cluster.uncovered_count,
                "volume": cluster.volume,
                "intent": cluster.intent,
                "status": cluster.status.value,
                "failure": cluster.failure_reason,
            }
            for cluster in clusters
        ]
    show_rows(rows, as_json=as_json, empty=f"{site} has no clusters; `igny8 run {site} --stages 1` makes them")


def export(site: SiteArgument, out: Out = None) -> None:
    """Write the CSV."""
    with open_installation() as installation, installation.store.read() as session:
        write_csv(_rows(session, find_site(session, site)), COLUMNS, out)
    _tell(out)


def _rows(session: Session, site: Site) -> Iterator[dict[str, Any]]:
    """Every keyword: clusters by volume, within them keywords by volume, last the keywords without one."""
    wanted = (
        select(
            Keyword.text,
            Cluster.name,
            Keyword.market,
            Keyword.volume,
            Keyword.difficulty,
            Keyword.intents,
            Keyword.status,
        )
        .outerjoin(Cluster, Cluster.id == Keyword.cluster_id)
        .where(Keyword.site_id == site.id)
        .order_by(
            Cluster.id.is_(None),
            Cluster.volume.desc(),
            Cluster.id,
            func.coalesce(Keyword.volume, -1).desc(),
            Keyword.id,
        )
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for *values, status in session.execute(wanted):
        yield dict(zip(COLUMNS, (*values, status.value), strict=True))


def _tell(out: Path | None) -> None:
    if out is not None:
        say(f"wrote {out}")
