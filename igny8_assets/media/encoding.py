"""Pictures are decoded, cropped and encoded in processes of their own, as many as there are cores."""

import asyncio
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from igny8_assets.media.encoder import begin, encode, get_ready, remove
from igny8_assets.media.errors import MediaError
from igny8_assets.media.webp import EncodedImage


class EncodingPool:
    """Processes that make webp; they start with the first picture and end with their parent, however that ends.

    A picture is handed over as a file, since some MB through a pipe keep both sides waiting for each other.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._folder: str | None = None

    async def to_webp(self, data: bytes, *, ratio: tuple[int, int] | None, min_width: int) -> EncodedImage:
        """As `igny8_assets.media.webp.to_webp`, without keeping the event loop or its process busy.

        Raises:
            MediaError: the picture can't be used, or its encoding killed two processes.
        """
        try:
            pool, folder = self._started()
            path = await asyncio.to_thread(_put, folder, data)
        except OSError as error:
            raise MediaError(f"image can't be handed to what encodes it: {error}") from None
        try:
            try:
                return await asyncio.wrap_future(pool.submit(encode, path, ratio, min_width))
            except BrokenProcessPool:
                # Killed from outside, or by one of the pictures in it.
                if self._pool is pool:
                    self._pool = None
            # Once more alone, so that the picture which kills takes no other with it.
            alone = _pool_of(1, folder)
            try:
                return await asyncio.wrap_future(alone.submit(encode, path, ratio, min_width))
            except BrokenProcessPool:
                raise MediaError(
                    "image could not be made into webp: the process that encodes pictures was killed"
                ) from None
            finally:
                alone.shutdown(wait=False, cancel_futures=True)
        finally:
            path.unlink(missing_ok=True)

    def start(self) -> None:
        """Start the processes before the first picture is there."""
        pool, _ = self._started()
        for _ in range(os.cpu_count() or 1):
            pool.submit(get_ready)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
        if self._folder is not None:
            remove(self._folder)
            self._folder = None

    def _started(self) -> tuple[ProcessPoolExecutor, str]:
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="igny8-")
        if self._pool is None:
            self._pool = _pool_of(os.cpu_count() or 1, self._folder)
        return self._pool, self._folder


def _pool_of(processes: int, folder: str) -> ProcessPoolExecutor:
    # Not forked: this process has threads, whose locks a copy would hold for ever.
    return ProcessPoolExecutor(
        max_workers=processes, mp_context=get_context("spawn"), initializer=begin, initargs=(folder,)
    )


def _put(folder: str, data: bytes) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(data)
    return Path(file.name)
