"""Text files in the encodings that exports come in, found by content."""

import codecs
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from io import TextIOWrapper
from typing import IO, TextIO

from igny8_assets.errors import UserError
from igny8_assets.keywords.normalising import UNREADABLE

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
# Random bytes hold 11 % of them, texts with a few broken rows far fewer.
_BINARY_SHARE = 0.08
_KNOWN_BINARIES = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or one with a password; save it as .xlsx or CSV without a password",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"%PDF": "a PDF; export the keywords as CSV or .xlsx",
}
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class TextSource:
    """A text that can be read from its start as often as needed; `name` is for messages."""

    name: str
    open_bytes: Callable[[], IO[bytes]]
    encoding: str

    def open(self) -> TextIO:
        """Open the text; every kind of line end reads as a line feed, what cannot be decoded as U+FFFD."""
        return TextIOWrapper(self.open_bytes(), encoding=self.encoding, errors="replace", newline=None)


def decode(name: str, open_bytes: Callable[[], IO[bytes]]) -> TextSource:
    """Find the encoding of a file: UTF-8, UTF-16 (with or without a byte order mark), else Windows-1252.

    Args:
        name: the file's name for messages.
        open_bytes: opens the file from its start.

    Raises:
        UserError: the file is empty or is no text.
    """
    with closing(open_bytes()) as file:
        sample = file.read(_SAMPLE)
    if not sample:
        raise UserError(f"{name} is empty; export it again")
    for start, what in _KNOWN_BINARIES.items():
        if sample.startswith(start):
            raise UserError(f"{name} is {what}")
    source = TextSource(name, open_bytes, find_encoding(open_bytes))
    with closing(source.open()) as text:
        beginning = text.read(_SAMPLE)
    if len(_CONTROLS.findall(beginning)) > _BINARY_SHARE * len(beginning):
        raise UserError(f"{name} is not a text file; give a CSV, a text file, a .xlsx or a zip with a CSV in it")
    if not beginning.strip():
        raise UserError(f"{name} holds nothing but blank lines; export it again")
    return source


def find_encoding(open_bytes: Callable[[], IO[bytes]]) -> str:
    """Name the encoding of a text: by its mark, by the zero bytes of UTF-16, else UTF-8 where that is sound."""
    with closing(open_bytes()) as file:
        sample = file.read(_SAMPLE)
    return _by_mark(sample) or _by_zeros(sample) or _by_validity(open_bytes)


def _by_mark(sample: bytes) -> str | None:
    return next((encoding for mark, encoding in _BOMS.items() if sample.startswith(mark)), None)


def _by_zeros(sample: bytes) -> str | None:
    """Recognise UTF-16 without a mark by the zero bytes that stand beside Latin letters."""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _by_validity(open_bytes: Callable[[], IO[bytes]]) -> str:
    """Tell UTF-8, even with some broken bytes, from Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    broken = sound = 0
    with closing(open_bytes()) as file:
        while block := file.read(_BLOCK):
            if block.isascii() and not decoder.getstate()[0]:
                continue
            text = decoder.decode(block)
            unreadable = text.count(UNREADABLE)
            broken += unreadable
            sound += len(text) - len(text.encode("ascii", "ignore")) - unreadable
    broken += len(decoder.decode(b"", final=True))
    return "utf-8" if broken <= sound else "cp1252"
