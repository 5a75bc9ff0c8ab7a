"""The one thread of a process that writes: what is urgent goes first, else everything in the order in which it came."""

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
_END = 2


class Writer:
    """Runs pieces of work one after the other on a thread of its own, which starts with the first of them."""

    def __init__(self) -> None:
        self._waiting: queue.PriorityQueue[tuple[int, int, Future[Any], Callable[[], Any]]] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def submit(self, work: Callable[[], T], *, urgent: bool = False) -> "Future[T]":
        """Have a piece of work done soon."""
        with self._starting:
            if self._thread is None:
                # A daemon: one that still writes when the interpreter ends is waited for by close().
                self._thread = threading.Thread(target=self._run, name="igny8-writer", daemon=True)
                self._thread.start()
        future: Future[T] = Future()
        self._waiting.put((int(not urgent), next(self._numbers), future, work))
        return future

    def close(self) -> None:
        """End once everything that waits is done."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put((_END, next(self._numbers), Future(), lambda: None))
            thread.join()

    def _run(self) -> None:
        while True:
            rank, _, future, work = self._waiting.get()
            if rank == _END:
                return
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:
                future.set_exception(error)
            # Until the next piece comes nothing of this one is held.
            del future, work
