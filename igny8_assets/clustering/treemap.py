"""Dividing a rectangle among sizes so that the parts are nearly square.

After M. Bruls, K. Huizing and J. J. van Wijk, "Squarified Treemaps", Data Visualization 2000, pages 33 to 42: rows are
laid along the shorter side of what is left, each as long as another part makes its worst part squarer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rectangle:
    """A part of the area, in the units of its width and height."""

    left: float
    top: float
    width: float
    height: float


def squarified(sizes: Sequence[float], width: float, height: float) -> list[Rectangle]:
    """Divide an area into a rectangle per size, of proportional area, without gaps.

    Args:
        sizes: positive numbers; the parts are squarest when the largest come first.
        width: of the area, in any unit.
        height: of the area, in the same unit.

    Returns:
        Rectangles in the order of the sizes; the first is in the upper left corner.

    Raises:
        ValueError: a size, the width or the height is not a positive number.
    """
    if not all(0 < number < math.inf for number in (*sizes, width, height)):
        raise ValueError("a treemap divides an area of positive width and height among positive sizes")
    rest = _sums_to_the_end(sizes)
    rectangles: list[Rectangle] = []
    area = Rectangle(0.0, 0.0, width, height)
    first = 0
    while first < len(sizes):
        side = min(area.width, area.height)
        # How much area one unit of size has; from what is left, so that the last row ends at the edge.
        scale = area.width * area.height / rest[first]
        end = _row_end(sizes, first, side, scale)
        share = 1.0 if end == len(sizes) else math.fsum(sizes[first:end]) / rest[first]
        row, area = _split(area, share)
        rectangles += _parts(row, sizes[first:end], stacked=row.height == side)
        first = end
    return rectangles


def _sums_to_the_end(sizes: Sequence[float]) -> list[float]:
    """For each position the sum from there on, added from the small end so that little is lost."""
    sums: list[float] = []
    total = 0.0
    for size in reversed(sizes):
        total += size
        sums.append(total)
    return sums[::-1]


def _row_end(sizes: Sequence[float], first: int, side: float, scale: float) -> int:
    """Where the row ends that begins at `first`: before the part that would make its worst part less square."""
    total, least, most = 0.0, math.inf, 0.0
    worst = math.inf
    for position in range(first, len(sizes)):
        area = sizes[position] * scale
        total, least, most = total + area, min(least, area), max(most, area)
        if not least:
            # Beside the others it is nothing that a number can hold: where the rest lies makes no difference.
            return len(sizes)
        ratio = max(side / total * side * (most / total), total / side * (total / side) / least)
        if ratio > worst:
            return position
        worst = ratio
    return len(sizes)


def _split(area: Rectangle, share: float) -> tuple[Rectangle, Rectangle]:
    """The row along the shorter side that takes this share of the area, and what is left."""
    if area.width >= area.height:
        row = area.width * share
        return (
            Rectangle(area.left, area.top, row, area.height),
            Rectangle(area.left + row, area.top, area.width - row, area.height),
        )
    row = area.height * share
    return (
        Rectangle(area.left, area.top, area.width, row),
        Rectangle(area.left, area.top + row, area.width, area.height - row),
    )


def _parts(row: Rectangle, sizes: Sequence[float], *, stacked: bool) -> list[Rectangle]:
    total = math.fsum(sizes)
    parts: list[Rectangle] = []
    before = 0.0
    for size in sizes:
        start, share = before / total, size / total
        if stacked:
            parts.append(Rectangle(row.left, row.top + row.height * start, row.width, row.height * share))
        else:
            parts.append(Rectangle(row.left + row.width * start, row.top, row.width * share, row.height))
        before += size
    return parts
