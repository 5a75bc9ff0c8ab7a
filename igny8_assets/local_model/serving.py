"""Keeping the server of a model up until Ctrl-C."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException

from igny8_assets.errors import UserError
from igny8_assets.local_model.server import Serving

CHECK_SECONDS = 0.1
END_SECONDS = 5.0
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""Where a server that listens on all addresses is found from this machine."""


class ServerEnded(Exception):
    """The server was up and ended without being told to."""


def address_of(host: str, port: int) -> str:
    """The URL of a server from this machine."""
    host = ANY_ADDRESS.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def refuse_unusable_address(host: str, port: int) -> None:
    """Refuse an address that is taken, or not this machine's.

    Raises:
        UserError: names the option.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        code = getattr(error, "errno", None)
        if code == errno.EADDRINUSE:
            raise UserError(f"port {port} is taken; end what uses it or name another with --port") from None
        if code == errno.EACCES:
            raise UserError(f"port {port} is reserved for the system; name one above 1023 with --port") from None
        raise UserError(f"{host} is no address of this machine; --host names one, e.g. 127.0.0.1") from None


def keep_serving(serving: Serving, on_ready: Callable[[], None]) -> None:
    """Start the server, tell when it answers, and end it at Ctrl-C or SIGTERM.

    Raises:
        UserError: it can't serve this model.
        ServerEnded: it ended by itself later on.
    """
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    output = None if serving.verbose else subprocess.DEVNULL
    # On cores that others use too, threads that wait in a loop make it slower by a factor of ten and more.
    environment = {"OMP_WAIT_POLICY": "PASSIVE", **os.environ}
    # A session of its own: Ctrl-C reaches this process alone. Its input ends when this process does, however that is.
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "igny8_assets.local_model.server", serving.told()],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    health = address_of(serving.host, serving.port) + "/health"
    answers = False
    try:
        while not stopping.wait(CHECK_SECONDS):
            if process.poll() is not None:
                raise _ended(serving, process.returncode, answers=answers)
            if not answers and (answers := _is_healthy(health)):
                on_ready()
    finally:
        _end(process)


def _is_healthy(address: str) -> bool:
    """Whether the server answers; while it loads the model, it does so with an error."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(OSError, HTTPException), direct.open(address, timeout=END_SECONDS):
        return True
    return False


def _ended(serving: Serving, code: int, *, answers: bool) -> Exception:
    why = "" if serving.verbose else "; --verbose shows why"
    if answers:
        return ServerEnded(f"the server ended by itself with code {code}{why}")
    return UserError(
        f"{serving.path} can't be served: it is damaged, of a kind that llama.cpp does not know, or too large for this "
        f"machine with --context {serving.context} and --parallel {serving.parallel}{why}"
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
