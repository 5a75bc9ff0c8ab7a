from pathlib import Path

import pytest

from igny8_assets_tests.keywords.reading_files import read_text, rejected, values

HEADER = "keyword,volume,cpc\n"


def test_a_row_with_too_many_columns_is_rejected_and_breaks_no_other(tmp_path: Path) -> None:
    export = read_text(tmp_path, HEADER + "a,1,1\nb,2,2,x\n" + "c,3,3" + ",x" * 50 + "\nd,4,4\n")
    assert values(export, "text") == ["a", "d"]
    assert rejected(export) == [(3, "1 column too many"), (4, "50 columns too many")]
    assert export.rejects["text"].iloc[0] == "b,2,2,x"


def test_empty_cells_behind_the_last_column_are_nothing(tmp_path: Path) -> None:
    assert values(read_text(tmp_path, HEADER + "a,1,1,,\nb,2,2, ,\n"), "text") == ["a", "b"]


def test_a_short_row_has_unknown_values(tmp_path: Path) -> None:
    export = read_text(tmp_path, HEADER + "a\nb,2\nc,3,3\n")
    assert values(export, "volume") == [None, 2, 3]
    assert values(export, "cpc_millis") == [None, None, 3000]


def test_a_row_without_a_keyword_is_rejected_as_it_stands(tmp_path: Path) -> None:
    export = read_text(tmp_path, HEADER + "a,1,1\n,2,2\n  ,3,3\n")
    assert rejected(export) == [(3, "the keyword is empty"), (4, "the keyword is empty")]
    assert export.rejects["text"].iloc[0] == ",2,2"


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path: Path) -> None:
    export = read_text(tmp_path, "\n" + HEADER + "\na,1,1\n   \n,,\nb,2,2\n\n")
    assert export.rows == 2
    assert values(export, "line") == [4, 7]


def test_a_keyword_that_is_too_long_is_rejected(tmp_path: Path) -> None:
    export = read_text(tmp_path, HEADER + "x" * 200 + ",1,1\n" + "y" * 201 + ",2,2\n")
    assert values(export, "text") == ["x" * 200]
    assert rejected(export) == [(3, "the keyword is 201 characters long, 200 are allowed")]
    assert len(export.rejects["text"].iloc[0]) == 200


def test_a_row_with_a_nul_is_rejected_and_breaks_no_other(tmp_path: Path) -> None:
    export = read_text(tmp_path, HEADER + "running shoes,1,1\nb,2\0,2\nwalking shoes,3,3\nred\x07 shoes,4,4\n")
    assert values(export, "text") == ["running shoes", "walking shoes"]
    assert rejected(export) == [(3, "control characters in the row"), (5, "control characters in the keyword")]
    assert "\0" not in export.rejects["text"].iloc[0]


def test_a_cell_over_several_lines_leaves_the_line_numbers_right(tmp_path: Path) -> None:
    export = read_text(tmp_path, 'keyword,note\na,1\nb,"two\nlines"\nc,3\n"d\ne",4\n')
    assert values(export, "text") == ["a", "b", "c", "d e"]
    assert values(export, "line") == [2, 3, 5, 6]


@pytest.mark.parametrize(
    "rest",
    ["b,2,2\nc,3,3\n", 'b,2,2\n"c",3,3\n', '"b",2,2\nc,3,3\n', 'b,2,"2"\nc,3,3\n', "b,2,2\nc,3,3"],
)
def test_a_quotation_mark_that_is_never_closed_costs_its_own_line(tmp_path: Path, rest: str) -> None:
    export = read_text(tmp_path, HEADER + '"a,1,1\n' + rest)
    assert values(export, "text") == ["b", "c"]
    assert values(export, "line") == [3, 4]
    assert rejected(export) == [(2, "a quotation mark opens a cell and is not closed")]


def test_an_unclosed_quotation_mark_on_the_last_line_costs_that_line(tmp_path: Path) -> None:
    export = read_text(tmp_path, HEADER + 'a,1,1\n"b,2,2')
    assert values(export, "text") == ["a"]
    assert [line for line, _ in rejected(export)] == [3]


@pytest.mark.parametrize("other", ["", "c,\0,3\n"])
def test_an_unclosed_keyword_that_swallows_cells_of_its_line_is_rejected(tmp_path: Path, other: str) -> None:
    export = read_text(tmp_path, HEADER + '"a,1,"1"\n"b, c",2,2\n' + other)
    assert values(export, "text") == ["b, c"]
    assert rejected(export)[0] == (2, "a quotation mark opens a cell and is not closed")


def test_a_careless_quotation_mark_within_a_line_is_read_the_same_with_and_without_other_faults(tmp_path: Path) -> None:
    sound = read_text(tmp_path, HEADER + '"red"ish,1,1\ntv 5" stand,2,2\n')
    faulty = read_text(tmp_path, HEADER + '"red"ish,1,1\ntv 5" stand,2,2\nc,\0,3\n')
    assert values(sound, "text") == values(faulty, "text") == ["redish", 'tv 5" stand']


def test_a_very_long_line_is_one_reject(tmp_path: Path) -> None:
    export = read_text(tmp_path, HEADER + "a,1,1\n" + "x" * 1_000_000 + "\nb,2,2\n" + "y," * 300_000 + "y\nc,3,3\n")
    assert values(export, "text") == ["a", "b", "c"]
    assert [line for line, _ in rejected(export)] == [3, 5]


def test_a_very_long_line_in_a_file_with_other_faults_is_one_reject(tmp_path: Path) -> None:
    export = read_text(tmp_path, HEADER + "a,1,1\n" + "x" * 1_000_000 + '\n"b,2,2\nc,3,3\n')
    assert values(export, "text") == ["a", "c"]
    assert [line for line, _ in rejected(export)] == [3, 4]


def test_a_number_that_cannot_be_read_is_unknown_and_its_keyword_stays(tmp_path: Path) -> None:
    export = read_text(tmp_path, "keyword,volume,cpc,difficulty\na,many,cheap,hard\n")
    assert (values(export, "volume"), values(export, "cpc_millis"), values(export, "difficulty")) == ([None],) * 3
    assert values(export, "volume_kind") == [None]


def test_a_file_of_more_rows_than_one_chunk_is_read_whole(tmp_path: Path) -> None:
    count = 100_001
    export = read_text(tmp_path, HEADER + "".join(f"keyword {n},{n},1\n" for n in range(count)))
    assert export.rows == count
    assert export.keywords.iloc[-1][["text", "volume", "line"]].tolist() == ["keyword 100000", 100000, count + 1]
