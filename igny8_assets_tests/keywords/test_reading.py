import csv
import io
import os
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.errors import UserError
from igny8_assets.keywords.normalising import normalise
from igny8_assets.keywords.reading import Export, read_export
from igny8_assets_tests.keywords.reading_files import read_bytes, read_text, values

HEADER = ["Keyword", "Country", "Volume", "Difficulty", "CPC", "Intent", "URL"]
KEYWORDS = st.sampled_from(
    ["shoes", "Shoes", " shoes", "red shoes", "café", "cafe\u0301", "", "x" * 201, "a\x07", "=1"]
)
CELLS = st.sampled_from(
    ["", "us", "de", "10", "90", "1K – 10K", "12.100", "3,96", "n/a", "Commercial", "I, N", "https://a/"]
)
ROWS = st.lists(st.tuples(KEYWORDS, st.lists(CELLS, max_size=8)).map(lambda pair: [pair[0], *pair[1]]), max_size=25)


def as_csv(rows: list[list[str]], separator: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([HEADER, *rows])
    return text.getvalue()


def read(content: bytes) -> Export:
    with tempfile.TemporaryDirectory() as folder:
        return read_bytes(Path(folder), content)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_every_row_is_a_keyword_merged_or_rejected(rows: list[list[str]], separator: str, encoding: str) -> None:
    written = [row for row in rows if any(cell.strip() for cell in row)]
    content = as_csv(rows, separator).encode(encoding)
    if not written:
        with pytest.raises(UserError, match="no rows"):
            read(content)
        return
    export = read(content)
    assert export.rows == len(written)
    assert not export.keywords.duplicated(["normalised", "market"]).any()
    assert export.keywords["line"].is_monotonic_increasing
    for text, form in zip(values(export, "text"), values(export, "normalised"), strict=True):
        assert form == normalise(text)


@settings(max_examples=60, deadline=None)
@given(ROWS.filter(lambda rows: any(row[0].strip() for row in rows)), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_what_is_read(rows: list[list[str]], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = (
        read(as_csv(each).encode())
        .keywords.drop(columns="line")
        .sort_values(["normalised", "market"])
        .astype(object)
        .map(str)
        .to_numpy()
        .tolist()
        for each in (rows, shuffled)
    )
    assert first == second


def read_or_refuse(content: bytes) -> Export | str:
    try:
        return read(content)
    except UserError as refusal:
        return str(refusal)


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from('ab",;\t\n\r\0 é\ufeff='), max_size=60))
def test_no_text_below_a_header_makes_a_traceback_or_loses_a_row(text: str) -> None:
    result = read_or_refuse(("keyword,volume\n" + text).encode())
    if isinstance(result, str):
        assert "\n" not in result
    else:
        assert result.rows >= 1
        assert result.keywords["line"].between(2, len(text) + 2).all()


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(b"PK\x03\x04".__add__)))
def test_no_bytes_make_a_traceback(content: bytes) -> None:
    result = read_or_refuse(content)
    assert isinstance(result, Export) or "\n" not in result


@settings(max_examples=60, deadline=None)
@given(ROWS.filter(lambda rows: any(row[0].strip() for row in rows)))
def test_a_fault_elsewhere_in_the_file_does_not_change_how_the_other_rows_are_read(rows: list[list[str]]) -> None:
    content = as_csv(rows)
    sound, faulty = read(content.encode()), read((content + "broken\0,row\n").encode())
    assert faulty.rows == sound.rows + 1
    assert faulty.keywords.astype(str).to_numpy().tolist() == sound.keywords.astype(str).to_numpy().tolist()
    assert faulty.rejects[:-1].to_numpy().tolist() == sound.rejects.to_numpy().tolist()


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"shoes\.csv has a header .* no rows"):
        read_text(tmp_path, "Keyword,Volume\n\n", "shoes.csv")


def test_columns_without_a_keyword_column_are_named(tmp_path: Path) -> None:
    names = [f"column {number} with a name that goes on and on and on" for number in range(20)]
    with pytest.raises(UserError, match=r'"column 0 with') as refusal:
        read_text(tmp_path, ",".join(names) + "\n" + ",".join("x" * 20) + "\n")
    assert len(str(refusal.value)) < 600
    assert 'name that column "keyword"' in str(refusal.value)


def test_one_line_of_a_megabyte_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no line that is a keyword"):
        read_text(tmp_path, "x" * 1_000_000)


def test_missing_values_are_none_or_na_and_never_a_float(tmp_path: Path) -> None:
    export = read_text(tmp_path, "keyword,volume,parent keyword,url\na,,,\nb,1,p,https://example.com/\nb,2,,\n")
    kinds = {name: str(kind) for name, kind in export.keywords.dtypes.items()}
    assert kinds == {
        **dict.fromkeys(("text", "normalised", "volume_kind", "intents", "market", "parent", "url"), "object"),
        **dict.fromkeys(("volume", "difficulty", "cpc_millis"), "Int64"),
        "line": "int64",
    }
    assert export.keywords["parent"].tolist() == [None, "p"]


@pytest.mark.skipif(not os.environ.get("IGNY8_REAL_EXPORTS"), reason="IGNY8_REAL_EXPORTS names no folder")
@pytest.mark.parametrize(("name", "rows"), [("semrush_woocommerce.csv", 3000), ("ahrefs_ai_tools.csv", 2272)])
def test_every_row_of_a_real_export_is_accounted_for(name: str, rows: int) -> None:
    path = Path(os.environ["IGNY8_REAL_EXPORTS"]) / name
    export = read_export(path)
    assert export.rows == rows == len(export.keywords) + export.merged + len(export.rejects)
    with path.open(newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert values(export, "volume") == [round(float(row["volume"])) for row in written]
    assert values(export, "difficulty") == [
        round(float(row["difficulty"])) if row["difficulty"] else None for row in written
    ]
