from pathlib import Path

import pytest

from igny8_assets.errors import UserError
from igny8_assets.keywords.search_results import SearchResults, read_search_results


def read(tmp_path: Path, text: str) -> SearchResults:
    path = tmp_path / "serp.csv"
    path.write_text(text, encoding="utf-8")
    return read_search_results(path)


def results(tmp_path: Path, text: str) -> dict[str, list[str]]:
    return read(tmp_path, text).urls


def test_a_row_for_each_result_is_put_in_order_by_position(tmp_path: Path) -> None:
    text = "Keyword,Position,URL\nRed  Shoes,2,https://b.example/\nred shoes,1,https://a.example/\nsofa,1,c.example/s\n"
    assert results(tmp_path, text) == {
        "red shoes": ["https://a.example/", "https://b.example/"],
        "sofa": ["c.example/s"],
    }


def test_without_positions_the_order_of_the_rows_counts(tmp_path: Path) -> None:
    assert results(tmp_path, "query;url\na;x.org\na;w.org\n") == {"a": ["x.org", "w.org"]}


def test_results_may_stand_in_columns(tmp_path: Path) -> None:
    assert results(tmp_path, "keyword\turl_1\turl_2\turl_3\na\tx.org\t\ty.org/p\n") == {"a": ["x.org", "y.org/p"]}


@pytest.mark.parametrize("between", [" ", "|", " | "])
def test_results_may_stand_in_one_column(tmp_path: Path, between: str) -> None:
    assert results(tmp_path, f"keyword,urls\na,x.org{between}y.org\n") == {"a": ["x.org", "y.org"]}


def test_the_first_ten_different_results_count(tmp_path: Path) -> None:
    rows = "".join(f"a,x.org/{number // 2}\n" for number in range(40))
    assert results(tmp_path, "keyword,url\n" + rows) == {"a": [f"x.org/{number}" for number in range(10)]}


def test_rows_of_no_use_are_counted_and_the_first_named(tmp_path: Path) -> None:
    found = read(tmp_path, "keyword,url\na,x.org\n\nsofa,none\n,y.org\nb,z.org\n")
    assert sorted(found.urls) == ["a", "b"]
    assert found.left_out() == "left out 2 rows that can't be used; the first is line 4: it names no page"


def test_where_every_row_is_used_nothing_is_said(tmp_path: Path) -> None:
    assert read(tmp_path, "keyword,url\na,x.org\n\n").left_out() is None


@pytest.mark.parametrize("text", ["keyword,volume\na,3\n", "keyword,url\n", "keyword,url\na,-\n", "a\nb\n"])
def test_a_file_without_results_is_refused_with_what_to_give(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError, match=r"serp\.csv has no search results; give a table with a column keyword and"):
        results(tmp_path, text)
