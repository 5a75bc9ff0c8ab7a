"""Files that a user asked for: the old one stays until the new one is whole."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import BinaryIO

from igny8_assets.errors import UserError

_STREAMS = (Path("/dev"), Path("/proc"))
_unfinished: set[Path] = set()


@contextmanager
def whole_file(path: Path, option: str = "--out") -> Iterator[BinaryIO]:
    """A file to write that takes the place of another at the end of the block; unless it ends well, the old one stays.

    Links stay and their target is replaced. What is no regular file, such as a device or a pipe, is written to as is.

    Args:
        path: what to write.
        option: how the user names it, for the message.

    Raises:
        UserError: it can't be written.
    """
    try:
        if _is_stream(path):
            with path.open("wb") as file:
                yield file
        else:
            with _replaced(Path(os.path.realpath(path))) as file:
                yield file
    except BrokenPipeError:
        # Its reader has seen enough, which is no mistake.
        raise
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror}; choose another place by {option}") from None


def refuse_inputs(out: Path | None, *inputs: Path | None) -> None:
    """Refuse to write over a file that is read.

    Raises:
        UserError: `out` is one of them, by whatever name or link.
    """
    if out is None or not out.is_file():
        return
    for read in inputs:
        if read is not None and read.exists() and out.samefile(read):
            raise UserError(f"{out} is the file that is read, and would be lost; choose another place by --out")


def discard_unfinished() -> None:
    """Remove what this process began and will not finish."""
    for partial in tuple(_unfinished):
        with suppress(OSError):
            partial.unlink()


@contextmanager
def _replaced(target: Path) -> Iterator[BinaryIO]:
    # A short name of its own: the target's may be as long as the file system allows.
    partial = target.parent / f".igny8-{secrets.token_hex(6)}.partial"
    _unfinished.add(partial)
    try:
        with partial.open("xb") as file:
            if target.exists():
                partial.chmod(S_IMODE(target.stat().st_mode))
            yield file
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
        _unfinished.discard(partial)


def _is_stream(path: Path) -> bool:
    with suppress(FileNotFoundError):
        if not S_ISREG(path.stat().st_mode):
            return True
    # /dev/stdout may lead to a file that something else writes to as well.
    return path.is_symlink() and any(path.parent.resolve().is_relative_to(folder) for folder in _STREAMS)
