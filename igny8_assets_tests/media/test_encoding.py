"""Pictures are encoded in processes of their own, and one that kills its process takes no other picture with it."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from igny8_assets.media import encoding
from igny8_assets.media.encoding import EncodingPool
from igny8_assets.media.errors import MediaError
from igny8_assets.media.webp import EncodedImage, to_webp
from igny8_assets_tests.ai.served_pictures import picture

POISON = b"poison"


def encode_or_die(picture: Path, ratio: tuple[int, int] | None, min_width: int) -> EncodedImage:
    data = picture.read_bytes()
    if data == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    return to_webp(data, ratio=ratio, min_width=min_width)


@pytest.fixture(autouse=True)
def handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where pictures are put for the processes that encode them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def encoded(*pictures: bytes) -> list[EncodedImage | BaseException]:
    pool = EncodingPool()
    try:
        making = (pool.to_webp(data, ratio=(16, 9), min_width=320) for data in pictures)
        return await asyncio.gather(*making, return_exceptions=True)
    finally:
        pool.close()


def test_a_picture_is_cropped_and_encoded_as_in_this_process_and_nothing_is_left_behind(handed_over: Path) -> None:
    data = picture("640x480", "336699")
    (made,) = asyncio.run(encoded(data))
    assert made == to_webp(data, ratio=(16, 9), min_width=320)
    assert list(handed_over.iterdir()) == []


def test_a_picture_that_can_not_be_handed_over_fails_with_the_reason(
    handed_over: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(handed_over / "missing"))
    (failed,) = asyncio.run(encoded(picture("64x48", "336699")))
    assert isinstance(failed, MediaError)
    assert "handed to what encodes it" in str(failed)


KILLED = """
import asyncio, os, signal
from igny8_assets.media.encoding import EncodingPool
pool = EncodingPool()
async def die():
    asyncio.ensure_future(pool.to_webp(bytes(10**6), ratio=None, min_width=1))
    await asyncio.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
pool.start()
asyncio.run(die())
"""


@pytest.mark.slow
def test_who_is_killed_while_pictures_are_encoded_leaves_nothing_behind(handed_over: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED], env={**os.environ, "TMPDIR": str(handed_over)}, check=False)
    ends = time.monotonic() + 60
    while list(handed_over.iterdir()) and time.monotonic() < ends:
        time.sleep(0.1)
    assert list(handed_over.iterdir()) == []


@pytest.mark.slow
def test_a_picture_that_kills_its_process_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "encode", encode_or_die)
    good = picture("640x480", "336699")
    made = asyncio.run(encoded(good, POISON, good, good))
    assert [type(one) for one in made] == [EncodedImage, MediaError, EncodedImage, EncodedImage]
