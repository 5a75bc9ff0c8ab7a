"""The pattern of a card: square tiles with simple shapes, chosen by the caption's fingerprint."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from igny8_assets.media.colours import Colour

if TYPE_CHECKING:
    from PIL import Image

_SHAPES = ("quarter", "half", "disc", "ring", "petal", "triangle", "arcs", "bars", "dots", "quarter", "petal", "half")
_OVERSAMPLING = 3


def draw_tiles(
    picture: "Image.Image",
    area: tuple[int, int, int, int],
    *,
    seed: str,
    pairs: tuple[tuple[Colour, Colour], ...],
    ragged: str | None = None,
) -> None:
    """Cover an area with tiles.

    Args:
        picture: drawn on, mode RGB.
        area: left, top, columns, side of a tile in pixels; rows fill the picture to its lower edge.
        seed: the same seed gives the same pattern.
        pairs: colours of ground and shape that go together; one pair per tile.
        ragged: `left` or `right`: the outermost column there has gaps.
    """
    left, top, columns, side = area
    choice = _choices(seed)
    rows = -(-(picture.height - top) // side)
    outermost = {"left": 0, "right": columns - 1}.get(ragged or "")
    before: tuple[str, int] | None = None
    for row in range(rows):
        for column in range(columns):
            # Every number is drawn even for a gap, so that tiles don't depend on it.
            shape, turn, pair, gap = (
                _SHAPES[next(choice) % len(_SHAPES)],
                next(choice) % 4,
                next(choice),
                next(choice),
            )
            if column == outermost and gap % 5 < 2:
                continue
            if (shape, turn) == before:
                turn = (turn + 1) % 4
            before = (shape, turn)
            ground, figure = pairs[pair % len(pairs)]
            corner = (left + column * side, top + row * side)
            picture.paste(ground, (*corner, corner[0] + side, corner[1] + side))
            picture.paste(figure, corner, _shape(shape, side, turn))


def _choices(seed: str) -> Iterator[int]:
    """Bytes without end, each SHA-256 of the one before."""
    digest = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
    while True:
        yield from digest
        digest = hashlib.sha256(digest).digest()


@lru_cache(maxsize=128)
def _shape(kind: str, side: int, turn: int) -> "Image.Image":
    """The mask of a shape in a square, turned by quarters; drawn large and shrunk for soft edges."""
    from PIL import Image, ImageChops, ImageDraw

    full = side * _OVERSAMPLING
    mask = Image.new("L", (full, full))
    draw = ImageDraw.Draw(mask)
    end = full - 1
    match kind:
        case "quarter":
            draw.pieslice((0, 0, 2 * end, 2 * end), 180, 270, fill=255)
        case "half":
            draw.pieslice((0, -end // 2, end, end // 2), 0, 180, fill=255)
        case "disc":
            draw.ellipse((end * 0.22, end * 0.22, end * 0.78, end * 0.78), fill=255)
        case "ring":
            draw.ellipse((end * 0.12, end * 0.12, end * 0.88, end * 0.88), outline=255, width=round(full * 0.14))
        case "petal":
            draw.pieslice((0, 0, 2 * end, 2 * end), 180, 270, fill=255)
            other = Image.new("L", (full, full))
            ImageDraw.Draw(other).pieslice((-end, -end, end, end), 0, 90, fill=255)
            mask = ImageChops.darker(mask, other)
        case "triangle":
            draw.polygon([(0, 0), (end, end), (0, end)], fill=255)
        case "arcs":
            for share in (2.0, 1.34, 0.68):
                reach = end * share / 2
                draw.arc(
                    (end - reach, end - reach, end + reach, end + reach), 180, 270, fill=255, width=round(full * 0.13)
                )
        case "bars":
            for number in range(4):
                draw.rectangle((0, full * number / 4, full, full * (number + 0.5) / 4 - 1), fill=255)
        case _:
            for place in range(9):
                x, y = full * (place % 3 + 0.5) / 3, full * (place // 3 + 0.5) / 3
                draw.ellipse((x - full * 0.06, y - full * 0.06, x + full * 0.06, y + full * 0.06), fill=255)
    return mask.reduce(_OVERSAMPLING).rotate(90 * turn)
