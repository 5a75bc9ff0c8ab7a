"""Files that a user asked for: the old one stays until the new one is whole."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from igny8_assets.errors import UserError
from igny8_assets.whole_files import refuse_inputs, whole_file


def _write(path: Path, text: str = "new") -> None:
    with whole_file(path) as file:
        file.write(text.encode())


def _old(folder: Path) -> Path:
    path = folder / "old.csv"
    path.write_text("old")
    return path


def test_a_new_file_is_written_and_nothing_beside_it(tmp_path: Path) -> None:
    _write(tmp_path / "new.csv")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"new.csv": "new"}


def test_a_name_of_the_greatest_length_is_written(tmp_path: Path) -> None:
    _write(tmp_path / ("x" * 255))
    assert (tmp_path / ("x" * 255)).read_text() == "new"


def test_the_old_file_stays_when_the_new_one_is_not_finished(tmp_path: Path) -> None:
    path = _old(tmp_path)
    with pytest.raises(ZeroDivisionError), whole_file(path) as file:
        file.write(b"half")
        file.flush()
        assert path.read_text() == "old"
        raise ZeroDivisionError
    assert [one.name for one in tmp_path.iterdir()] == ["old.csv"]
    assert path.read_text() == "old"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupt_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, number: int) -> None:
    path = _old(tmp_path)
    code = (
        "import signal, sys, pathlib\n"
        "from igny8_assets.interrupts import leaving\n"
        "from igny8_assets.whole_files import whole_file\n"
        "with leaving(), whole_file(pathlib.Path(sys.argv[1])) as file:\n"
        f"    file.write(b'half'); file.flush(); signal.raise_signal({int(number)})\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=False)
    assert ended.returncode == 1
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {"old.csv": "old"}


def test_a_link_stays_and_leads_to_the_new_file(tmp_path: Path) -> None:
    path, link = _old(tmp_path), tmp_path / "link.csv"
    link.symlink_to("old.csv")
    _write(link)
    assert link.is_symlink()
    assert path.read_text() == "new"


def test_who_may_read_the_file_stays_as_it_was(tmp_path: Path) -> None:
    path = _old(tmp_path)
    path.chmod(0o640)
    _write(path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_device_is_written_to_as_it_is(tmp_path: Path) -> None:
    before = Path("/dev/null").stat()
    _write(Path("/dev/null"))
    assert Path("/dev/null").stat().st_ino == before.st_ino
    with pytest.raises(UserError, match="/dev/full can't be written: No space left on device"):
        _write(Path("/dev/full"))


def test_standard_output_that_is_a_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    code = (
        "import pathlib; from igny8_assets.whole_files import whole_file\n"
        "with whole_file(pathlib.Path('/dev/stdout')) as file: file.write(b'new')"
    )
    with (tmp_path / "out.csv").open("w+b") as file:
        subprocess.run([sys.executable, "-c", code], stdout=file, check=True)
        file.seek(0)
        assert file.read() == b"new"


@pytest.mark.parametrize("place", ["", "no/folder.csv"])
def test_a_place_that_is_none_is_refused_with_what_to_do(tmp_path: Path, place: str) -> None:
    with pytest.raises(UserError, match="choose another place by --out"):
        _write(tmp_path / place)


def test_a_file_that_is_read_is_not_written_over(tmp_path: Path) -> None:
    path = _old(tmp_path)
    links = [tmp_path / "soft", tmp_path / "hard"]
    links[0].symlink_to(path)
    links[1].hardlink_to(path)
    for out in (path, tmp_path / "." / ".." / tmp_path.name / "old.csv", *links):
        with pytest.raises(UserError, match="choose another place"):
            refuse_inputs(out, None, path)
    refuse_inputs(None, path)
    refuse_inputs(tmp_path / "new.csv", path, tmp_path / "nowhere.csv")
