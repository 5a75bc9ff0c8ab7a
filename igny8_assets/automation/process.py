"""Which process this is, and whether another one of this host still lives."""

import os
import socket
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class ProcessIdentity:
    """A process that no other can be mistaken for: a number is used again, a number with its start is not."""

    host: str
    process_id: int
    started_ms: int


def this_process() -> ProcessIdentity:
    """The identity of the running process."""
    process = psutil.Process()
    return ProcessIdentity(socket.gethostname(), os.getpid(), round(process.create_time() * 1000))


def is_gone(identity: ProcessIdentity) -> bool:
    """Whether a process is known to be over; of another host's nothing is known, so that is False."""
    if identity.host != socket.gethostname():
        return False
    try:
        process = psutil.Process(identity.process_id)
        if abs(round(process.create_time() * 1000) - identity.started_ms) > 1000:
            return True
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
