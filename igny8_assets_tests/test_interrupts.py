"""Interrupts that come at a moment at which Python would lose them."""

import signal
import time
import weakref

import pytest

from igny8_assets.interrupts import sent_again


class Row:
    """Something that can be collected."""


def test_an_interrupt_within_a_finalizer_is_raised_after_it(capfd: pytest.CaptureFixture[str]) -> None:
    finalized: list[object] = []

    def finalize(reference: object) -> None:
        finalized.append(reference)
        signal.raise_signal(signal.SIGINT)

    row = Row()
    reference = weakref.ref(row, finalize)
    with pytest.raises(KeyboardInterrupt), sent_again(KeyboardInterrupt):
        del row
        for _ in range(200):
            time.sleep(0.05)
    assert finalized == [reference]
    assert "ignored" not in capfd.readouterr().err


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_other_errors_of_a_finalizer_are_told_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", lambda unraisable: told.append(unraisable.exc_type))

    def finalize(_: object) -> None:
        raise ValueError

    row = Row()
    reference = weakref.ref(row, finalize)
    with sent_again(KeyboardInterrupt):
        del row
    assert reference() is None
    assert told == [ValueError]
