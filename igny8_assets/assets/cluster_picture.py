"""The picture of a site's clusters on the page of the asset."""

import base64
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.review.cluster_map.picture import Label, draw_clusters
from igny8_assets.review.cluster_map.tiles import choose_tiles
from igny8_assets.store.models import Cluster, Keyword, Site

MOST_TILES = 60


def cluster_picture(session: Session, site: Site) -> str | None:
    """A treemap of all the site's clusters as Markdown, the smallest together; None where there are none.

    The area is the monthly volume, or the number of keywords where no volume is known.
    """
    clusters = session.execute(
        select(Cluster.id, Cluster.name, Cluster.volume, Cluster.keyword_count)
        .where(Cluster.site_id == site.id)
        .order_by(Cluster.id)
    ).all()
    searched = any(cluster.volume for cluster in clusters)
    tiles = choose_tiles([cluster.volume if searched else cluster.keyword_count for cluster in clusters], MOST_TILES)
    if not tiles.sizes:
        return None
    drawn = [clusters[position] for position in tiles.positions]
    difficulties = _difficulties(session, [cluster.id for cluster in drawn])
    picture = draw_clusters(tiles, [Label(cluster.name, difficulties.get(cluster.id)) for cluster in drawn])
    data = base64.b64encode(picture).decode("ascii")
    area = "monthly volume" if searched else "number of keywords"
    noun = "cluster" if len(clusters) == 1 else "clusters"
    unknown = f" ({tiles.left_out:,} without a known volume not drawn)" if tiles.left_out else ""
    return (
        f"![Map of {len(clusters):,} {noun}](data:image/webp;base64,{data})\n\n"
        f"{len(clusters):,} {noun}, area is {area}{unknown}. `igny8 clusters map {site.slug} --out clusters.html` "
        "writes the map as a page, with every cluster and its keywords."
    )


def _difficulties(session: Session, cluster_ids: Sequence[int]) -> dict[int | None, int]:
    """The mean difficulty of each cluster that has any."""
    rows = session.execute(
        select(Keyword.cluster_id, func.avg(Keyword.difficulty))
        .where(Keyword.cluster_id.in_(cluster_ids), Keyword.difficulty.is_not(None))
        .group_by(Keyword.cluster_id)
    )
    return {cluster_id: round(mean) for cluster_id, mean in rows}
