"""Setting a title into a box: the largest type that fits, lines of even length, nothing beyond the edge."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8_assets.media.glyphs import advance, bare, clusters, draw_line, overhang, spelled

if TYPE_CHECKING:
    from PIL import Image

_LINE_HEIGHT = 1.2
# Room above the baseline for a capital with an accent (two, as in Vietnamese, reach 1.1), and below it.
_ASCENT, _DESCENT = 1.12, 0.28
_LONGEST_TEXT = 400
_STEP = 4


@dataclass(frozen=True)
class Lettering:
    """Lines of text at a font size; all measures in pixels."""

    lines: tuple[str, ...]
    size: int
    weight: float

    @property
    def height(self) -> int:
        """From the room for accents on the first line to that for the last line's descenders."""
        return _height(len(self.lines), self.size)

    def draw(self, mask: "Image.Image", left: int, top: int) -> None:
        """Draw the lines in white on a mask of mode L, the box's upper left corner at `left`, `top`."""
        for number, line in enumerate(self.lines):
            baseline = top + round(self.size * (_ASCENT + number * _LINE_HEIGHT))
            # A whole pixel more, for soft edges.
            pen = left + math.ceil(self.weight + overhang(line, self.size)) + 1
            draw_line(mask, line, pen, baseline, self.size, self.weight)


def fit_text(text: str, width: int, height: int, *, largest: int, smallest: int, boldness: float = 0.0) -> Lettering:
    """The text at the largest size at which it fits into the box.

    Words stay whole if there is any size for that; else a word is broken. What doesn't fit at the smallest size is cut,
    with an ellipsis. `boldness` is the weight added to strokes as a share of the size.
    """
    words = spelled(text)[:_LONGEST_TEXT].split()
    sizes = range(largest, smallest - 1, -_STEP)
    for breaking in (False, True):
        for size in sizes:
            lines = _wrapped(words, _pen_width(width, size, boldness), size, breaking=breaking)
            if lines is not None and _height(len(lines), size) <= height:
                return Lettering(_evened(words, lines, width, size, boldness), size, size * boldness)
    room = _pen_width(width, smallest, boldness)
    lines = _wrapped(words, room, smallest, breaking=True) or []
    most = max(1, sum(1 for count in range(1, len(lines) + 1) if _height(count, smallest) <= height))
    kept = lines[:most]
    return Lettering((*kept[:-1], _shortened(kept[-1], room, smallest)), smallest, smallest * boldness)


def text_width(text: str, size: int) -> float:
    """How far the pen moves for a line of spelled text, in pixels."""
    return sum(advance(character, size) for character in bare(text))


def _pen_width(width: int, size: int, boldness: float) -> float:
    # Strokes grow on either side; letters such as j and accents on narrow letters lean out of their advance.
    return width - 2 * size * boldness - size * 0.16 - 3


def _height(lines: int, size: int) -> int:
    return round(size * (_ASCENT + _DESCENT + (lines - 1) * _LINE_HEIGHT)) if lines else 0


def _wrapped(words: list[str], width: float, size: int, *, breaking: bool) -> list[str] | None:
    """Lines that are filled one after the other, or None if a word is too long and may not be broken."""
    lines: list[str] = []
    for word in words:
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        elif text_width(word, size) <= width:
            lines.append(word)
        elif breaking:
            lines.extend(_broken(word, width, size))
        else:
            return None
    return lines


def _broken(word: str, width: float, size: int) -> list[str]:
    pieces = [""]
    for letter in clusters(word):
        if pieces[-1] and text_width(pieces[-1] + letter, size) > width:
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return pieces


def _evened(words: list[str], lines: list[str], width: int, size: int, boldness: float) -> tuple[str, ...]:
    """The same number of lines in the narrowest column that holds them, so that no single word is left over."""
    narrow, wide = 0.4, 1.0
    best = lines
    for _ in range(6):
        middle = (narrow + wide) / 2
        candidate = _wrapped(words, _pen_width(width, size, boldness) * middle, size, breaking=False)
        if candidate is not None and len(candidate) == len(lines):
            best, wide = candidate, middle
        else:
            narrow = middle
    return tuple(best)


def _shortened(line: str, width: float, size: int) -> str:
    letters = clusters(line)
    while letters and text_width("".join(letters).rstrip() + "…", size) > width:
        letters.pop()
    return "".join(letters).rstrip(" ,;:-") + "…"
