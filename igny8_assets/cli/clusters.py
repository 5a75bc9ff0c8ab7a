"""The commands about clusters: the topics that keywords form."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.automation.sites import find_site
from igny8_assets.cli import arranging
from igny8_assets.cli.arguments import Limit, Out, SiteArgument
from igny8_assets.cli.cluster_map import map_
from igny8_assets.cli.grouping import group
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, say, show_rows, write_csv
from igny8_assets.cli.rebuild import rebuild
from igny8_assets.store.models import Cluster, Keyword, Site

COLUMNS = ("keyword", "cluster", "cluster_id", "market", "volume", "difficulty", "intents", "status")
LEGEND = (
    "uncovered: keywords that no idea targets; volume: searches a month; difficulty: the mean, 0 to 100; "
    "cohesion: how alike the texts are, 1 at most; status: active before its ideas are made, mapped after"
)
ROWS_AT_ONCE = 5000


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Clusters: the topics that keywords form.")
    noun.command("list", help="Show a site's clusters, the most searched first.")(list_)
    noun.command("map", help="Write a page to look at: a map of the clusters, a table, their keywords.")(map_)
    noun.command("export", help="Write every keyword with its cluster as CSV.")(export)
    noun.command("rebuild", help="Show what making the clusters anew (by vectors) would move; --apply does it.")(
        rebuild
    )
    noun.command("group", help="Group the keywords of a file, without a site, and write them as CSV.")(group)
    arranging.register(noun)
    app.add_typer(noun, name="clusters")


def list_(site: SiteArgument, limit: Limit = 50, as_json: AsJson = False) -> None:
    """Show clusters."""
    from igny8_assets.clustering.cohesion import cohesions
    from igny8_assets.review.clusters import read_clusters

    with open_installation() as installation, installation.store.read() as session:
        clusters = read_clusters(session, find_site(session, site), limit=limit)
    rows = [
        {
            "id": view.cluster.id,
            "cluster": view.cluster.name,
            "market": view.cluster.market,
            "keywords": view.cluster.keyword_count,
            "uncovered": view.cluster.uncovered_count,
            "volume": view.cluster.volume,
            "difficulty": view.difficulty,
            # A decimal is shown to its last digit.
            "cohesion": None if cohesion is None else Decimal(f"{cohesion:.2f}"),
            "intent": view.cluster.intent,
            "status": view.cluster.status.value,
            "failure": view.cluster.failure_reason,
        }
        for view, cohesion in zip(clusters, cohesions([view.texts for view in clusters]), strict=True)
    ]
    show_rows(
        rows,
        as_json=as_json,
        empty=f"{site} has no clusters; `igny8 run {site} --stages 1` makes them",
        legend=LEGEND,
    )


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
            Cluster.id,
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
