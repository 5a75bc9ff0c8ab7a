"""How the requests of one process to one model wait: for a place, for their turn, and no longer than the run lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Stopped(Exception):
    """The run is to stop, and a request would have had to wait; its item is left for later."""


class Door:
    """The way to one model.

    Only the `first` in the queue asks the database whether the service may be asked: all of them would keep it busy
    with nothing else.
    """

    def __init__(self, places: int, stopping: asyncio.Event) -> None:
        self._places, self._stopping = asyncio.Semaphore(places), stopping
        self._freed = asyncio.Event()
        self.first = asyncio.Lock()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold one of the process's places: more of them than the service may have would only wait in the database."""
        async with self._places:
            try:
                yield
            finally:
                self._freed.set()

    async def rest(self, seconds: float) -> None:
        """Wait.

        Raises:
            Stopped: the run is to stop.
        """
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
        raise Stopped

    async def rest_until_free(self, seconds: float) -> None:
        """Wait, at most until a request of this process was answered.

        Raises:
            Stopped: the run is to stop.
        """
        self._freed.clear()
        waiting = [asyncio.create_task(event.wait()) for event in (self._freed, self._stopping)]
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        if self._stopping.is_set():
            raise Stopped
