"""What a process writes: one piece after the other, the urgent ones first, each in its own order."""

import threading
from functools import partial

import pytest

from igny8_assets.store.writer import Writer


def test_urgent_work_goes_first_and_all_else_in_its_order() -> None:
    writer, may_go, done = Writer(), threading.Event(), list[str]()
    writer.submit(may_go.wait)
    waiting = [writer.submit(partial(done.append, name)) for name in ("save 1", "save 2")]
    waiting += [writer.submit(partial(done.append, name), urgent=True) for name in ("answer 1", "answer 2")]
    may_go.set()
    for future in waiting:
        future.result(timeout=5)
    writer.close()
    assert done == ["answer 1", "answer 2", "save 1", "save 2"]


def test_a_piece_that_fails_is_told_and_takes_no_other_with_it() -> None:
    writer = Writer()

    def fail() -> None:
        raise ValueError("no")

    failing, fine = writer.submit(fail), writer.submit(lambda: 7)
    with pytest.raises(ValueError, match="no"):
        failing.result(timeout=5)
    assert fine.result(timeout=5) == 7
    writer.close()


def test_what_waits_is_done_before_the_end_and_work_may_come_again() -> None:
    writer = Writer()
    last = [writer.submit(partial(int, number)) for number in range(20)]
    writer.close()
    assert [future.result(timeout=0) for future in last] == list(range(20))
    assert writer.submit(lambda: 1).result(timeout=5) == 1
    writer.close()
