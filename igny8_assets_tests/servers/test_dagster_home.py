"""Dagster's home under several processes."""

import subprocess
import sys
from pathlib import Path

import pytest

OPEN = (
    "from igny8_assets.dagster_home import dagster_instance; from igny8_assets.settings import load_settings\n"
    "with dagster_instance(load_settings()) as instance: print(instance.get_runs())"
)


@pytest.mark.slow
def test_processes_that_open_a_fresh_home_at_once_do_not_spoil_it(home: Path) -> None:
    first = [
        subprocess.Popen([sys.executable, "-c", OPEN], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in first:
        output, errors = process.communicate(timeout=60)
        assert output == "[]\n", errors
    assert subprocess.run([sys.executable, "-c", OPEN], capture_output=True, text=True, check=True).stdout == "[]\n"
