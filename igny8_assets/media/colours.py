"""Colours of a card: reading them, mixing them, and keeping text readable on them."""

import re

from igny8_assets.media.errors import MediaError

Colour = tuple[int, int, int]

READABLE_CONTRAST = 4.5
_LIGHT_INK: Colour = (252, 251, 248)
_DARK_INK: Colour = (22, 24, 29)
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def read_colour(text: str) -> Colour:
    """Red, green and blue, 0 to 255, of a CSS hex colour such as #0a5 or #00aa55.

    Raises:
        MediaError: it is no such colour.
    """
    if _HEX.fullmatch(text.strip()) is None:
        raise MediaError(f"{text[:40]!r} is no colour: use CSS hex such as #1d3557, in the site's image settings")
    digits = text.strip()[1:]
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with a share (0 to 1) of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(background: Colour) -> Colour:
    """The text colour for a background: off-white or off-black, or the pure one where only that has contrast 4.5."""
    soft = max((_LIGHT_INK, _DARK_INK), key=lambda ink: contrast(ink, background))
    if contrast(soft, background) >= READABLE_CONTRAST:
        return soft
    pure: tuple[Colour, Colour] = ((255, 255, 255), (0, 0, 0))
    return max(pure, key=lambda ink: contrast(ink, background))


def readable(colour: Colour, background: Colour) -> Colour:
    """The colour, moved towards the ink until it has contrast 4.5 on the background."""
    return _with_contrast(colour, background, READABLE_CONTRAST)


def visible(colour: Colour, background: Colour) -> Colour:
    """The colour, moved towards the ink until its shapes stand out from the background (contrast 1.6)."""
    return _with_contrast(colour, background, 1.6)


def _with_contrast(colour: Colour, background: Colour, least: float) -> Colour:
    ink = ink_on(background)
    steps = (mixed(colour, ink, step / 10) for step in range(11))
    return next((step for step in steps if contrast(step, background) >= least), ink)


def _luminance(colour: Colour) -> float:
    shares = (part / 255 for part in colour)
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
