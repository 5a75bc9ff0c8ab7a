"""Ctrl-C during the very first imports ends with one line too: imported for that effect, before anything slow."""

import sys
from types import TracebackType

from igny8_assets.interrupts import leave

_usual = sys.excepthook


def _hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        leave()
    _usual(kind, error, trace)


sys.excepthook = _hook
