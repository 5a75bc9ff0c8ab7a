"""Standard output that says of its own errors that they are its own."""

import io
import os
import sys


class OutputFailed(OSError):
    """Standard output can't be written, e.g. since a disk is full."""


class _Output(io.FileIO):
    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        try:
            return super().write(data)
        except OSError as error:
            # What is printed from now on goes nowhere: else the end of the process tries once more, and complains.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if isinstance(error, BrokenPipeError):
                raise
            raise OutputFailed(error.errno, error.strerror) from None


def watch_output() -> None:
    """From now on `sys.stdout` raises `OutputFailed`; a stream that stands in for it stays as it is."""
    stream = sys.stdout
    # Where Python is told not to buffer, there is nothing between the text and the file.
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(
        getattr(stream.buffer, "raw", stream.buffer), io.FileIO
    ):
        return
    stream.flush()
    output = _Output(stream.fileno(), "wb", closefd=False)
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(output) if hasattr(stream.buffer, "raw") else output,
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
