import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from igny8_assets.ai.schemas import GenerateImagesInput
from igny8_assets.media.cards import FEATURED, IN_ARTICLE, draw_card
from igny8_assets.media.colours import contrast, ink_on, mixed, readable
from igny8_assets.media.errors import MediaError
from igny8_assets.media.glyphs import spelled

LIGHT, DARK = ("#fdf6ec", "#c8553d"), ("#12263a", "#f4a259")
COLOUR = st.tuples(*[st.integers(0, 255)] * 3)
LETTERS = st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"])
# What can be lettered; other captions give a card without words.
CAPTION = (st.text(LETTERS, max_size=150) | st.text("Wäg@ _", min_size=100, max_size=150) | st.just("W" * 150)).filter(
    lambda text: bool(spelled(text))
)


def request(**changes: Any) -> GenerateImagesInput:
    fields: dict[str, Any] = {
        "prompt": "A coffee machine",
        "caption": "How to descale a coffee machine",
        "site_name": "Demo Coffee",
        "role": "featured",
        "colours": LIGHT,
        "size": "1536x1024",
        "quality": "standard",
    }
    return GenerateImagesInput(**{**fields, **changes})


def card(**changes: Any) -> Image.Image:
    return Image.open(io.BytesIO(draw_card(request(**changes)))).convert("RGB")


def is_plain(picture: Image.Image, box: tuple[int, int, int, int]) -> bool:
    colours = picture.crop(box).getcolors(1)
    return colours is not None


@pytest.mark.parametrize(("role", "size"), [("featured", (1600, 900)), ("in_article_1", (1200, 675))])
def test_a_card_is_16_to_9_and_at_least_1200_wide(role: str, size: tuple[int, int]) -> None:
    assert card(role=role).size == size


def test_the_same_request_gives_the_same_bytes() -> None:
    assert draw_card(request()) == draw_card(request())


@pytest.mark.parametrize(
    "changes", [{"caption": "Another"}, {"role": "in_article_1"}, {"colours": DARK}, {"site_name": "X"}]
)
def test_another_request_gives_another_picture(changes: dict[str, Any]) -> None:
    assert draw_card(request(**changes)) != draw_card(request())


def test_two_captions_have_different_patterns() -> None:
    box = (FEATURED.tiles_left, 0, FEATURED.width, FEATURED.height)
    one, two = (card(caption=caption).crop(box) for caption in ("One", "Two"))

    assert ImageChops.difference(one, two).getbbox() is not None


@given(CAPTION, CAPTION)
@settings(max_examples=25, deadline=None)
def test_no_text_leaves_its_margins_on_a_featured_card(caption: str, site_name: str) -> None:
    picture, layout = card(caption=caption, site_name=site_name), FEATURED

    assert is_plain(picture, (0, 0, layout.text_left, layout.height))
    assert is_plain(picture, (layout.text_left + layout.text_width, 0, layout.tiles_left, layout.height))
    assert is_plain(picture, (0, 0, layout.tiles_left, layout.margin))
    assert is_plain(picture, (0, layout.height - layout.margin, layout.tiles_left, layout.height))


@given(CAPTION)
@settings(max_examples=15, deadline=None)
def test_no_text_leaves_its_margins_on_an_in_article_card(caption: str) -> None:
    picture, layout = card(caption=caption, role="in_article_2"), IN_ARTICLE
    tiles_right = layout.tile * layout.tile_columns

    assert is_plain(picture, (tiles_right, 0, layout.text_left, layout.height))
    assert is_plain(picture, (layout.text_left + layout.text_width, 0, layout.width, layout.height))
    assert is_plain(picture, (tiles_right, 0, layout.width, layout.margin))
    assert is_plain(picture, (tiles_right, layout.height - layout.margin, layout.width, layout.height))


@pytest.mark.parametrize("colours", [LIGHT, DARK, ("#808080", "#808080"), ("#fff", "#fff"), ("#e63946", "#f1faee")])
def test_the_title_is_readable_on_the_sites_background(colours: tuple[str, str]) -> None:
    picture = card(colours=colours)
    column = picture.crop((FEATURED.text_left, 0, FEATURED.text_left + FEATURED.text_width, FEATURED.height))
    paper: Any = picture.getpixel((2, 2))
    colours_there: Any = column.getcolors(100_000)

    strongest = max(contrast(colour, paper) for _, colour in colours_there)

    assert strongest >= 4.5


@given(COLOUR, COLOUR)
def test_ink_and_muted_ink_have_a_contrast_of_4_5_on_any_background(
    colour: tuple[int, int, int], paper: tuple[int, int, int]
) -> None:
    assert contrast(ink_on(paper), paper) >= 4.5
    assert contrast(readable(colour, paper), paper) >= 4.5


def test_black_on_white_has_the_contrast_that_the_standard_names() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert [mixed((0, 0, 0), (100, 200, 50), share) for share in (0, 0.5, 1)] == [
        (0, 0, 0),
        (50, 100, 25),
        (100, 200, 50),
    ]


@pytest.mark.parametrize("caption", ["", "☕🙂", "كيفية تنظيف ماكينة القهوة", "コーヒーメーカーの洗い方"])
def test_a_caption_that_can_not_be_lettered_gives_a_card_all_pattern(caption: str) -> None:
    assert not is_plain(card(caption=caption), (0, 0, FEATURED.text_left, FEATURED.height))


@pytest.mark.parametrize("colours", [("red", "#fff"), ("#fff", ""), ("#12345", "#fff")])
def test_a_colour_that_is_no_hex_colour_is_named(colours: tuple[str, str]) -> None:
    with pytest.raises(MediaError, match="no colour"):
        draw_card(request(colours=colours))
