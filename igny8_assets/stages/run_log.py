"""The log of one run: a file with one JSON object a line."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

INBOX = 0
"""The stage of a line about the inbox: what comes before stage 1."""


class RunLog:
    """Appends to a run's file; several processes may append to the same one, a line at a time."""

    def __init__(self, folder: Path, run_id: str) -> None:
        self.path = folder / f"{run_id}.jsonl"
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, message: str, *, level: str = "info", stage: int | None = None, item: str | None = None) -> None:
        """Add a line."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": level,
            "stage": stage,
            "item": item,
            "message": message,
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_log(folder: Path, run_id: str) -> Iterator[dict[str, Any]]:
    """The lines of a run's log, oldest first; a line that a crash cut off is left out."""
    path = folder / f"{run_id}.jsonl"
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue
