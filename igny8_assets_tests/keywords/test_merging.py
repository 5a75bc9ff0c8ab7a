from pathlib import Path

import pytest

from igny8_assets_tests.keywords.reading_files import read_text, row, values


def test_the_same_keyword_in_other_letters_is_one_keyword(tmp_path: Path) -> None:
    export = read_text(tmp_path, "keyword\nRed  Shoes\nred shoes\ncafe\u0301\nCAFÉ\n")
    assert export.merged == 2
    assert values(export, "normalised") == ["red shoes", "café"]
    assert values(export, "line") == [2, 4]


def test_the_same_keyword_in_another_market_is_another_keyword(tmp_path: Path) -> None:
    export = read_text(tmp_path, "keyword,country\nshoes,us\nshoes,de\nshoes,US\nshoes,\n")
    assert values(export, "market") == ["us", "de", None]
    assert export.merged == 1


@pytest.mark.parametrize("order", [1, -1])
def test_an_exact_volume_beats_a_larger_estimate(tmp_path: Path, order: int) -> None:
    rows = ["shoes,720", "shoes,1K – 10K", "shoes,"][::order]
    shoes = row(read_text(tmp_path, "keyword,volume\n" + "\n".join(rows)), "shoes")
    assert (shoes["volume"], shoes["volume_kind"]) == (720, "exact")


@pytest.mark.parametrize("order", [1, -1])
def test_among_volumes_of_one_kind_the_larger_stands(tmp_path: Path, order: int) -> None:
    rows = ["shoes,10", "shoes,90", "shoes,40"][::order]
    assert row(read_text(tmp_path, "keyword,volume\n" + "\n".join(rows)), "shoes")["volume"] == 90


def test_missing_values_come_from_the_other_row_and_intents_are_united(tmp_path: Path) -> None:
    export = read_text(
        tmp_path,
        "keyword,volume,difficulty,cpc,intent,parent keyword,url\n"
        "shoes,90,,,commercial,,https://example.com/\n"
        "shoes,10,40,1.5,informational,footwear,\n",
    )
    shoes = row(export, "shoes")
    assert (shoes["volume"], shoes["difficulty"], shoes["cpc_millis"]) == (90, 40, 1500)
    assert (shoes["intents"], shoes["parent"]) == ("commercial,informational", "footwear")
    assert shoes["url"] == "https://example.com/"


def test_a_difficulty_of_0_is_known_and_is_not_filled_over(tmp_path: Path) -> None:
    export = read_text(tmp_path, "keyword,volume,difficulty\nshoes,90,0\nshoes,10,40\n")
    assert row(export, "shoes")["difficulty"] == 0
