"""The command starts quickly, because nothing heavy is loaded before it is needed."""

import subprocess
import sys

HEAVY = ("dagster", "pandas", "numpy", "lxml", "PIL", "openai", "wordllama", "nh3", "obstore", "datasketch", "alembic")


def test_assembling_the_command_loads_nothing_heavy() -> None:
    program = (
        "import sys; from igny8_assets.cli import main; main.assemble(); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
