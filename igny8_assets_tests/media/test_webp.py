import base64
import contextlib
import hashlib
import io
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from igny8_assets.media.errors import MediaError
from igny8_assets.media.webp import thumbnail_data_uri, to_webp


def picture(width: int, height: int, *, mode: str = "RGB", kind: str = "PNG", **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (width, height), options.pop("colour", 0)).save(target, kind, **options)
    return target.getvalue()


def noise(width: int, height: int) -> bytes:
    target = io.BytesIO()
    data = random.Random(1).randbytes(width * height * 3)
    Image.frombytes("RGB", (width, height), data).save(target, "PNG")
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1792, 1024), (1792, 1008)),
        ((1536, 1024), (1536, 864)),
        ((1024, 1024), (1200, 675)),
        ((1600, 900), (1600, 900)),
    ],
)
def test_what_providers_send_becomes_16_to_9_and_at_least_1200_wide(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    encoded = to_webp(picture(*size), ratio=(16, 9), min_width=1200)

    assert (encoded.width, encoded.height) == expected == opened(encoded.data).size
    assert opened(encoded.data).format == "WEBP"


def test_the_crop_keeps_the_centre() -> None:
    image = Image.new("RGB", (1600, 1600), "black")
    image.paste("white", (0, 350, 1600, 1250))
    target = io.BytesIO()
    image.save(target, "PNG")

    encoded = to_webp(target.getvalue(), ratio=(16, 9), min_width=1200)

    assert opened(encoded.data).convert("L").histogram()[:250] == [0] * 250


def test_without_a_ratio_the_shape_stays() -> None:
    encoded = to_webp(picture(301, 407), ratio=None, min_width=1)

    assert (encoded.width, encoded.height) == (301, 407)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_any_usual_format_is_read(kind: str) -> None:
    assert to_webp(picture(64, 36, kind=kind), ratio=(16, 9), min_width=64).width == 64


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_any_colour_mode_is_read(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"

    assert opened(to_webp(picture(64, 36, mode=mode, kind=kind), ratio=None, min_width=1).data).mode == "RGB"


def test_transparent_parts_become_white() -> None:
    encoded = to_webp(picture(32, 32, mode="RGBA", colour=(0, 0, 0, 0)), ratio=None, min_width=1)

    assert opened(encoded.data).getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bit_greys_keep_their_brightness() -> None:
    encoded = to_webp(picture(32, 32, mode="I;16", colour=128 * 256), ratio=None, min_width=1)

    assert abs(opened(encoded.data).convert("L").getpixel((5, 5)) - 128) <= 3  # type: ignore[operator]


def test_metadata_is_stripped_and_its_rotation_done() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif[0x0112] = 6
    data = picture(64, 32, kind="JPEG", exif=exif.tobytes())

    encoded = to_webp(data, ratio=None, min_width=1)

    assert b"Secret camera" in data
    assert b"Secret camera" not in encoded.data
    assert dict(opened(encoded.data).getexif()) == {}
    assert (encoded.width, encoded.height) == (32, 64)


def test_the_sha256_is_that_of_the_bytes() -> None:
    encoded = to_webp(picture(32, 18), ratio=(16, 9), min_width=1)

    assert encoded.sha256 == hashlib.sha256(encoded.data).hexdigest()


def test_the_same_picture_gives_the_same_bytes() -> None:
    data = noise(200, 150)

    assert to_webp(data, ratio=(16, 9), min_width=100) == to_webp(data, ratio=(16, 9), min_width=100)


@pytest.mark.parametrize(
    "data", [b"", b"not a picture", picture(64, 64)[:60], noise(64, 64)[:-500], b"%!PS-Adobe-3.0 EPSF-3.0\n"]
)
def test_a_broken_picture_is_an_error_of_one_line(data: bytes) -> None:
    with pytest.raises(MediaError) as caught:
        to_webp(data, ratio=(16, 9), min_width=1200)

    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("size", [(8000, 7000), (20_000, 10_000)])
def test_a_picture_that_unpacks_to_more_than_50_megapixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(MediaError, match=r"large|limit"):
        to_webp(picture(*size, mode="1"), ratio=(16, 9), min_width=1200)


def test_a_strip_that_would_grow_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(MediaError, match="narrow"):
        to_webp(picture(2, 3000), ratio=None, min_width=1200)


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(MediaError):
        assert to_webp(data, ratio=(16, 9), min_width=10).width >= 10


@given(st.integers(1, 300), st.integers(1, 300))
@settings(max_examples=40, deadline=None)
def test_any_size_becomes_16_to_9_within_a_pixel(width: int, height: int) -> None:
    encoded = to_webp(picture(width, height), ratio=(16, 9), min_width=160)

    assert encoded.width >= 160
    assert abs(encoded.height - encoded.width * 9 / 16) <= 1


@pytest.mark.parametrize("size", [(1600, 900), (40, 30), (30, 3000)])
def test_a_thumbnail_is_a_small_webp_for_markdown(size: tuple[int, int]) -> None:
    uri = thumbnail_data_uri(noise(*size))

    prefix, encoded = uri.split(",", 1)
    assert prefix == "data:image/webp;base64"
    assert opened(base64.b64decode(encoded)).width <= 320
    assert len(uri) < 15_000


def test_a_thumbnail_of_a_broken_picture_is_an_error() -> None:
    with pytest.raises(MediaError):
        thumbnail_data_uri(b"broken")
