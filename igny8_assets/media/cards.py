"""Drawing a picture without a provider: a card with the caption, the site's colours and a pattern of its own."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from igny8_assets.media.colours import Colour, ink_on, mixed, read_colour, readable, visible
from igny8_assets.media.glyphs import spelled
from igny8_assets.media.lettering import fit_text
from igny8_assets.media.ornament import draw_tiles

if TYPE_CHECKING:
    from PIL import Image

_BOLDNESS = 0.014


class CardRequest(Protocol):
    """What a card shows: `colours` are two CSS hex colours, background first."""

    @property
    def caption(self) -> str:
        """The card's title."""

    @property
    def role(self) -> str:
        """`featured` or `in_article_1` and so on."""

    @property
    def site_name(self) -> str:
        """Stands at the foot."""

    @property
    def colours(self) -> tuple[str, str]:
        """The site's."""


@dataclass(frozen=True)
class CardLayout:
    """Where things stand on a card, in pixels: the pattern's tiles, and the box of the text between the margins."""

    width: int
    height: int
    tile: int
    tiles_left: int
    tile_columns: int
    ragged: str
    text_left: int
    text_width: int
    margin: int
    largest: int
    smallest: int
    site_size: int


FEATURED = CardLayout(1600, 900, 180, 1060, 3, "left", 96, 884, 96, 128, 36, 32)
IN_ARTICLE = CardLayout(1200, 675, 135, 0, 2, "right", 334, 794, 72, 84, 28, 24)


def layout_of(role: str) -> CardLayout:
    """Featured cards have the pattern on the right, in-article ones a narrower one on the left."""
    return FEATURED if role == "featured" else IN_ARTICLE


def draw_card(request: CardRequest) -> bytes:
    """A 16:9 card as PNG: 1600 x 900 pixels for the featured image, 1200 x 675 within an article.

    The caption is the title, shrunk and wrapped until it fits; the site's name stands at the foot; the pattern comes
    from the SHA-256 of caption and role. A caption in a script that the font lacks and that can't be spelled in Latin
    letters gives a card without words, all pattern. The same request always gives the same bytes.

    Raises:
        MediaError: a colour of the site is no CSS hex colour.
    """
    from PIL import Image

    layout = layout_of(request.role)
    paper, accent = (read_colour(colour) for colour in request.colours)
    if layout is IN_ARTICLE:
        paper = mixed(paper, accent, 0.07)
    accent = visible(accent, paper)
    picture = Image.new("RGB", (layout.width, layout.height), paper)
    seed, pairs = f"{request.role}\n{request.caption}", _tile_colours(paper, accent)
    if spelled(request.caption):
        area = (layout.tiles_left, 0, layout.tile_columns, layout.tile)
        draw_tiles(picture, area, seed=seed, pairs=pairs, ragged=layout.ragged)
        _draw_text(picture, layout, request, paper, accent)
    else:
        draw_tiles(picture, (0, 0, -(-layout.width // layout.tile), layout.tile), seed=seed, pairs=pairs)
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=3)
    return target.getvalue()


def _tile_colours(paper: Colour, accent: Colour) -> tuple[tuple[Colour, Colour], ...]:
    ink = ink_on(paper)
    wash = mixed(paper, accent, 0.16)
    soft = mixed(paper, accent, 0.45)
    deep = mixed(accent, ink, 0.35)
    return (
        (wash, accent),
        (accent, paper),
        (paper, soft),
        (soft, accent),
        (deep, accent),
        (wash, soft),
        (accent, deep),
    )


def _draw_text(picture: "Image.Image", layout: CardLayout, request: CardRequest, paper: Colour, accent: Colour) -> None:
    from PIL import Image

    foot = layout.height - layout.margin
    site = fit_text(
        request.site_name,
        layout.text_width - layout.site_size,
        round(layout.site_size * 1.4),
        largest=layout.site_size,
        smallest=layout.site_size,
    )
    bar = round(layout.margin / 12)
    top = layout.margin + 5 * bar
    room = foot - 3 * layout.site_size - top
    title = fit_text(
        request.caption,
        layout.text_width,
        room,
        largest=layout.largest,
        smallest=layout.smallest,
        boldness=_BOLDNESS,
    )
    title_top = top + (room - title.height) // 2
    letters = Image.new("L", picture.size)
    title.draw(letters, layout.text_left, title_top)
    picture.paste(ink_on(paper), mask=letters)
    picture.paste(accent, (layout.text_left, title_top - 3 * bar, layout.text_left + 10 * bar, title_top - 2 * bar))
    names = Image.new("L", picture.size)
    site.draw(names, layout.text_left + layout.site_size, foot - site.height)
    picture.paste(readable(mixed(ink_on(paper), paper, 0.3), paper), mask=names)
    if site.lines:
        square = layout.site_size // 2
        picture.paste(accent, (layout.text_left, foot - square - 9, layout.text_left + square, foot - 9))
