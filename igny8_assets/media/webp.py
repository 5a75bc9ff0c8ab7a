"""Turning whatever a provider sends into the webp that we keep."""

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8_assets.media.errors import MediaError

if TYPE_CHECKING:
    from PIL import Image

_QUALITY = 82
_MOST_PIXELS = 50_000_000
# Not every format of Pillow: EPS, for one, is read by running another program on the bytes.
_FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "PPM", "JPEG2000", "TGA", "ICO")
_THUMBNAIL_BYTES = 11_000
_THUMBNAIL_STEPS = ((1.0, 72), (1.0, 50), (1.0, 30), (0.75, 30), (0.5, 30), (0.5, 10), (0.25, 10))


@dataclass(frozen=True)
class EncodedImage:
    """A webp picture: its bytes, its size in pixels, and the SHA-256 of the bytes in hex."""

    data: bytes
    width: int
    height: int
    sha256: str


def to_webp(data: bytes, *, ratio: tuple[int, int] | None, min_width: int) -> EncodedImage:
    """Encode a picture as webp without metadata; transparent parts become white, a rotation noted in EXIF is done.

    Args:
        data: PNG, JPEG, WebP, AVIF, GIF (its first picture), TIFF and the like; at most 50 megapixels.
        ratio: width to height that the centre is cropped to, such as (16, 9); None keeps the shape.
        min_width: pixels; a narrower picture is enlarged to it (Lanczos), for too small is worse than a little soft.

    Raises:
        MediaError: the picture is broken, of another format or too large.
    """
    picture = _decoded(data)
    try:
        return _encoded(_shaped(picture, ratio, min_width), _QUALITY)
    except (OSError, ValueError, MemoryError) as error:
        raise MediaError(f"image could not be made into webp: {error}") from None


def thumbnail_data_uri(data: bytes, width: int = 320) -> str:
    """A small copy as a `data:` URI for Markdown: at most `width` pixels wide and 15 kB long.

    Raises:
        MediaError: the picture is broken, of another format or too large.
    """
    picture = _decoded(data)
    for share, quality in _THUMBNAIL_STEPS:
        small = picture.copy()
        # A strip of a picture is bound by its height, too.
        small.thumbnail((max(1, round(width * share)), max(1, round(2 * width * share))))
        encoded = _encoded(small, quality)
        if len(encoded.data) <= _THUMBNAIL_BYTES:
            break
    return "data:image/webp;base64," + base64.b64encode(encoded.data).decode("ascii")


def _decoded(data: bytes) -> "Image.Image":
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            width, height = opened.size
            if width * height > _MOST_PIXELS:
                raise MediaError(f"image is too large: {width} x {height} pixels, at most 50 megapixels")
            return _on_white(ImageOps.exif_transpose(opened))
    except MediaError:
        raise
    except Exception as error:
        # Pillow's readers fail in many ways on broken bytes; to the caller they are one.
        reason = "not a picture of a known format" if type(error).__name__ == "UnidentifiedImageError" else error
        raise MediaError(f"image can't be read ({len(data)} bytes): {reason}") from None


def _on_white(picture: "Image.Image") -> "Image.Image":
    from PIL import Image

    if picture.mode.startswith("I;16"):
        # Pillow clips 16-bit greys to white instead of scaling them.
        return picture.point(lambda grey: grey / 256).convert("L").convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    page = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(page, layer).convert("RGB")


def _shaped(picture: "Image.Image", ratio: tuple[int, int] | None, min_width: int) -> "Image.Image":
    from PIL import Image

    across, down = ratio or picture.size
    crop_width = min(float(picture.width), picture.height * across / down)
    crop_height = crop_width * down / across
    # Whole multiples of the ratio keep it exact; a few edge pixels are the price.
    exact = int(crop_width // across) * across if ratio else picture.width
    width = max(min_width, exact, 1)
    height = max(1, round(width * down / across))
    if width * height > _MOST_PIXELS:
        raise MediaError(f"image is too narrow to be enlarged: {picture.width} x {picture.height} pixels")
    if width <= crop_width:
        crop_width, crop_height = float(width), float(height)
    left, top = (picture.width - crop_width) / 2, (picture.height - crop_height) / 2
    if (crop_width, crop_height) == (width, height):
        return picture.crop((int(left), int(top), int(left) + width, int(top) + height))
    box = (left, top, left + crop_width, top + crop_height)
    return picture.resize((width, height), Image.Resampling.LANCZOS, box=box)


def _encoded(picture: "Image.Image", quality: int) -> EncodedImage:
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=quality, method=4)
    data = target.getvalue()
    return EncodedImage(data, picture.width, picture.height, hashlib.sha256(data).hexdigest())
