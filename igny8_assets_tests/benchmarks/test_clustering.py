"""What the benchmark of grouping refuses, and the lists that it makes."""

from pathlib import Path

import pytest

from benchmarks.clustering import report_clustering
from benchmarks.gold_sets import SETS, read_sets
from benchmarks.keyword_lists import SEEDS, make_keywords
from igny8_assets.vocabulary import Granularity

LIST = "keyword,group,volume\noak desk,desks,10\nred lamp,,5\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in SETS:
        (tmp_path / f"{name}.csv").write_text(LIST, encoding="utf-8")
    return tmp_path


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that is said."""
    assert report_clustering(arguments) == 2
    said = capsys.readouterr()
    assert not said.out
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize("name", ["", "/nowhere/at/all"])
def test_a_missing_folder_is_named(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"there is no folder {name or '(none was named)'}" in refusal(capsys, name)


def test_a_missing_list_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "clinc150.csv").unlink()
    assert f"there is no file {folder / 'clinc150.csv'}" in refusal(capsys, str(folder))


def test_a_further_list_has_to_be_there_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"there is no file {folder / 'more.csv'}" in refusal(capsys, str(folder), "--set", "more=topic")


@pytest.mark.parametrize("text", ["more", "more=wide", "=topic"])
def test_a_further_list_needs_its_width(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"--set {text} is not NAME=GRANULARITY" in refusal(capsys, str(folder), "--set", text)


def test_a_list_needs_both_columns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wands.csv").write_text("keyword\noak desk\n", encoding="utf-8")
    assert "wands.csv lacks a column" in refusal(capsys, str(folder))


def test_a_list_without_any_group_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wands.csv").write_text("keyword,group\noak desk,\n", encoding="utf-8")
    assert "wands.csv names no keyword's group" in refusal(capsys, str(folder))


def test_only_the_usual_lists_and_those_that_are_named_are_read(folder: Path) -> None:
    for name in ("more", "other"):
        (folder / f"{name}.csv").write_text(LIST, encoding="utf-8")
    read = {gold.name: gold.granularity for gold in read_sets(str(folder), ["more=page"])}
    assert read == {**SETS, "more": Granularity.PAGE}


def test_keywords_without_a_group_are_grouped_all_the_same(folder: Path) -> None:
    gold = read_sets(str(folder))[0]
    assert gold.keywords == ["oak desk", "red lamp"]
    assert gold.groups == {"oak desk": "desks", "red lamp": ""}


@pytest.mark.parametrize("count", [1, 1_000, 100_000])
def test_made_keywords_are_as_many_as_asked_for_and_all_different(count: int) -> None:
    keywords = make_keywords(count)
    assert len(keywords) == len(set(keywords)) == count
    assert keywords == make_keywords(count)


def test_a_short_list_is_of_few_seeds() -> None:
    keywords = make_keywords(1_000)
    found = [seed for seed in SEEDS if any(seed in keyword for keyword in keywords)]
    assert len(found) < len(SEEDS) / 4
