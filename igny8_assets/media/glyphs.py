"""The font of the cards: which characters it has, accents that it lacks, and a spelling for all others."""

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image, ImageFont

Point = tuple[float, float]

# All that Pillow's built-in font (Aileron, a subset) can draw.
COVERED = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("©«°±´·»‘’“”…‹›⁄™")
_SPELLINGS = str.maketrans(
    {"€": "EUR ", "£": "GBP ", "¥": "JPY ", "–": "-", "—": "-", "„": '"', "‚": "'", "•": "·", "×": "x", "ı": "i"}
    | {"®": "", "¿": "", "¡": "", "²": "2", "³": "3", "½": "1/2", "¼": "1/4", "¾": "3/4", "ẞ": "SS"}
)


def _curve(height: float, *, waves: int) -> tuple[Point, ...]:
    steps = (-13, -9, -4, 0, 4, 9, 13)
    rise = (0.2, 0.85, 1, 0.5, 0, 0.15, 0.8) if waves else (1, 0.45, 0.1, 0, 0.1, 0.45, 1)
    return tuple((x, height * y) for x, y in zip(steps, rise, strict=True))


# Strokes of each accent in hundredths of the font size, from the middle of the letter and its top (or the baseline).
_ABOVE: dict[str, tuple[tuple[Point, ...], ...]] = {
    "\u0300": (((-8, 13), (5, 1)),),
    "\u0301": (((8, 13), (-5, 1)),),
    "\u0302": (((-11, 1), (0, 12), (11, 1)),),
    "\u0303": (_curve(8, waves=1),),
    "\u0304": (((-12, 5), (12, 5)),),
    "\u0306": (_curve(9, waves=0),),
    "\u0307": (((0, 6), (0, 6)),),
    "\u0308": (((-10, 6), (-10, 6)), ((10, 6), (10, 6))),
    "\u030a": (((0, 2), (6, 5), (6, 11), (0, 14), (-6, 11), (-6, 5), (0, 2)),),
    "\u030b": (((-2, 13), (-10, 1)), ((12, 13), (4, 1))),
    "\u030c": (((-11, 12), (0, 1), (11, 12)),),
}
_BELOW: dict[str, tuple[tuple[Point, ...], ...]] = {
    "\u0323": (((0, -11), (0, -11)),),
    "\u0326": (((2, -10), (-3, -19)),),
    "\u0327": (((0, -2), (0, -7), (6, -11), (4, -18), (-6, -19)),),
    "\u0328": (((6, -1), (0, -9), (3, -17), (11, -17)),),
}
_DOTTED = frozenset("ij")
# Scripts whose readers can follow a Latin spelling; Arabic without vowels or Chinese without tones says nothing.
_SPELLABLE_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN")
_OVERSAMPLING = 4
# Half the width of the widest accent, its stroke included, as a share of the font size.
_ACCENT_REACH = 0.2


def spelled(text: str) -> str:
    """The text in characters that can be drawn: decomposed letters with accents from our list, on one line.

    Cyrillic, Greek, Armenian and Georgian letters are spelled in Latin ones; those of other scripts and emoji are left
    out. A text that would lose more than half of its letters is empty: a remnant would only mislead.
    """
    from text_unidecode import unidecode  # type: ignore[import-untyped]

    drawable: list[str] = []
    lost = kept = 0
    for character in unicodedata.normalize("NFC", text.translate(_SPELLINGS)):
        parts = unicodedata.normalize("NFD", character)
        if parts[0] in COVERED:
            drawable.append(parts[0] + "".join(mark for mark in parts[1:] if mark in _ABOVE or mark in _BELOW))
        elif character.isspace():
            drawable.append(" ")
        elif not character.isalpha() or unicodedata.name(character, "").startswith(_SPELLABLE_SCRIPTS):
            spelling = unidecode(character) if unicodedata.category(character)[0] in "LNP" else ""
            drawable.append("" if spelling == "[?]" else "".join(c for c in spelling if c in COVERED))
        else:
            lost += 1
            continue
        kept += character.isalpha()
    return "" if lost > kept else " ".join("".join(drawable).split())


def bare(text: str) -> str:
    """The text of `spelled` without its accents: what the font itself draws."""
    return "".join(character for character in text if character in COVERED)


def clusters(text: str) -> list[str]:
    """The text of `spelled` as letters, each with its accents."""
    letters: list[str] = []
    for character in text:
        if character in COVERED or not letters:
            letters.append(character)
        else:
            letters[-1] += character
    return letters


@lru_cache(maxsize=64)
def font_of(size: int) -> "ImageFont.FreeTypeFont":
    """Pillow's built-in font at a size in pixels."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("this Pillow was built without FreeType")
    return font


@lru_cache(maxsize=8192)
def advance(character: str, size: int) -> float:
    """How far one covered character moves the pen, in pixels; the font has no kerning, so advances add up."""
    return font_of(size).getlength(character)


def overhang(text: str, size: int) -> float:
    """How far the first letter of a spelled line, or its accent, would reach to the left of the pen, in pixels."""
    first = clusters(text)[:1]
    if not first:
        return 0.0
    lean = -font_of(size).getbbox(first[0][0], anchor="ls")[0]
    accent = size * _ACCENT_REACH - advance(first[0][0], size) / 2 if len(first[0]) > 1 else 0.0
    return max(0.0, lean, accent)


def draw_line(mask: "Image.Image", text: str, left: float, baseline: int, size: int, weight: float) -> None:
    """Draw a line of `spelled` text in white on a mask.

    Args:
        mask: a picture of mode L.
        text: what `spelled` gave.
        left: where the pen begins, pixels from the left edge.
        baseline: pixels from the upper edge.
        size: font size in pixels.
        weight: pixels added around every stroke of a letter; 0 is regular.
    """
    from PIL import ImageDraw

    draw = ImageDraw.Draw(mask)
    draw.text((left, baseline), bare(text), fill=255, font=font_of(size), anchor="ls", stroke_width=weight)
    x_height = -font_of(size).getbbox("x", anchor="ls")[1]
    for letter in clusters(text):
        base, marks = letter[0], letter[1:]
        width = advance(base, size)
        if marks:
            top = -font_of(size).getbbox(base, anchor="ls")[1]
            if base in _DOTTED and any(mark in _ABOVE for mark in marks):
                box = (left, baseline - size, left + width, baseline - x_height - weight - 1)
                draw.rectangle(box, fill=0)
                top = x_height
            _draw_marks(mask, marks, (left + width / 2, baseline), top, size, weight)
        left += width


def _draw_marks(mask: "Image.Image", marks: str, foot: tuple[float, int], top: float, size: int, weight: float) -> None:
    raised = top + weight + size * 0.055
    for mark in marks:
        if mark in _ABOVE:
            _draw_strokes(mask, _ABOVE[mark], (foot[0], foot[1] - raised), size, weight)
            # A second accent stands on the first.
            raised += size * 0.15
        else:
            _draw_strokes(mask, _BELOW[mark], (foot[0], foot[1] + weight), size, weight)


def _draw_strokes(
    mask: "Image.Image", strokes: tuple[tuple[Point, ...], ...], origin: Point, size: int, weight: float
) -> None:
    from PIL import Image, ImageDraw

    # Lines of Pillow have hard edges: drawn large and shrunk they are as soft as the letters.
    side, scale = 2 * max(8, round(size * 0.25)), _OVERSAMPLING
    corner = (round(origin[0]) - side // 2, round(origin[1]) - side // 2)
    patch = Image.new("L", (side * scale, side * scale))
    draw = ImageDraw.Draw(patch)
    thickness = (size * 0.075 + 2 * weight) * scale
    for stroke in strokes:
        points = [
            ((origin[0] - corner[0] + x * size / 100) * scale, (origin[1] - corner[1] - y * size / 100) * scale)
            for x, y in stroke
        ]
        reach = thickness / 2 * (1.25 if stroke[0] == stroke[-1] and len(stroke) == 2 else 1)
        draw.line(points, fill=255, width=round(thickness), joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    small = patch.reduce(scale)
    mask.paste(255, corner, small)
