"""The model of `igny8 llm serve`, as a user starts it."""

import shlex
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from igny8_assets_tests.servers.igny8_process import LONGEST_WAIT, free_port, start_igny8, wait_for


@dataclass(frozen=True)
class ServedModel:
    """A running `igny8 llm serve`, and the settings that it printed."""

    process: subprocess.Popen[str]
    port: int
    printed: tuple[str, ...]

    @property
    def settings(self) -> dict[str, str]:
        """The variables of the line that a user copies."""
        command, *variables = shlex.split(self.printed[-1])
        assert command == "export"
        return dict(variable.split("=", 1) for variable in variables)

    @property
    def base_url(self) -> str:
        return self.settings["IGNY8_OPENAI_BASE_URL"]

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: signal.Signals = signal.SIGINT) -> str:
        """Send a signal and wait; gives what was printed since."""
        self.process.send_signal(number)
        self.process.wait(LONGEST_WAIT)
        # Not `communicate`, which would lose what was read ahead of the last line.
        assert self.process.stdout is not None
        return self.process.stdout.read()


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[ServedModel]:
    """`igny8 llm serve` with these arguments, once it answers; killed afterwards if it was not ended."""
    port = free_port()
    process = start_igny8("llm", "serve", "--port", str(port), *arguments, folder=folder)
    try:
        wait_for("the model", lambda: answers(port), process)
        yield ServedModel(process, port, printed_first(process))
    finally:
        process.kill()
        process.wait()


def printed_first(process: subprocess.Popen[str]) -> tuple[str, ...]:
    """The lines up to the one that a user copies."""
    printed: list[str] = []
    for line in process.stdout or ():
        printed.append(line.rstrip("\n"))
        if line.startswith("export "):
            break
    return tuple(printed)


def answers(port: int) -> bool:
    """Whether the server has its model loaded."""
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
        return bool(answer.status == 200)
    return False


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedModel]:
    """One model for all tests, which says nothing while it serves, and ends well at Ctrl-C."""
    with serving(tmp_path_factory.mktemp("model")) as served:
        yield served
        assert served.end() == ""
        assert served.process.returncode == 0
