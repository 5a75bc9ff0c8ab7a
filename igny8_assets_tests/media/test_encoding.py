"""Pictures are encoded in processes of their own, and one that kills its process takes no other picture with it."""

import asyncio
import os
import signal

import pytest

from igny8_assets.media import encoding
from igny8_assets.media.encoding import EncodingPool
from igny8_assets.media.errors import MediaError
from igny8_assets.media.webp import EncodedImage, to_webp
from igny8_assets_tests.ai.served_pictures import picture

POISON = b"poison"


def encode_or_die(data: bytes, ratio: tuple[int, int] | None, min_width: int) -> EncodedImage:
    if data == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    return to_webp(data, ratio=ratio, min_width=min_width)


async def encoded(*pictures: bytes) -> list[EncodedImage | BaseException]:
    pool = EncodingPool()
    try:
        making = (pool.to_webp(data, ratio=(16, 9), min_width=320) for data in pictures)
        return await asyncio.gather(*making, return_exceptions=True)
    finally:
        pool.close()


def test_a_picture_is_cropped_and_encoded_as_in_this_process() -> None:
    data = picture("640x480", "336699")
    (made,) = asyncio.run(encoded(data))
    assert made == to_webp(data, ratio=(16, 9), min_width=320)


@pytest.mark.slow
def test_a_picture_that_kills_its_process_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "encode", encode_or_die)
    good = picture("640x480", "336699")
    made = asyncio.run(encoded(good, POISON, good, good))
    assert [type(one) for one in made] == [EncodedImage, MediaError, EncodedImage, EncodedImage]
