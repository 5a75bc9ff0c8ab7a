"""The wheel holds all that the checkout has, and works without it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_demo_runs_from_an_empty_folder_with_nothing_but_the_wheel(tmp_path: Path) -> None:
    built = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path / "dist"), "."]
    subprocess.run(built, cwd=CHECKOUT, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IGNY8_")}
    # The unpacked wheel comes before the checkout on the path.
    environment["PYTHONPATH"] = str(tmp_path / "installed")
    program = (
        "import igny8_assets, sys; from pathlib import Path;"
        "assert Path(igny8_assets.__file__).is_relative_to(sys.argv.pop()), igny8_assets.__file__;"
        "from igny8_assets.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "demo", str(tmp_path / "installed")],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    drafts = empty / ".igny8" / "drafts" / "demo"
    assert f"The drafts are in {drafts}" in done.stdout
    assert len(list(drafts.glob("*.html"))) == 12
    assert _files(tmp_path / "installed" / "igny8_assets") >= _files(CHECKOUT / "igny8_assets")


def _files(package: Path) -> set[str]:
    """What a package holds beside compiled code: its templates, too."""
    return {str(path.relative_to(package)) for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"}
