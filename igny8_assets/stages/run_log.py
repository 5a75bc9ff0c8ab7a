"""The log of one run: a file with one JSON object a line, rotated when it grows large."""

import json
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from igny8_assets.rotation import append, parts_of
from igny8_assets.settings import Settings

INBOX = 0
"""The stage of a line about the inbox: what comes before stage 1."""


class RunLog:
    """Appends to a run's file; several processes may append to the same one, a line at a time."""

    def __init__(self, settings: Settings, run_id: str) -> None:
        self.path = log_file(settings, run_id)
        self.most_bytes = settings.log_bytes
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, message: str, *, level: str = "info", stage: int | None = None, item: str | None = None) -> None:
        """Add a line."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": level,
            "stage": stage,
            "item": item,
            "message": message,
        }
        append(self.path, json.dumps(line, ensure_ascii=False), self.most_bytes)


def log_file(settings: Settings, run_id: str) -> Path:
    """Where the log of a run is."""
    return settings.logs / f"{run_id}.jsonl"


def read_log(settings: Settings, run_id: str) -> Iterator[dict[str, Any]]:
    """The lines of a run's log, oldest first; a line that a crash cut off is left out."""
    for path in parts_of(log_file(settings, run_id)):
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except json.JSONDecodeError:
                    continue


def last_lines(settings: Settings, run_id: str, lines: int) -> list[str]:
    """The last lines of a run's log as a terminal shows them."""
    return [line_of(entry) for entry in deque(read_log(settings, run_id), lines)]


def line_of(entry: dict[str, Any]) -> str:
    """A line of a log for a person: moment in UTC, level, stage, message."""
    stage = f"stage {entry['stage']}" if entry.get("stage") else ""
    return f"{entry['time'][:19].replace('T', ' ')}  {entry['level']:<7}  {stage:<7}  {entry['message']}"
