"""`igny8 serve` as a process of its own."""

import gc
import signal
import socket
from pathlib import Path

import pytest
import requests
import uvicorn

from igny8_assets.store.database import Store
from igny8_assets.web.serving import run
from igny8_assets_tests.servers.igny8_process import free_port, start_igny8

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ON_SQLITE
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_the_page_is_serves_it_and_ends_calmly(
    store: Store, tmp_path: Path, number: signal.Signals
) -> None:
    port = free_port()
    process = start_igny8("serve", folder=tmp_path, IGNY8_WEB_PORT=str(port))
    assert process.stdout is not None
    first, second = process.stdout.readline(), process.stdout.readline()
    assert first.startswith(f"Page: http://127.0.0.1:{port}/automation (this machine alone can reach it")
    assert "igny8" in requests.get(f"http://127.0.0.1:{port}/automation", timeout=60).text
    process.send_signal(number)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    assert (second, rest) == ("runs are launched by the daemon of `igny8 ui`; Ctrl-C ends this\n", "")


@ON_SQLITE
def test_an_address_that_can_not_be_had_is_one_clear_line(store: Store, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start_igny8("serve", folder=tmp_path, IGNY8_WEB_PORT=str(port))
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert output.startswith(f"igny8: can't listen on 127.0.0.1:{port}")
    assert len(output.splitlines()) == 1


def test_what_is_loaded_is_not_looked_through_for_garbage_while_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    seen: list[int] = []

    class Served(uvicorn.Server):
        def run(self, sockets: list[socket.socket] | None = None) -> None:
            seen.append(gc.get_freeze_count())

    with socket.socket() as listening:
        run(Served(uvicorn.Config("none:app")), listening)
    gc.unfreeze()
    assert seen[0] > 10_000
