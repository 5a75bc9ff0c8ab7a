"""Ctrl-C and SIGTERM: a command ends with one line, a run that executes here is closed first."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SIGNALS = (signal.SIGINT, signal.SIGTERM)
CODE = 1


def leave(*_: object) -> None:
    """End this process at once, with one line: the database rolls back what is half done, as after any kill."""
    with suppress(Exception):
        sys.stdout.flush()
        if sys.stdout.isatty():
            # A progress bar hides the cursor.
            os.write(1, b"\x1b[?25h")
    os.write(2, b"igny8: interrupted\n")
    os._exit(CODE)


@contextmanager
def leaving() -> Iterator[None]:
    """Both signals end the process. A handler, since imports may swallow or dress up a KeyboardInterrupt."""
    before = {number: signal.signal(number, leave) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """Both signals wait: between asking for a run and executing it, and while its end is written."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextmanager
def raised() -> Iterator[None]:
    """Both signals, waiting ones too, raise KeyboardInterrupt: what Dagster makes a canceled run of."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in SIGNALS}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)
