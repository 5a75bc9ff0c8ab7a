"""The `igny8` command as a process of its own, and `igny8 ui` with all that it starts."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil

T = TypeVar("T")
LONGEST_WAIT = 300.0
"""Seconds; a machine under load is slow, and a test that waits for nothing must end."""


def start_igny8(*arguments: str, folder: Path, **variables: str) -> subprocess.Popen[str]:
    """Start the command in a folder, in a session of its own, with these variables besides the present ones."""
    return subprocess.Popen(
        [sys.executable, "-m", "igny8_assets.cli.main", *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A test runner that was started in the background hands on that it ignores Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def igny8(*arguments: str, folder: Path, **variables: str) -> str:
    """Run the command to its end, which must be a good one.

    Returns:
        What it printed.
    """
    process = start_igny8(*arguments, folder=folder, **variables)
    output, _ = process.communicate(timeout=LONGEST_WAIT)
    assert process.returncode == 0, output
    return output


def wait_for(what: str, found: Callable[[], T | None], process: subprocess.Popen[str] | None = None) -> T:
    """Ask again and again until there is an answer.

    Args:
        what: named when it never comes.
        found: gives the answer, or nothing (or False) yet.
        process: must not end meanwhile.
    """
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the process ended before {what}: {process.communicate()[0]}")
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")


@dataclass
class RunningUi:
    """A running `igny8 ui`."""

    process: subprocess.Popen[str]
    port: int
    page_port: int

    def child(self, name: str) -> psutil.Process | None:
        """The webserver or the daemon."""
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children():
                if any(name in part for part in process.cmdline()):
                    return process
        return None

    def all_processes(self) -> list[psutil.Process]:
        """The command and all that it has started."""
        command = psutil.Process(self.process.pid)
        return [command, *command.children(recursive=True)]

    def graphql(self, query: str, **variables: Any) -> dict[str, Any] | None:
        """Ask the webserver; nothing when it does not answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                data: dict[str, Any] = json.load(answer)["data"]
                return data
        except (OSError, urllib.error.URLError):
            return None

    def end(self, number: signal.Signals) -> str:
        """Send a signal and wait.

        Returns:
            What the command had printed.
        """
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=LONGEST_WAIT)
        return output


@contextmanager
def running_ui(folder: Path, **variables: str) -> Iterator[RunningUi]:
    """`igny8 ui` in a folder, once its webserver answers; whatever is left of it afterwards is killed."""
    port = free_port()
    page_port = free_port()
    ports = {"IGNY8_UI_PORT": str(port), "IGNY8_WEB_PORT": str(page_port)}
    process = start_igny8("ui", folder=folder, **ports, **variables)
    ui = RunningUi(process, port, page_port)
    seen: list[psutil.Process] = []
    try:
        wait_for("the webserver", lambda: ui.graphql("{ version }"), process)
        yield ui
        with suppress(psutil.NoSuchProcess):
            seen = ui.all_processes()
    finally:
        with suppress(psutil.NoSuchProcess):
            seen = [*seen, *ui.all_processes()]
        for one in seen:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
