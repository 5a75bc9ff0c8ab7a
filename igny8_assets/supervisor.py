"""Keeping the Dagster webserver and daemon up until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from igny8_assets.errors import UserError
from igny8_assets.settings import Settings

HOST = "127.0.0.1"
"""Dagster's webserver has no login, so it listens on this machine alone."""
CHECK_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
HEALTHY_SECONDS = 60.0
"""A child that ran so long is restarted at once when it dies."""
END_SECONDS = 30.0


@dataclass
class Child:
    """A process that is to be kept up."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0


def supervise(settings: Settings, variables: dict[str, str]) -> None:
    """Start the webserver and the daemon, restart what dies, end both on Ctrl-C or SIGTERM.

    Raises:
        UserError: the port is taken.
    """
    _refuse_taken_port(settings.ui_port)
    module = ["-m", "igny8_assets.definitions"]
    children = [
        Child(
            "webserver",
            [sys.executable, "-m", "dagster_webserver", "-h", HOST, "-p", str(settings.ui_port), *module],
        ),
        Child("daemon", [sys.executable, "-m", "dagster._daemon", "run", *module]),
    ]
    environment = {**os.environ, **variables, "PYTHONWARNINGS": "ignore"}
    logs = settings.logs
    logs.mkdir(parents=True, exist_ok=True)
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    sys.stdout.write(f"Dagster UI: http://{HOST}:{settings.ui_port} (logs in {logs}); Ctrl-C ends it\n")
    sys.stdout.flush()
    try:
        while not stopping.is_set():
            for child in children:
                _keep_up(child, environment, logs / f"dagster-{child.name}.log")
            stopping.wait(CHECK_SECONDS)
    finally:
        _end(children)
    sys.stdout.write("ended\n")


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise UserError(f"port {port} is taken; end what uses it or set IGNY8_UI_PORT to another") from None


def _keep_up(child: Child, environment: dict[str, str], log: Path) -> None:
    now = time.monotonic()
    if child.process is not None and child.process.poll() is None:
        return
    if child.process is not None:
        child.failures = 0 if now - child.started > HEALTHY_SECONDS else child.failures + 1
        pause = min(2.0**child.failures, LONGEST_PAUSE_SECONDS) if child.failures else 0.0
        sys.stdout.write(f"the {child.name} ended with code {child.process.returncode}; starting it again\n")
        sys.stdout.flush()
        child.process, child.not_before = None, now + pause
    if now < child.not_before:
        return
    child.started = now
    with log.open("ab") as file:
        # A group of its own: Ctrl-C reaches this process alone, which then ends the children in order.
        child.process = subprocess.Popen(  # noqa: S603
            child.command, env=environment, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )


def _end(children: list[Child]) -> None:
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + END_SECONDS
    for process in running:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
