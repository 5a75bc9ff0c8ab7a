"""Pictures are decoded, cropped and encoded in processes of their own, as many as there are cores."""

import asyncio
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait

from igny8_assets.media.errors import MediaError
from igny8_assets.media.webp import EncodedImage, to_webp


class EncodingPool:
    """Processes that make webp; they start with the first picture and end with their parent, however that ends."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def to_webp(self, data: bytes, *, ratio: tuple[int, int] | None, min_width: int) -> EncodedImage:
        """As `igny8_assets.media.webp.to_webp`, without keeping the event loop or its process busy.

        Raises:
            MediaError: the picture can't be used, or its encoding killed two processes.
        """
        pool = self._started()
        try:
            return await asyncio.wrap_future(pool.submit(_encode, data, ratio, min_width))
        except BrokenProcessPool:
            # Killed from outside, or by one of the pictures in it.
            if self._pool is pool:
                self.close()
        # Once more alone, so that the picture which kills takes no other with it.
        alone = _pool_of(1)
        try:
            return await asyncio.wrap_future(alone.submit(_encode, data, ratio, min_width))
        except BrokenProcessPool:
            raise MediaError(
                "image could not be made into webp: the process that encodes pictures was killed"
            ) from None
        finally:
            alone.shutdown(wait=False, cancel_futures=True)

    def start(self) -> None:
        """Start the processes before the first picture is there."""
        pool = self._started()
        for _ in range(os.cpu_count() or 1):
            pool.submit(_get_ready)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = _pool_of(os.cpu_count() or 1)
        return self._pool


def _pool_of(processes: int) -> ProcessPoolExecutor:
    # Not forked: this process has threads, whose locks a copy would hold for ever.
    return ProcessPoolExecutor(max_workers=processes, mp_context=get_context("spawn"), initializer=_begin)


def _encode(data: bytes, ratio: tuple[int, int] | None, min_width: int) -> EncodedImage:
    return to_webp(data, ratio=ratio, min_width=min_width)


def _get_ready() -> None:
    """Load what encodes."""
    from PIL import Image

    Image.init()


def _begin() -> None:
    """An interrupt is the parent's to handle; when the parent is gone, nobody would end this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)
