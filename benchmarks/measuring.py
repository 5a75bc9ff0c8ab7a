"""What a figure is, and the page that shows them."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

README = Path(__file__).parent / "README.md"
BEGIN = "<!-- figures -->"


@dataclass(frozen=True)
class Figure:
    """One measured figure; `bound` is what it should keep to."""

    what: str
    value: str
    bound: str = "–"


@dataclass
class Clock:
    """Seconds of wall time that a block took."""

    seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Clock]:
    """Time a block."""
    clock = Clock()
    started = time.perf_counter()
    yield clock
    clock.seconds = time.perf_counter() - started


def run_python(
    program: str, *arguments: str, environment: dict[str, str], codes: Sequence[str] = ("0",)
) -> tuple[float, int]:
    """Run a program in a process of its own, which has to end with one of the exit codes.

    Returns:
        Wall time in seconds, and the most memory that it held in bytes.
    """
    wrapper = (
        "import resource, subprocess, sys, time; started = time.perf_counter();"
        "code = subprocess.call([sys.executable, '-c', *sys.argv[1:]], stdout=sys.stderr);"
        "print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", wrapper, program, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, memory, code = done.stdout.split()
    if code not in codes:
        raise RuntimeError(done.stderr)
    return float(seconds), int(memory)


def write_report(figures: Sequence[Figure]) -> None:
    """Put the figures into the page, with the machine and the date."""
    before = README.read_text(encoding="utf-8").split(BEGIN)[0]
    lines = [
        measured_by("make bench"),
        "",
        "| what | measured | bound |",
        "|---|---|---|",
        *(f"| {figure.what} | {figure.value} | {figure.bound} |" for figure in figures),
    ]
    README.write_text(before + BEGIN + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def measured_by(command: str) -> str:
    """The line that says when, by what and on which machine figures were taken."""
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} by `{command}`: {os.cpu_count()} cores ({platform.machine()}), "
        f"{_memory_gib():.0f} GiB, {platform.system()}, Python {platform.python_version()}."
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" if row else "|" + "---|" * len(head) for row in (head, (), *rows))


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
