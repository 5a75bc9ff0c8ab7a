"""Fixtures that many tests share: a home of their own, fresh databases, a site with an account."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from igny8_assets.store.database import Store
from igny8_assets_tests.servers.databases import fresh_database, start_servers

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("igny8", deadline=None)
hypothesis.settings.load_profile("igny8")


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers in the controlling process, before any worker."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        # A test runner that was started in the background ignores Ctrl-C, and tests raise it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not config.option.collectonly:
        start_servers()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test, and no settings from outside."""
    for name in [name for name in os.environ if name.startswith("IGNY8_") and not name.startswith("IGNY8_TEST_")]:
        if name != "IGNY8_REAL_EXPORTS":
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("IGNY8_HOME", str(folder))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty, migrated database; every test that uses it runs on both kinds."""
    with fresh_database(request.param, home) as url:
        if request.param == "postgresql":
            monkeypatch.setenv("IGNY8_DATABASE_URL", url)
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on a fresh database."""
    opened = Store(database_url)
    yield opened
    opened.close()
