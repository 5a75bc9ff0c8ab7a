"""Log files that stay small: one that has grown too large becomes `name.1`, what was that `name.2`, and so on."""

import fcntl
import os
import shutil
from pathlib import Path

PARTS = 3
"""So many earlier parts of a file are kept."""


def append(path: Path, line: str, most_bytes: int) -> None:
    """Add a line, by however many processes at once; the file is rotated before it grows beyond `most_bytes`."""
    data = line.encode() + b"\n"
    while True:
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_at(path, file.fileno()):
                # Another process rotated it between our opening and our turn.
                continue
            if file.tell() and file.tell() + len(data) > most_bytes:
                _shift(path)
                path.rename(_part(path, 1))
                continue
            file.write(data)
            return


def cut(path: Path, most_bytes: int) -> None:
    """Rotate a file that a process which we don't control keeps open for appending, by copying and emptying it.

    What that process writes between the two is lost.
    """
    if path.exists() and path.stat().st_size > most_bytes:
        _shift(path)
        shutil.copyfile(path, _part(path, 1))
        os.truncate(path, 0)


def parts_of(path: Path) -> list[Path]:
    """All parts of a file that are there, the oldest first."""
    return [part for part in (*(_part(path, number) for number in range(PARTS, 0, -1)), path) if part.exists()]


def _shift(path: Path) -> None:
    for number in range(PARTS - 1, 0, -1):
        if _part(path, number).exists():
            _part(path, number).replace(_part(path, number + 1))


def _part(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
