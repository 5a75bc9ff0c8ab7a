"""Keeping the Dagster webserver and daemon, and the page, up until Ctrl-C."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from igny8_assets.errors import UserError
from igny8_assets.rotation import cut
from igny8_assets.settings import Settings

HOST = "127.0.0.1"
"""Dagster's webserver has no login, so it listens on this machine alone."""
CHECK_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
HEALTHY_SECONDS = 60.0
"""A child that ran so long is restarted at once when it dies."""
END_SECONDS = 10.0
"""How long the children have to end after the runs that they execute had theirs."""
MODULE = ("-m", "igny8_assets.definitions")
PAGE = "igny8_assets.web.serving"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass
class Child:
    """A process that is to be kept up, with the process groups of all that it was, whose members may outlive it."""

    name: str
    command: tuple[str, ...]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    groups: set[int] = field(default_factory=set)
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0


def refuse_taken_port(host: str, port: int, setting: str) -> None:
    """Refuse to start beside what uses the port.

    Raises:
        UserError: names the setting; the port is taken, or the host is no address of this machine.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise UserError(f"port {port} is taken; end what uses it or set {setting} to another") from None
        raise UserError(f"{host} is no address of this machine; name one of its own by IGNY8_WEB_HOST") from None


def address_of_page(settings: Settings) -> str:
    """Where the page is, for a person of this machine."""
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    return f"http://{host}:{settings.web_port}/automation"


def who_reaches(settings: Settings) -> str:
    """Who can reach the page, in words."""
    if settings.web_host in LOOPBACK:
        return "this machine alone can reach it; IGNY8_WEB_HOST names another address to listen on"
    return "other machines can reach it; put a proxy with TLS before it"


def supervise(settings: Settings, variables: dict[str, str]) -> None:
    """Start the webservers and the daemon, restart what dies; at Ctrl-C or SIGTERM end all and what they started."""
    logs = settings.logs
    logs.mkdir(parents=True, exist_ok=True)
    webserver = ("dagster_webserver", "-h", HOST, "-p", str(settings.ui_port))
    children = [
        Child(name, (sys.executable, "-m", *command), logs / log)
        for name, log, command in (
            ("webserver", "dagster-webserver.log", (*webserver, *MODULE)),
            ("daemon", "dagster-daemon.log", ("dagster._daemon", "run", "--log-level", "warning", *MODULE)),
            ("page", "page.log", (PAGE,)),
        )
    ]
    environment = {**os.environ, **variables, "PYTHONWARNINGS": "ignore"}
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    _say("starting; Ctrl-C ends it")
    awaited = {
        (HOST, settings.ui_port): f"Dagster UI: http://{HOST}:{settings.ui_port} (logs in {logs})",
        (settings.web_host, settings.web_port): f"Page: {address_of_page(settings)} ({who_reaches(settings)})",
    }
    try:
        while not stopping.is_set():
            for child in children:
                _keep_up(child, environment)
                cut(child.log, settings.log_bytes)
            for address in [address for address in awaited if _is_answered(*address)]:
                _say(awaited.pop(address))
            stopping.wait(CHECK_SECONDS)
    finally:
        _say("ending")
        _end(children, settings.stop_grace_seconds + END_SECONDS)
    _say("ended")


def _say(line: str) -> None:
    # A terminal that was closed reads no more.
    with suppress(OSError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _is_answered(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), CHECK_SECONDS).close()
    except OSError:
        return False
    return True


def _keep_up(child: Child, environment: dict[str, str]) -> None:
    now = time.monotonic()
    alive = child.process is not None and child.process.poll() is None
    # Checked all the time: once a group is empty, its number is free for others.
    child.groups = {group for group in child.groups if _exists(group)}
    if alive:
        return
    if child.process is not None:
        child.failures = 0 if now - child.started > HEALTHY_SECONDS else child.failures + 1
        pause = min(2.0**child.failures, LONGEST_PAUSE_SECONDS) if child.failures else 0.0
        _say(f"the {child.name} ended with code {child.process.returncode} ({child.log} says why); starting it again")
        child.process, child.not_before = None, now + pause
    if now < child.not_before:
        return
    child.started = now
    with child.log.open("ab") as file:
        # A group of its own: Ctrl-C reaches this process alone, which then ends the children and theirs.
        child.process = subprocess.Popen(  # noqa: S603
            child.command, env=environment, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    child.groups.add(child.process.pid)


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _end(children: Iterable[Child], seconds: float) -> None:
    """End the children, their code servers and the runs that these execute; what is left after the time is killed."""
    groups = set().union(*(child.groups for child in children))
    _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and _members(groups):
        for child in children:
            if child.process is not None:
                child.process.poll()
        time.sleep(0.1)
    _signal(groups, signal.SIGKILL)
    for child in children:
        if child.process is not None:
            child.process.wait()


def _signal(groups: Iterable[int], number: signal.Signals) -> None:
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def _members(groups: set[int]) -> list[int]:
    """The processes of these groups that still run."""
    found = []
    for process in psutil.process_iter(["status"]):
        with suppress(ProcessLookupError, PermissionError):
            if process.info["status"] != psutil.STATUS_ZOMBIE and os.getpgid(process.pid) in groups:
                found.append(process.pid)
    return found
