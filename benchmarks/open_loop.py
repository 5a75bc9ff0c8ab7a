"""Requests at a steady rate, whatever the answers do, from a process of its own.

A request's time counts from the moment at which it was due, so that a server that stalls is not asked less for it.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

AHEAD_SECONDS = 0.5
"""The first request is due so long after the start."""


@dataclass
class Answers:
    """What the answers took from the moment their requests were due, in ms, and how many were no good."""

    milliseconds: list[float] = field(default_factory=list)
    bad: int = 0

    def within(self, part: float) -> float:
        """The time within which this part of all answers came, in ms."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


@contextmanager
def asked_steadily(address: str, key: str, paths: Sequence[str], rate: int) -> Iterator[Answers]:
    """Ask these paths in turn for as long as the block lasts; the answers are known after it.

    Args:
        address: where the server is, as `host:port`.
        key: what is shown as a bearer's.
        rate: requests a second, all paths together.
    """
    answers = Answers()
    command = [sys.executable, "-m", "benchmarks.open_loop", address, str(rate), *paths]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(key + "\n")
    process.stdin.flush()
    try:
        yield answers
        told, _ = process.communicate()
        seen = json.loads(told)
        answers.milliseconds, answers.bad = seen["milliseconds"], seen["bad"]
    finally:
        process.kill()
        process.wait()


class _Connections:
    """Connections that are kept alive; the one that was used last is used first."""

    def __init__(self, address: str) -> None:
        self._host, _, self._port = address.rpartition(":")
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, request: bytes) -> int:
        """The status of an answer, which was read to its end."""
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                break
            writer.close()
        else:
            reader, writer = await asyncio.open_connection(self._host, int(self._port))
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        await reader.readexactly(length)
        self._idle.append((reader, writer))
        return int(head.split(b" ", 2)[1])


async def _ask_until(ended: asyncio.Future[None], address: str, rate: int, requests: Sequence[bytes]) -> Answers:
    connections, answers = _Connections(address), Answers()
    asking: set[asyncio.Task[None]] = set()

    async def ask(request: bytes, due: float) -> None:
        try:
            status = await connections.ask(request)
        except (OSError, EOFError):
            status = 0
        answers.milliseconds.append((time.perf_counter() - due) * 1000)
        answers.bad += status != 200

    begin, number = time.perf_counter() + AHEAD_SECONDS, 0
    while not ended.done():
        due = begin + number / rate
        await asyncio.sleep(due - time.perf_counter())
        task = asyncio.create_task(ask(requests[number % len(requests)], due))
        asking.add(task)
        task.add_done_callback(asking.discard)
        number += 1
    await asyncio.gather(*asking)
    return answers


async def _main(address: str, rate: str, *paths: str) -> None:
    loop = asyncio.get_running_loop()
    key = sys.stdin.readline().strip()
    requests = [f"GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\r\n" for path in paths]
    # The end of what it is told is the end of what it does.
    ended = loop.run_in_executor(None, sys.stdin.read)
    answers = await _ask_until(ended, address, int(rate), [request.encode() for request in requests])
    sys.stdout.write(json.dumps({"milliseconds": answers.milliseconds, "bad": answers.bad}))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
