"""Readings of the database that several requests want at the same moment, made once for all of them."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool

T = TypeVar("T")


class SharedReadings:
    """Whoever asks for what is just being read shares the next reading with all who ask meanwhile.

    So no answer is older than its question, and however many ask at once, one reading follows another: a server that
    is too slow for each to have their own does not fall further and further behind.
    """

    def __init__(self) -> None:
        self._begun: dict[Hashable, asyncio.Task[Any]] = {}
        self._next: dict[Hashable, asyncio.Task[Any]] = {}

    async def read(self, what: Hashable, reading: Callable[[], T]) -> T:
        """What a reading gives that begins after this was asked for.

        Args:
            what: the same for those who may share, which means that they get the same.
            reading: run in a thread; what it raises is raised for all who share it.
        """
        task: asyncio.Task[T] | None = self._next.get(what)
        if task is None:
            before = self._begun.get(what)
            task = asyncio.create_task(self._read(what, reading, before))
            (self._begun if before is None else self._next)[what] = task
            # Nobody may be there any more to be told of what it raises.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        # One who goes away leaves it to the others.
        return await asyncio.shield(task)

    async def _read(self, what: Hashable, reading: Callable[[], T], before: "asyncio.Task[Any] | None") -> T:
        if before is not None:
            await asyncio.wait([before])
            self._begun[what] = self._next.pop(what)
        try:
            return await run_in_threadpool(reading)
        finally:
            del self._begun[what]
