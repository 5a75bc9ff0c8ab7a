"""Which clusters get a rectangle of their own, and where it is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from igny8_assets.clustering.treemap import Rectangle, squarified

MOST_TILES = 1000
# Of a map a thousand pixels wide, a rectangle of six pixels a side: less can't be pointed at.
SMALLEST_SHARE = 1 / 20_000
_LARGE_SHARE = 1 / 10


@dataclass(frozen=True)
class Tiles:
    """The clusters that are drawn.

    Attributes:
        positions: the clusters with a rectangle of their own, the largest first.
        sizes: their sizes, and last that of all the others together, if there are others.
        others: how many clusters share the last rectangle; 0 if there is none.
        left_out: how many clusters have no size and so can't be drawn.
    """

    positions: tuple[int, ...]
    sizes: tuple[int, ...]
    others: int
    left_out: int

    def layout(self, width: float, height: float) -> list[Rectangle]:
        """A rectangle per size; that of the others is at the end of the area, if it is large."""
        if self.others and self.sizes[-1] >= sum(self.sizes) * _LARGE_SHARE and len(self.sizes) > 1:
            # Among rectangles in the order of their sizes it would come first, and be taken for the foremost cluster.
            own, others = squarified([sum(self.sizes[:-1]), self.sizes[-1]], width, height)
            return [*squarified(self.sizes[:-1], own.width, own.height), others]
        order = sorted(range(len(self.sizes)), key=lambda place: -self.sizes[place])
        laid = squarified([self.sizes[place] for place in order], width, height)
        return [rectangle for _, rectangle in sorted(zip(order, laid, strict=True), key=lambda pair: pair[0])]


def choose_tiles(sizes: Sequence[int], most: int = MOST_TILES) -> Tiles:
    """Give the largest clusters rectangles of their own, and the others one together.

    Args:
        sizes: for each cluster its size; 0 for none.
        most: how many get a rectangle of their own.
    """
    ordered = sorted((position for position, size in enumerate(sizes) if size > 0), key=lambda place: -sizes[place])
    least = math.fsum(sizes) * SMALLEST_SHARE
    own = [position for position in ordered[:most] if sizes[position] >= least]
    if len(ordered) - len(own) == 1:
        # One cluster alone is not "others".
        own = ordered
    rest = sum(sizes[position] for position in ordered[len(own) :])
    return Tiles(
        positions=tuple(own),
        sizes=(*(sizes[position] for position in own), *([rest] if rest else [])),
        others=len(ordered) - len(own),
        left_out=len(sizes) - len(ordered),
    )
