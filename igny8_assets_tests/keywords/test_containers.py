import io
import zipfile
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from igny8_assets.errors import UserError
from igny8_assets.keywords import containers
from igny8_assets.keywords.reading import read_export
from igny8_assets_tests.keywords.reading_files import read_bytes, values


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"missing\.csv: there is no such file"):
        read_export(tmp_path / "missing.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        read_export(tmp_path)


def test_a_zip_without_a_table_says_what_it_holds(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds picture\.png"):
        read_bytes(tmp_path, zipped(("picture.png", b"x")))


def test_a_zip_without_keywords_names_the_columns(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"export\.csv/Pages\.csv.*Top pages"):
        read_bytes(tmp_path, zipped(("Pages.csv", b"Top pages,Clicks\nhttps://example.com/,1\n")))


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    content = zipped(("Queries.csv", b"Top queries,Clicks,Impressions\n" + b"shoes,1,2\n" * 500))
    with pytest.raises(UserError, match="damaged"):
        read_bytes(tmp_path, content[:100])
    broken = bytearray(content)
    broken[60:70] = b"\xff" * 10
    with pytest.raises(UserError, match="damaged"):
        read_bytes(tmp_path, bytes(broken))


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "LARGEST_FILE", 100_000)
    content = zipped(("Queries.csv", b"keyword\n" + b"a" * 1_000_000))
    assert len(content) < 100_000
    with pytest.raises(UserError, match="more than 1 GiB"):
        read_bytes(tmp_path, content)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "LARGEST_FILE", 10)
    with pytest.raises(UserError, match="larger than 1 GiB"):
        read_bytes(tmp_path, b"keyword\nshoes\n")


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped(("Queries.csv", b"keyword\nshoes\n")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UserError, match="password"):
        read_bytes(tmp_path, bytes(content))


def test_the_queries_are_read_even_if_another_table_could_be(tmp_path: Path) -> None:
    content = zipped(("A.csv", b"query,clicks\nno,1\n"), ("x/Queries.csv", b"query,clicks\nyes,1\n"))
    assert values(read_bytes(tmp_path, content), "text") == ["yes"]


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_the_sheet_with_keywords_is_found(tmp_path: Path) -> None:
    content = workbook([["About", "this file"], ["Made", "today"]], [["Keyword", "Volume"], ["shoes", 90]])
    assert values(read_bytes(tmp_path, content, "book.xlsx"), "volume") == [90]


def test_a_workbook_with_one_column_is_a_plain_list(tmp_path: Path) -> None:
    export = read_bytes(tmp_path, workbook([["shoes"], ["boots"]]), "book.xlsx")
    assert (export.layout, values(export, "text")) == ("Plain list", ["shoes", "boots"])


def test_a_workbook_without_a_keyword_column_names_its_columns(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='"Phrase", "Volume"'):
        read_bytes(tmp_path, workbook([["Phrase", "Volume"], ["shoes", 90]]), "book.xlsx")


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="empty sheet"):
        read_bytes(tmp_path, workbook([]), "book.xlsx")


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="damaged workbook"):
        read_bytes(tmp_path, zipped(("xl/workbook.xml", b"<no"), ("[Content_Types].xml", b"<no")), "book.xlsx")
