"""Which process a run was given to, and whether it lives."""

import os
import socket
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest

from igny8_assets.automation.process import ProcessIdentity, is_gone, this_process


def test_this_process_lives_and_no_other_is_taken_for_it() -> None:
    assert not is_gone(this_process())
    assert is_gone(replace(this_process(), started_ms=this_process().started_ms - 5_000))


def test_of_a_process_of_another_host_nothing_is_known() -> None:
    assert not is_gone(ProcessIdentity("elsewhere", 2**22 + 1, 1))


def test_of_a_process_that_is_numbered_apart_nothing_is_known() -> None:
    elsewhere = replace(this_process(), started_ms=1, host=f"{socket.gethostname()} pid:[1]")
    assert not is_gone(elsewhere)


def test_a_process_is_gone_once_it_ended_also_before_its_parent_looks() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        identity = replace(this_process(), process_id=child.pid)
        identity = replace(identity, started_ms=identity.started_ms + _younger_by(child.pid))
        assert not is_gone(identity)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(identity)
    assert is_gone(identity)


def _younger_by(process_id: int) -> int:
    return round((psutil.Process(process_id).create_time() - psutil.Process().create_time()) * 1000)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the clock alone tells")
def test_a_clock_that_is_set_anew_makes_no_process_look_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = this_process()
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: 1.0)
    assert not is_gone(before)
