"""What kind of file an export is, by content, and what to read in it: a text, the text in a zip, or a workbook."""

import datetime as dt
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from igny8_assets.errors import UserError
from igny8_assets.keywords.decoding import TextSource, decode
from igny8_assets.keywords.normalising import shown

LARGEST_FILE = 1 << 30
"""Bytes of a file, and of all that is unpacked from it, that are read at most: 1 GiB."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its cells as they are stored, and as text row by row."""

    cells: list[list[Any]]

    def rows(self) -> Iterator[list[str]]:
        """Yield every row as texts; row 1 of the sheet comes first."""
        for row in self.cells:
            yield [_cell_text(cell) for cell in row]


def open_export(path: Path) -> list[TextSource] | list[Sheet]:
    """Return the texts, or the sheets of the workbook, in which keywords may stand; at least one.

    Raises:
        UserError: the file is not there, cannot be read, is too large, or holds neither a text nor a sheet.
    """
    if path.is_dir():
        raise UserError(f"{path} is a folder; name one of the files in it")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            is_zip = file.read(4) == b"PK\x03\x04"
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file; check its name and folder") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); check its permissions") from None
    if size > LARGEST_FILE:
        raise UserError(f"{path.name} is larger than 1 GiB; split it into smaller files")
    if not is_zip:
        return [decode(path.name, lambda: path.open("rb"))]
    try:
        with ZipFile(path) as archive:
            return _open_zip(path, archive)
    except (BadZipFile, NotImplementedError, OSError, EOFError, zlib.error) as error:
        raise UserError(f"{path.name} is a damaged zip or workbook ({shown(str(error))}); export it again") from None


def _open_zip(path: Path, archive: ZipFile) -> list[TextSource] | list[Sheet]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = [member.filename for member in members]
    if sum(member.file_size for member in members) > LARGEST_FILE:
        raise UserError(f"{path.name} unpacks to more than 1 GiB; unpack it and split what is in it")
    if "xl/workbook.xml" in names:
        return _sheets(path)
    tables = [
        member
        for member in members
        if member.filename.lower().endswith((".csv", ".tsv", ".txt")) and not member.filename.startswith("__MACOSX/")
    ]
    if not tables:
        held = shown(", ".join(names)) or "nothing"
        raise UserError(f"{path.name} is a zip without a CSV, it holds {held}; zip the export itself")
    if any(member.flag_bits & 1 for member in tables):
        raise UserError(f"{path.name} is protected by a password; unpack it first")
    # The export of Search Console holds several tables, the queries come first if they are named so.
    tables.sort(key=lambda member: (not member.filename.lower().endswith("queries.csv"), member.filename))
    contents = [(f"{path.name}/{member.filename}", archive.read(member)) for member in tables]
    texts = [decode(name, partial(BytesIO, content)) for name, content in contents if content]
    if not texts:
        raise UserError(f"{path.name} holds only empty files; export it again")
    return texts


def _sheets(path: Path) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    try:
        with CalamineWorkbook.from_path(path) as workbook:
            return [
                Sheet(workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False))
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            ]
    except CalamineError as error:
        raise UserError(f"{path.name} is a damaged workbook ({shown(str(error))}); export it again") from None


def _cell_text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        if cell.is_integer():
            return str(int(cell))
        text = repr(cell)
        # Three places could be taken for thousands.
        return text + "0" if len(text.rpartition(".")[2]) == 3 else text
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)
