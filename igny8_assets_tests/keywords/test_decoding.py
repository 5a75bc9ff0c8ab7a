from pathlib import Path

import pytest

from igny8_assets.errors import UserError
from igny8_assets_tests.keywords.reading_files import read_bytes, rejected, values

TEXT = "keyword,volume\ncafé crème,90\nnaïve art,20\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("cp1252", b""),
    ],
)
def test_a_file_is_read_in_the_encoding_that_it_is_in(tmp_path: Path, encoding: str, mark: bytes) -> None:
    export = read_bytes(tmp_path, mark + TEXT.encode(encoding))
    assert values(export, "text") == ["café crème", "naïve art"]
    assert values(export, "volume") == [90, 20]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, end: str) -> None:
    export = read_bytes(tmp_path, TEXT.replace("\n", end).encode())
    assert values(export, "line") == [2, 3]
    assert values(export, "volume") == [90, 20]


def test_a_broken_byte_in_a_utf_8_file_costs_its_row_only(tmp_path: Path) -> None:
    export = read_bytes(tmp_path, "keyword\ncafé\nnaïve\n".encode() + b"cr\xe9me\n" + "été\n".encode())
    assert values(export, "text") == ["café", "naïve", "été"]
    assert rejected(export) == [(4, "characters that could not be decoded in the keyword")]


def test_a_letter_across_two_blocks_is_whole(tmp_path: Path) -> None:
    before = b"keyword\n" + (b"a" * 127 + b"\n") * (1 << 13)
    content = before[:1048570] + b"\nword" + "é\n".encode()
    assert content.index("é".encode()) == (1 << 20) - 1
    assert values(read_bytes(tmp_path, content), "text")[-1] == "wordé"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \n", "blank"),
        (bytes(range(256)) * 40, "not a text"),
        (b"\0" * 5000, "not a text"),
        (b"key\0word\0,\0\0\0" * 50, "not a text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200)) * 3, "not a text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Excel"),
        (b"\x1f\x8b\x08\0" + b"\0" * 100, "unpack"),
        (b"%PDF-1.7\n", "PDF"),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_one_line(tmp_path: Path, content: bytes, word: str) -> None:
    with pytest.raises(UserError, match=word) as refusal:
        read_bytes(tmp_path, content, "odd.csv")
    assert "odd.csv" in str(refusal.value)
    assert "\n" not in str(refusal.value)
