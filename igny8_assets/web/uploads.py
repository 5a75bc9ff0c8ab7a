"""Files that a request brings: written under the home as they come, up to a limit, and removed after the answer."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from python_multipart import FormParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from igny8_assets.errors import UserError
from igny8_assets.settings import Settings

LONGEST_FIELD = 1000
MOST_SECONDS_STILL = 60.0
"""Without a byte of an upload."""
LONGEST_FILE_NAME = 200
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")


@dataclass(frozen=True)
class Upload:
    """A form that was sent: the file of its field `file`, and its other fields."""

    file: Path
    fields: dict[str, str]


@asynccontextmanager
async def uploading(request: Request, settings: Settings) -> AsyncIterator[Upload]:
    """The form that a request sends, as long as its answer is made.

    Raises:
        UserError: 413, it is larger than IGNY8_WEB_UPLOAD_MEGABYTES; 408 and 400, its sender stopped or went away;
            422, it is no form with a file in `file`.
    """
    uploads = settings.folder / "uploads"
    uploads.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=uploads) as folder:
        yield await _receive(request, Path(folder), settings)


async def _receive(request: Request, folder: Path, settings: Settings) -> Upload:
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise _unreadable("send the file as multipart/form-data, in the field `file`")
    files: list[File] = []
    fields: list[Field] = []
    form = FormParser(
        "multipart/form-data",
        fields.append,
        files.append,
        boundary=options[b"boundary"],
        config={
            "UPLOAD_DIR": str(folder),
            "UPLOAD_DELETE_TMP": False,
            "MAX_MEMORY_FILE_SIZE": 0,
            "MAX_FIELDS": 20,
            "MAX_FIELD_SIZE": LONGEST_FIELD,
        },
    )
    most, received = settings.web_upload_bytes, 0
    try:
        async for chunk in _chunks(request):
            received += len(chunk)
            if received > most:
                raise UserError(
                    f"the upload is larger than {settings.web_upload_megabytes:g} MB; send it in parts, or set "
                    "IGNY8_WEB_UPLOAD_MEGABYTES",
                    code="too_large",
                    status=413,
                )
            if len(fields) + len(files) > 20:
                raise _unreadable("the form has more than 20 parts")
            await run_in_threadpool(form.write, chunk)
        form.finalize()
        return await run_in_threadpool(_kept, folder, files, fields)
    except FormParserError as error:
        raise _unreadable(f"the form can't be read: {error}") from None
    finally:
        for file in files:
            file.close()


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes; its sender may neither go away nor stop sending."""
    chunks = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(MOST_SECONDS_STILL):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise UserError("the upload stopped; send the file again", code="too_slow", status=408) from None
        except ClientDisconnect:
            raise UserError("the upload was broken off; send the file again", code="broken_off") from None
        yield chunk


def _kept(folder: Path, files: list[File], fields: list[Field]) -> Upload:
    sent = [file for file in files if file.field_name == b"file"]
    if len(sent) != 1 or len(files) != 1:
        raise _unreadable("send one file, in the field `file`")
    file = sent[0]
    if file.in_memory:
        file.flush_to_disk()
    file.file_object.flush()
    written = Path((file.actual_file_name or b"").decode())
    # In a folder of its own, so that no name meets another.
    target = Path(tempfile.mkdtemp(dir=folder)) / _base_name(file.file_name or b"")
    written.rename(target)
    told = {(one.field_name or b"").decode("utf-8", "replace"): one.value or b"" for one in fields}
    if any(len(value) > LONGEST_FIELD for value in told.values()):
        raise _unreadable(f"a field of the form has more than {LONGEST_FIELD:,} bytes")
    return Upload(target, {name: value.decode("utf-8", "replace") for name, value in told.items()})


def _base_name(sent: bytes) -> str:
    """The name of the file as its sender knows it, without a path, and short enough for any file system."""
    name = re.split(r"[/\\]", sent.decode("utf-8", "replace"))[-1]
    name = _NOT_IN_NAMES.sub("-", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    kept = f"{stem[:50]}.{ending[:10]}" if dot and stem else name[:50]
    return kept or "upload"


def _unreadable(detail: str) -> UserError:
    return UserError(detail, code="invalid", status=422)
