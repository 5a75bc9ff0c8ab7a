"""The treemap as a small picture, for a page that shows pictures and runs no script."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8_assets.clustering.treemap import Rectangle
from igny8_assets.media.colours import Colour, mixed, read_colour
from igny8_assets.media.lettering import fit_text, text_width
from igny8_assets.review.cluster_map.difficulty_scale import SCALE, UNKNOWN, Step, step_of
from igny8_assets.review.cluster_map.tiles import Tiles

if TYPE_CHECKING:
    from PIL import Image

WIDTH, HEIGHT = 720, 440
_LEGEND = 24
_PAPER, _STRIPE, _FRAME = "#ffffff", "#bcc0c5", "#56626a"
OTHERS = Step("others", -1, -1, "#e9ecee", "#1d2529")
_LARGEST_TYPE, _SMALLEST_TYPE = 18, 10
# Less than two syllables wide a name can't be read.
_NARROWEST = 52
_STRIPES = 8
_MARGIN = 3


@dataclass(frozen=True)
class Label:
    """What stands on a rectangle: the cluster's name, its mean difficulty (0 to 100) if known."""

    name: str
    difficulty: int | None


def draw_clusters(tiles: Tiles, labels: Sequence[Label]) -> bytes:
    """The treemap with a legend as WebP, 720 x 440 pixels of some 15 kB.

    Args:
        tiles: the clusters with a rectangle of their own, and the others.
        labels: one for each cluster with a rectangle of its own, in the same order.
    """
    from PIL import Image

    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    places = tiles.layout(WIDTH, HEIGHT - _LEGEND)
    for label, size, place in zip(labels, tiles.sizes, places, strict=False):
        words = [f"{size:,} · difficulty {label.difficulty}", f"{size:,} · {label.difficulty}", f"{size:,}"]
        if label.difficulty is None:
            words = [f"{size:,}"]
        picture.paste(*_tile(place, step_of(label.difficulty), label.name, words))
    if tiles.others:
        picture.paste(*_tile(places[-1], OTHERS, f"{tiles.others:,} more", [f"{tiles.sizes[-1]:,}"]))
    _draw_legend(picture)
    return _encoded(picture)


def _tile(place: Rectangle, step: Step, name: str, figures: Sequence[str]) -> "tuple[Image.Image, tuple[int, int]]":
    """A rectangle with its words, and where its corner is; a pixel on the right and below is left between tiles."""
    from PIL import Image

    left, top = round(place.left), round(place.top)
    width = max(1, round(place.left + place.width) - left - 1)
    height = max(1, round(place.top + place.height) - top - 1)
    tile = Image.new("RGB", (width, height), step.fill)
    if step is UNKNOWN:
        _draw_stripes(tile)
    if width < _NARROWEST or height < 1.5 * _SMALLEST_TYPE:
        return tile, (left, top)
    mask = Image.new("L", tile.size)
    room = width - 2 * _MARGIN
    line = round(1.4 * _SMALLEST_TYPE)
    fitting = next((words for words in figures if text_width(words, _SMALLEST_TYPE) < room - 2 * _MARGIN), None)
    below = line if fitting and height > 3 * line else 0
    title = fit_text(name, room, height - below - 1, largest=_LARGEST_TYPE, smallest=_SMALLEST_TYPE)
    title.draw(mask, _MARGIN, 1)
    if below and fitting:
        words = fit_text(fitting, room, line, largest=_SMALLEST_TYPE, smallest=_SMALLEST_TYPE)
        words.draw(mask, _MARGIN, 1 + title.height)
    tile.paste(step.ink, mask=mask)
    return tile, (left, top)


def _draw_stripes(tile: "Image.Image") -> None:
    from PIL import ImageDraw

    draw = ImageDraw.Draw(tile)
    for start in range(-tile.height, tile.width, _STRIPES):
        draw.line((start, tile.height, start + tile.height, 0), fill=_STRIPE)


def _draw_legend(picture: "Image.Image") -> None:
    from PIL import Image, ImageDraw

    draw, mask = ImageDraw.Draw(picture), Image.new("L", picture.size)
    top, type_size = HEIGHT - _LEGEND + 5, 12
    left = _words(mask, "Mean difficulty", 0, top, type_size)
    for step in (*SCALE, UNKNOWN):
        swatch = Image.new("RGB", (18, 14), step.fill)
        if step is UNKNOWN:
            _draw_stripes(swatch)
        picture.paste(swatch, (left, top))
        draw.rectangle((left, top, left + 17, top + 13), outline=_FRAME)
        left = _words(mask, step.label.replace("–", "-"), left + 21, top, type_size)
    picture.paste(read_colour(OTHERS.ink), mask=mask)


def _words(mask: "Image.Image", words: str, left: int, top: int, size: int) -> int:
    """Write a line; returns where the next thing may begin."""
    fit_text(words, WIDTH, 2 * size, largest=size, smallest=size).draw(mask, left, top - 1)
    return left + round(text_width(words, size)) + size


def _encoded(picture: "Image.Image") -> bytes:
    from PIL import Image

    # Flat colours and letters: lossless in few colours is half as long as the usual kind, and sharper.
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in _colours() for part in colour])
    few = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    target = io.BytesIO()
    few.convert("RGB").save(target, "WEBP", lossless=True, quality=60, method=4)
    return target.getvalue()


def _colours() -> list[Colour]:
    """Each background, its ink, and shades between them for the edges of letters."""
    pairs = [(step.fill, step.ink) for step in (*SCALE, UNKNOWN, OTHERS)] + [(_PAPER, OTHERS.ink)]
    shades = [mixed(read_colour(fill), read_colour(ink), share / 4) for fill, ink in pairs for share in range(5)]
    return [*shades, read_colour(_STRIPE), read_colour(_FRAME)]
