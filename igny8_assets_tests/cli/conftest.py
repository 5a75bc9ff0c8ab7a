"""The command, run in this process."""

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import pytest

from igny8_assets.cli import main as command
from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.factories import make_account, make_site


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


Igny8 = Callable[..., Result]


@pytest.fixture
def igny8(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Igny8:
    """Runs `igny8` with these arguments on the test's database."""
    monkeypatch.setenv("USER", "ada")
    # The test runner keeps its own handlers.
    monkeypatch.setattr(command, "leaving", nullcontext)

    def run(*arguments: object) -> Result:
        # Each process of the real command assembles it once.
        command.app.registered_commands.clear()
        command.app.registered_groups.clear()
        monkeypatch.setattr(sys, "argv", ["igny8", *(str(argument) for argument in arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            command.main()
        captured = capsys.readouterr()
        code = ended.value.code
        return Result(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run


@pytest.fixture
def site(store: Store) -> Site:
    """The site `shop` of the account `default`."""
    with store.write() as session:
        return make_site(session, "shop", account=make_account(session))


def assert_refused(result: Result, says: str = "") -> None:
    """A user's mistake: exit code 2, one line on standard error, nothing on standard output."""
    assert result.code == 2, result
    assert result.out == ""
    lines = result.err.splitlines()
    assert len(lines) == 1, result.err
    assert lines[0].startswith("igny8: ")
    assert says in lines[0]
