"""The pictures that the test server gives: one ground colour and a disc, or as heavy as a photograph."""

import base64
import io
from functools import cache

WAVES = ((1, 6.0), (16, 40.0), (128, 60.0))
"""Coarseness in pixels and strength of what a photograph is laid together from."""


def picture(size: str, colour: str) -> bytes:
    """A PNG of this size (`WIDTHxHEIGHT`) and ground colour (six hex digits)."""
    from PIL import Image, ImageDraw

    width, height = _pixels(size)
    image = Image.new("RGB", (width, height), f"#{colour}")
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill="white")
    data = io.BytesIO()
    image.save(data, "PNG", compress_level=1)
    return data.getvalue()


@cache
def photograph(size: str, colour: str) -> bytes:
    """A PNG that holds as much as a photograph does: smooth shades, shapes and grain; always the same one."""
    import numpy as np
    from PIL import Image, ImageFilter

    width, height = _pixels(size)
    chance = np.random.default_rng(int(colour, 16))
    ground = np.array([int(colour[place : place + 2], 16) for place in (0, 2, 4)], dtype=np.float32)
    pixels = np.broadcast_to(ground / 2 + 64, (height, width, 3)).copy()
    for coarseness, strength in WAVES:
        shape = (height // coarseness + 1, width // coarseness + 1, 3)
        waves = Image.fromarray(chance.normal(128, strength, shape).clip(0, 255).astype(np.uint8))
        pixels += np.asarray(waves.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32) - 128
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


@cache
def in_base64(size: str, colour: str, *, photographs: bool) -> bytes:
    """A picture as the images API sends it."""
    return base64.b64encode((photograph if photographs else picture)(size, colour))


def _pixels(size: str) -> tuple[int, int]:
    width, height = (int(part) for part in size.split("x"))
    return width, height
