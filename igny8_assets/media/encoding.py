"""Pictures are decoded, cropped and encoded in processes of their own, as many as there are cores."""

import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from igny8_assets.media.encoder import begin, encode, get_ready
from igny8_assets.media.errors import MediaError
from igny8_assets.media.webp import EncodedImage


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
            return await asyncio.wrap_future(pool.submit(encode, data, ratio, min_width))
        except BrokenProcessPool:
            # Killed from outside, or by one of the pictures in it.
            if self._pool is pool:
                self.close()
        # Once more alone, so that the picture which kills takes no other with it.
        alone = _pool_of(1)
        try:
            return await asyncio.wrap_future(alone.submit(encode, data, ratio, min_width))
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
            pool.submit(get_ready)

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
    return ProcessPoolExecutor(max_workers=processes, mp_context=get_context("spawn"), initializer=begin)
