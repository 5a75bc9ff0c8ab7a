"""Where standard output can't be written, a command ends with one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "igny8_assets.cli.main"]


@pytest.mark.parametrize("rows", [1, 1500], ids=["at the end", "in between"])
def test_a_full_device_is_one_line(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "list.txt"
    path.write_text("\n".join(f"sofa {number}" if rows > 1 else "sofa" for number in range(rows)), "utf-8")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*COMMAND, "clusters", "group", path], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 2
    assert ended.stderr == "igny8: standard output can't be written: No space left on device; send it elsewhere\n"


def test_a_full_device_is_one_line_for_tables_too(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*COMMAND, "init"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "IGNY8_HOME": str(tmp_path / "home")},
        )
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith("igny8: standard output can't be written")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_seen_enough_is_told_nothing(tmp_path: Path, unbuffered: str) -> None:
    path = tmp_path / "list.txt"
    path.write_text("\n".join(f"sofa {number}" for number in range(1500)), "utf-8")
    process = subprocess.Popen(
        [*COMMAND, "clusters", "group", path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "keyword,cluster\n"
    process.stdout.close()
    process.wait()
    assert process.stderr.read() == ""
