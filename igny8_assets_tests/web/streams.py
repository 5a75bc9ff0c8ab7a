"""Event streams of the page, each on a socket of its own, as many browsers would hold them open."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LONGEST_LINE = 2**20
"""Bytes; the state of a site comes as one line."""


@dataclass(frozen=True)
class Stream:
    """A stream that is open."""

    reader: asyncio.StreamReader

    async def next_state(self) -> dict[str, Any]:
        """The next state of the site that it tells."""
        async for line in self.reader:
            if line == b"event: state\n":
                told: dict[str, Any] = json.loads((await self.reader.readline()).removeprefix(b"data: "))
                return told
        raise EOFError("the server ended the stream")


@asynccontextmanager
async def open_streams(number: int, address: str, path: str, cookie: str) -> AsyncIterator[Sequence[Stream]]:
    """So many streams of one page.

    Args:
        address: of the server, with its scheme.
        cookie: what a browser that is logged in sends.
    """
    server = urlsplit(address)
    request = f"GET {path} HTTP/1.1\r\nHost: {server.netloc}\r\nCookie: {cookie}\r\n\r\n".encode()

    async def opened() -> Stream:
        reader, writer = await asyncio.open_connection(server.hostname, server.port, limit=LONGEST_LINE)
        stack.callback(writer.close)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise ConnectionError(head.decode())
        return Stream(reader)

    async with AsyncExitStack() as stack:
        yield await asyncio.gather(*(opened() for _ in range(number)))
