"""The most searched clusters of a site as a treemap, drawn as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from unicodedata import east_asian_width

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.clustering.treemap import Rectangle
from igny8_assets.review.cluster_map.difficulty_scale import Step, step_of
from igny8_assets.review.cluster_map.tiles import Tiles
from igny8_assets.review.outcomes import difficulties_of
from igny8_assets.store.models import Cluster, Site

WIDTH, HEIGHT = 1000, 420
"""The units of the drawing, which is as wide as the page."""
MOST = 60
_LETTER, LINE, _MARGIN = 7.5, 17, 6
"""How wide a letter of 13 units is at most, mostly; how high a line; what is left free at the sides."""
_FEWEST_LETTERS = 4


@dataclass(frozen=True)
class Tile:
    """A cluster's rectangle; the lines of its label are what there is room for, and none where there is none."""

    number: int
    name: str
    size: int
    place: Rectangle
    step: Step
    label: Sequence[str]


@dataclass(frozen=True)
class Treemap:
    """The rectangles, whether they tell searches or keywords, and how many clusters share the last place."""

    tiles: Sequence[Tile]
    by_volume: bool
    others: int
    others_place: Rectangle | None


def treemap_of(session: Session, site: Site) -> Treemap | None:
    """The treemap of a site's clusters by searches a month, or by keywords where none is known to be searched.

    Returns:
        Nothing where there is no cluster to draw.
    """
    by_volume = bool(session.scalar(select(func.max(Cluster.volume)).where(Cluster.site_id == site.id)))
    size = Cluster.volume if by_volume else Cluster.keyword_count
    there = (Cluster.site_id == site.id, size > 0)
    rows = session.execute(
        select(Cluster.id, Cluster.name, size).where(*there).order_by(size.desc(), Cluster.id).limit(MOST)
    ).all()
    if not rows:
        return None
    count, total = session.execute(select(func.count(), func.sum(size)).where(*there)).one()
    sizes, others = [row[2] for row in rows], count - len(rows)
    rest = [int(total) - sum(sizes)] if others else []
    places = Tiles(tuple(range(len(rows))), (*sizes, *rest), others, 0).layout(WIDTH, HEIGHT)
    difficulties = difficulties_of(session, [row[0] for row in rows])
    tiles = [
        Tile(number, name, shown, place, step_of(difficulties.get(number)), label_in(name, place))
        for (number, name, shown), place in zip(rows, places, strict=False)
    ]
    return Treemap(tiles, by_volume, others, places[-1] if others else None)


def label_in(name: str, place: Rectangle) -> list[str]:
    """The lines of a name that a rectangle has room for; none where there is hardly any."""
    room, lines = int((place.width - 2 * _MARGIN) / _LETTER), int((place.height - _MARGIN) / LINE)
    if room < _FEWEST_LETTERS or not lines:
        return []
    words = name.split()
    # Scripts that are written without spaces may be broken anywhere; a word of others is cut.
    long = next((word for word in words if len(word) > room and not any(map(_is_wide, word))), None)
    if long is not None:
        name = " ".join([*words[: words.index(long)], long[: room - 1] + "…"])
    return wrap(name, room, max_lines=lines, placeholder="…")


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in ("W", "F")
