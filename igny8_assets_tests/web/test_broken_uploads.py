"""Uploads whose sender goes away or stops."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from igny8_assets.settings import load_settings
from igny8_assets.web import uploads
from igny8_assets_tests.web.serving import API, Client

HALF = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nKeyw'


@contextmanager
def half_an_upload(client: Client) -> Iterator[socket.socket]:
    """A connection on which an upload has begun."""
    host, port = client.address.removeprefix("http://").split(":")
    head = (
        f"POST {API}/sites/shop/keywords/import/ HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {client.key}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 500\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode() + HALF)
        yield connection


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that comes soon."""
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")


def test_an_upload_that_stops_is_given_up(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_SECONDS_STILL", 0.2)
    with half_an_upload(editor) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 408")
    assert list((load_settings().folder / "uploads").iterdir()) == []


def test_an_upload_that_is_broken_off_leaves_nothing_and_no_fault_in_the_log(
    editor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    folder = load_settings().folder / "uploads"
    with half_an_upload(editor):
        until(lambda: folder.is_dir() and any(folder.iterdir()))
    until(lambda: not any(folder.iterdir()))
    assert "Traceback" not in caplog.text
