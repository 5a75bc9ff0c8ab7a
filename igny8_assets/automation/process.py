"""Which process this is, and whether another one of this host still lives."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

SAME_START_MS = 1000
"""Where only the clock tells when a process started, it may be read a little differently another time."""


@dataclass(frozen=True)
class ProcessIdentity:
    """A process that no other can be mistaken for: a number is used again, a number with its start is not.

    `started_ms` counts from the start of the machine, where that can be read, since a clock may be set anew.
    """

    host: str
    process_id: int
    started_ms: int


def this_process() -> ProcessIdentity:
    """The identity of the running process."""
    return ProcessIdentity(_host(), os.getpid(), _started_ms(psutil.Process()))


def is_gone(identity: ProcessIdentity) -> bool:
    """Whether a process is known to be over; False for another host's, or one that may not be looked at."""
    if identity.host != _host():
        return False
    try:
        process = psutil.Process(identity.process_id)
        if abs(_started_ms(process) - identity.started_ms) > SAME_START_MS:
            return True
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


def _host() -> str:
    """The host's name, and where processes are numbered apart, as in a container, which numbers are meant."""
    numbered = Path("/proc/self/ns/pid")
    return socket.gethostname() + (f" {numbered.readlink()}" if numbered.is_symlink() else "")


def _started_ms(process: psutil.Process) -> int:
    try:
        facts = Path(f"/proc/{process.pid}/stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return round(process.create_time() * 1000)
    # The 22nd field (proc(5)); the name before it stands in brackets and may hold anything.
    ticks = int(facts.rpartition(b")")[2].split()[19])
    return round(ticks * 1000 / os.sysconf("SC_CLK_TCK"))
