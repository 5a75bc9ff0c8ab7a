"""`igny8 clusters group`: a list in, a CSV out."""

import csv
import io
from pathlib import Path

import pytest

from igny8_assets.clustering import minilm
from igny8_assets_tests.cli.conftest import Igny8, Result, assert_refused
from igny8_assets_tests.clustering.topics import TOPICS, all_texts

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _list(folder: Path, *lines: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(("keyword,group", *lines)) + "\n", encoding="utf-8")
    return path


def _clusters(text: str) -> dict[str, str]:
    return {row["keyword"]: row["cluster"] for row in csv.DictReader(io.StringIO(text))}


def test_every_keyword_has_a_cluster_that_bears_the_name_of_one_of_them(igny8: Igny8, tmp_path: Path) -> None:
    clusters = _clusters(igny8("clusters", "group", _list(tmp_path, *all_texts()), "--granularity", "topic").out)
    assert sorted(clusters) == sorted(all_texts())
    assert all(clusters[name] == name for name in clusters.values())
    topic_of = {text: topic for topic, texts in TOPICS.items() for text in texts}
    assert all(topic_of[keyword] == topic_of[name] for keyword, name in clusters.items())


def test_wider_levels_have_fewer_clusters(igny8: Igny8, tmp_path: Path) -> None:
    path = _list(tmp_path, *all_texts())
    counted = [
        len(set(_clusters(igny8("clusters", "group", path, "--granularity", level).out).values()))
        for level in ("page", "topic", "theme")
    ]
    assert counted == sorted(counted, reverse=True)
    assert counted[0] > counted[2]


def test_other_columns_are_not_looked_at(igny8: Igny8, tmp_path: Path) -> None:
    plain = igny8("clusters", "group", _list(tmp_path, *all_texts())).out
    told = igny8("clusters", "group", _list(tmp_path, *(f"{text},{at}" for at, text in enumerate(all_texts())))).out
    assert told == plain


def test_a_volume_decides_what_a_cluster_is_called_and_not_what_is_in_it(igny8: Igny8, tmp_path: Path) -> None:
    path = tmp_path / "keywords.csv"
    path.write_text("keyword,volume\nRed Shoe,1\nred shoes,90000\ninvoice template,5\n", "utf-8")
    clusters = _clusters(igny8("clusters", "group", path).out)
    assert clusters == {"Red Shoe": "red shoes", "red shoes": "red shoes", "invoice template": "invoice template"}


def test_names_are_written_as_in_the_file(igny8: Igny8, tmp_path: Path) -> None:
    assert _clusters(igny8("clusters", "group", _list(tmp_path, "iPhone Case")).out) == {"iPhone Case": "iPhone Case"}


def test_rows_of_the_same_keyword_are_told_beside_the_csv(igny8: Igny8, tmp_path: Path) -> None:
    answer = igny8("clusters", "group", _list(tmp_path, "sofa", "Sofa", "SOFA", "couch"))
    assert answer.err == "4 rows, 2 of which are the same keyword as another\n"
    assert len(_clusters(answer.out)) == 2


def test_a_file_is_written_and_said_how_much_is_in_it(igny8: Igny8, tmp_path: Path) -> None:
    out = tmp_path / "clusters.csv"
    answer = igny8("clusters", "group", _list(tmp_path, "red shoe", "red shoes"), "--out", out)
    assert answer.out == f"2 keywords in 1 cluster, written to {out}\n"
    assert _clusters(out.read_text(encoding="utf-8")) == {"red shoe": "red shoe", "red shoes": "red shoe"}


def test_rows_that_cannot_be_read_are_told_beside_the_csv(igny8: Igny8, tmp_path: Path) -> None:
    answer = igny8("clusters", "group", _list(tmp_path, "red shoes", "x" * 300))
    assert list(_clusters(answer.out)) == ["red shoes"]
    assert answer.err.startswith("left out 1 row that can't be read; the first is line 3: ")


def test_minilm_groups_too(igny8: Igny8, tmp_path: Path) -> None:
    answer = igny8("clusters", "group", _list(tmp_path, "sofa", "couch", "invoice template"), "--model", "minilm")
    clusters = _clusters(answer.out)
    assert clusters["sofa"] == clusters["couch"] != clusters["invoice template"]


def _without_minilm(igny8: Igny8, path: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package")
    return igny8("clusters", "group", path, "--model", "minilm")


def test_mistakes_are_refused_in_one_line(igny8: Igny8, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _list(tmp_path, "sofa")
    assert_refused(igny8("clusters", "group", tmp_path / "nowhere.csv"))
    assert_refused(igny8("clusters", "group", path, "--granularity", "word"))
    assert_refused(igny8("clusters", "group", path, "--model", "gpt"))
    assert_refused(igny8("clusters", "group", path, "--out", tmp_path / "no" / "folder.csv"))
    assert_refused(_without_minilm(igny8, path, monkeypatch))


def test_the_file_that_is_read_is_not_written_over(igny8: Igny8, tmp_path: Path) -> None:
    path, results = _list(tmp_path, "sofa"), tmp_path / "results.csv"
    results.write_text("keyword,url\nsofa,a.org/1\n", "utf-8")
    for out in (path, results):
        before = out.read_bytes()
        assert_refused(igny8("clusters", "group", path, "--results", results, "--out", out), "choose another")
        assert out.read_bytes() == before


def test_evidence_is_looked_at_only_when_that_is_asked_for(igny8: Igny8, tmp_path: Path) -> None:
    path = tmp_path / "keywords.csv"
    path.write_text(
        "keyword,parent keyword\nleather sofa,sofas\nthree-seat settee,sofas\ninvoice template,invoices\n", "utf-8"
    )
    apart = _clusters(igny8("clusters", "group", path).out)
    tied = _clusters(igny8("clusters", "group", path, "--evidence").out)
    assert apart["leather sofa"] != apart["three-seat settee"]
    assert tied["leather sofa"] == tied["three-seat settee"] != tied["invoice template"]


def test_keywords_that_share_enough_search_results_are_one_cluster(igny8: Igny8, tmp_path: Path) -> None:
    keywords = _list(tmp_path, "couch", "three-seat settee", "invoice template")
    results = tmp_path / "results.csv"
    rows = [f"couch,a.org/{number}\nthree-seat settee,a.org/{number + 6}" for number in range(10)]
    results.write_text("keyword,url\n" + "\n".join(rows), "utf-8")
    tied = _clusters(igny8("clusters", "group", keywords, "--results", results).out)
    assert tied["couch"] == tied["three-seat settee"] != tied["invoice template"]
    apart = _clusters(igny8("clusters", "group", keywords, "--results", results, "--shared-urls", 5).out)
    assert apart["couch"] != apart["three-seat settee"]
