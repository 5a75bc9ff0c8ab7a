import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from igny8_assets.media.glyphs import COVERED, bare, draw_line, font_of, spelled
from igny8_assets.media.lettering import fit_text

TEXT = st.text(st.characters(codec="utf-8"), max_size=120) | st.text("WÅÇgjíế .", min_size=1, max_size=200)


def ink(text: str, size: int = 80) -> Image.Image:
    mask = Image.new("L", (400, 200))
    draw_line(mask, spelled(text), 20, 130, size, 0)
    return mask


def test_every_covered_character_has_a_glyph_of_its_own() -> None:
    missing = font_of(40).getmask("\u0416")
    for character in COVERED - {" "}:
        glyph = font_of(40).getmask(character)
        assert (glyph.size, bytes(glyph)) != (missing.size, bytes(missing)), character


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Größe", "Grosse"),
        ("Łódź – así", "Lodz - asi"),
        ("Как очистить", "Kak ochistit'"),
        ("Καφές", "Kaphes"),
        ("€5 or £4", "EUR 5 or GBP 4"),
        ("Tea ☕ time 🙂", "Tea time"),
        ("two\n lines\t", "two lines"),
        ("¿Cómo?", "Como?"),
        ("Coffee ☕ コ", "Coffee"),
        ("コーヒー tea", ""),
        ("ابجد", ""),
        ("\ud800\x00", ""),
    ],
)
def test_text_is_spelled_with_the_letters_of_the_font(text: str, expected: str) -> None:
    assert bare(spelled(text)) == expected


@given(TEXT)
def test_spelled_text_has_nothing_the_font_would_draw_as_a_box(text: str) -> None:
    assert set(bare(spelled(text))) <= COVERED


@pytest.mark.parametrize(
    ("plain", "accented"), [("u", "ü"), ("e", "é"), ("c", "ç"), ("S", "Š"), ("a", "å"), ("o", "ő"), ("n", "ñ")]
)
def test_an_accent_is_drawn_on_its_letter(plain: str, accented: str) -> None:
    without, with_accent = ink(plain), ink(accented)

    added = ImageChops.subtract(with_accent, without).getbbox()

    assert added is not None
    assert abs((added[0] + added[2]) / 2 - sum(without.getbbox()[::2]) / 2) < 12  # type: ignore[index]
    assert ImageChops.subtract(without, with_accent).getbbox() is None


def test_an_accent_takes_the_place_of_the_dot_of_an_i() -> None:
    assert ImageChops.subtract(ink("i"), ink("î")).getbbox() is not None


@given(TEXT, st.integers(120, 900), st.integers(60, 500))
@settings(max_examples=60, deadline=None)
def test_ink_never_leaves_the_box(text: str, width: int, height: int) -> None:
    lettering = fit_text(text, width, height, largest=112, smallest=36, boldness=0.014)
    mask = Image.new("L", (width + 400, height + 400))

    lettering.draw(mask, 200, 200)

    box = mask.getbbox()
    if box is not None:
        assert box[0] >= 200
        assert box[1] >= 200
        assert box[2] <= 200 + width
        assert box[3] <= 200 + max(height, lettering.height)
    assert lettering.height <= height or len(lettering.lines) <= 1


def test_a_short_title_stands_in_the_largest_type() -> None:
    assert fit_text("Short", 900, 500, largest=112, smallest=36).size == 112


def test_a_long_title_shrinks_and_keeps_every_word() -> None:
    words = [
        "How",
        "to",
        "descale",
        "every",
        "kind",
        "of",
        "coffee",
        "machine",
        "with",
        "vinegar",
        "or",
        "citric",
        "acid",
    ]

    lettering = fit_text(" ".join(words), 700, 400, largest=112, smallest=36)

    assert lettering.size < 112
    assert " ".join(lettering.lines).split() == words


def test_a_word_without_a_space_is_broken_and_complete() -> None:
    lettering = fit_text("x" * 150, 800, 600, largest=112, smallest=36)

    assert len(lettering.lines) > 1
    assert "".join(lettering.lines) == "x" * 150


def test_what_does_not_fit_at_the_smallest_size_ends_in_an_ellipsis() -> None:
    lettering = fit_text("word " * 80, 300, 120, largest=112, smallest=36)

    assert lettering.lines[-1].endswith("…")
    assert lettering.height <= 120


def test_lines_are_even_so_that_no_word_is_left_alone() -> None:
    lettering = fit_text("one two three four five six seven eight", 700, 200, largest=64, smallest=64)

    assert len(lettering.lines) == 2
    assert len(lettering.lines[1]) > 0.6 * len(lettering.lines[0])
