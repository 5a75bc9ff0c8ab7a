import csv
from pathlib import Path

import pytest

from igny8_assets.errors import UserError
from igny8_assets.keywords.rejects import write_rejects
from igny8_assets_tests.keywords.reading_files import read_text


def test_rejects_are_written_with_line_text_and_reason_and_cannot_run(tmp_path: Path) -> None:
    export = read_text(tmp_path, "keyword,volume\nshoes,1\n=cmd|' /C calc'!A0,2,3\n,5\n")
    write_rejects(export, tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            ["line", "text", "reason"],
            ["3", "'=cmd|' /C calc'!A0,2,3", "1 column too many"],
            ["4", ",5", "the keyword is empty"],
        ]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    export = read_text(tmp_path, "keyword\nshoes\n")
    with pytest.raises(UserError, match="cannot be written"):
        write_rejects(export, tmp_path / "missing" / "rejects.csv")
