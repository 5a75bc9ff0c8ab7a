"""What runs in a process that encodes pictures; imported there alone, and quickly."""

import ctypes
import os
import platform
import shutil
import signal
import threading
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path

from igny8_assets.media.errors import MediaError
from igny8_assets.media.webp import EncodedImage, to_webp

KEPT_BYTES = 32 * 1024 * 1024
"""What a picture took is kept for the next up to this, the largest that glibc allows, and given back above."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Numbers of glibc's `malloc.h`."""


def encode(picture: Path, ratio: tuple[int, int] | None, min_width: int) -> EncodedImage:
    """As `igny8_assets.media.webp.to_webp`, of a file."""
    try:
        data = picture.read_bytes()
    except OSError as error:
        raise MediaError(f"image can't be handed to what encodes it: {error}") from None
    return to_webp(data, ratio=ratio, min_width=min_width)


def get_ready() -> None:
    """Load what encodes."""
    from PIL import Image

    Image.init()


def begin(folder: str) -> None:
    """An interrupt is the parent's to handle; when the parent is gone, nobody would end this process.

    Args:
        folder: where the parent puts the pictures; it goes with the parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel, folder), daemon=True).start()
    _keep_memory()


def _keep_memory() -> None:
    """Have glibc keep a picture's memory for the next: asking the system for it anew is a seventh of the time."""
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, KEPT_BYTES)
        libc.mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)


def _end_with(sentinel: int, folder: str) -> None:
    wait([sentinel])
    remove(folder)
    os._exit(0)


def remove(folder: str) -> None:
    """Remove the folder in which pictures are handed over, and what is left in it."""
    shutil.rmtree(folder, ignore_errors=True)
