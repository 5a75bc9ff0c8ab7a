"""Ctrl-C and SIGTERM: a command ends with one line, a run that executes here is closed first."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from igny8_assets.whole_files import discard_unfinished

SIGNALS = (signal.SIGINT, signal.SIGTERM)
CODE = 1
AGAIN_SECONDS = 0.05


def leave(*_: object) -> None:
    """End this process at once, with one line: the database rolls back what is half done, as after any kill."""
    with suppress(Exception):
        sys.stdout.flush()
        if sys.stdout.isatty():
            # A progress bar hides the cursor.
            os.write(1, b"\x1b[?25h")
    discard_unfinished()
    os.write(2, b"igny8: interrupted\n")
    os._exit(CODE)


@contextmanager
def leaving() -> Iterator[None]:
    """Both signals end the process, and once the block is done, when only the exit is left, do nothing.

    By a handler, since imports may swallow or dress up a KeyboardInterrupt.
    """
    for number in SIGNALS:
        signal.signal(number, leave)
    yield
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """Both signals wait: between asking for a run and executing it, and while its end is written."""
    if threading.current_thread() is not threading.main_thread():
        # Signals are handled on the main thread alone.
        yield
        return
    with _handled_by(lambda number, _: _waiting.append(number)):
        yield
    if _waiting:
        number = _waiting[0]
        _waiting.clear()
        signal.raise_signal(number)


def taken() -> bool:
    """Whether a signal waits; whoever asks has to heed it, for it then waits no more."""
    waited = bool(_waiting)
    _waiting.clear()
    return waited


@contextmanager
def sent_again(*errors: type[BaseException]) -> Iterator[None]:
    """An interrupt that Python drops is sent once more: what is raised in a finalizer reaches nobody.

    Args:
        errors: what the handlers of both signals raise within this block.
    """
    before = sys.unraisablehook

    def hook(unraisable: "sys.UnraisableHookArgs") -> None:
        if not isinstance(unraisable.exc_value, errors):
            before(unraisable)
            return
        # Later and from another thread, since the finalizer that drops it is still running here.
        main = threading.main_thread().ident or 0
        threading.Timer(AGAIN_SECONDS, lambda: signal.pthread_kill(main, signal.SIGINT)).start()

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


_waiting: list[int] = []


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    # Not by a mask: a signal that another thread takes is handled on the main thread all the same.
    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
