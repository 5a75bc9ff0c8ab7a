import pytest

from igny8_assets.quality.checking import check_draft
from igny8_assets.quality.draft import OtherText
from igny8_assets.quality.report import Verdict
from igny8_assets_tests.quality.drafts import finding, good_draft, verdict


@pytest.mark.parametrize(
    ("length", "expected"), [(49, Verdict.WARN), (50, Verdict.PASS), (60, Verdict.PASS), (61, Verdict.WARN)]
)
def test_a_meta_title_has_50_to_60_characters(length: int, expected: Verdict) -> None:
    assert verdict("meta_title_length", meta_title="x" * length) is expected


@pytest.mark.parametrize(
    ("length", "expected"), [(120, Verdict.WARN), (121, Verdict.PASS), (156, Verdict.PASS), (157, Verdict.WARN)]
)
def test_a_meta_description_has_121_to_156_characters(length: int, expected: Verdict) -> None:
    assert verdict("meta_description_length", meta_description="x" * length) is expected


def test_a_wide_character_takes_two_columns_of_a_title() -> None:
    assert verdict("meta_title_length", meta_title="水" * 28) is Verdict.PASS


@pytest.mark.parametrize(
    "title", ["Descale a Coffee Machine", "Coffee machines: how to descale one", "COFFEE MACHINE: DESCALE"]
)
def test_the_words_of_the_keyphrase_are_found_in_any_order_and_number(title: str) -> None:
    assert verdict("keyphrase_in_title", title=title) is Verdict.PASS


@pytest.mark.parametrize("title", ["How to clean a coffee machine", "", "Descale it"])
def test_a_title_without_the_keyphrase_warns(title: str) -> None:
    assert verdict("keyphrase_in_title", title=title) is Verdict.WARN


def test_function_words_of_an_english_keyphrase_need_not_appear() -> None:
    assert verdict("keyphrase_in_title", keyphrase="how to descale a machine", title="Descale machine") is Verdict.PASS


def test_a_japanese_keyphrase_is_found_inside_a_sentence() -> None:
    changes = {"language": "ja", "keyphrase": "コーヒー メーカー"}

    assert verdict("keyphrase_in_title", title="家庭でコーヒーメーカーを洗う", **changes) is Verdict.PASS
    assert verdict("keyphrase_in_title", title="家庭でコーヒーを洗う", **changes) is Verdict.WARN


def test_a_first_paragraph_without_the_keyphrase_warns() -> None:
    html = "<p>It is quick.</p><p>Descale the coffee machine.</p>"

    assert verdict("keyphrase_in_first_paragraph", html=html) is Verdict.WARN


def test_a_first_paragraph_with_the_keyphrase_passes_even_under_a_heading() -> None:
    html = "<h2>Start</h2><p>Descale the coffee machine.</p>"

    assert verdict("keyphrase_in_first_paragraph", html=html) is Verdict.PASS


@pytest.mark.parametrize(
    ("hits", "of", "expected"),
    [
        (0, 4, Verdict.WARN),
        (1, 4, Verdict.WARN),
        (3, 10, Verdict.PASS),
        (3, 4, Verdict.PASS),
        (4, 4, Verdict.WARN),
        (1, 1, Verdict.PASS),
        (0, 0, Verdict.WARN),
    ],
)
def test_30_to_75_percent_of_the_headings_hold_the_keyphrase(hits: int, of: int, expected: Verdict) -> None:
    html = "<h2>Descale the coffee machine</h2>" * hits + "<h3>Rinse</h3>" * (of - hits) + "<h4>No</h4>" * 9

    assert verdict("keyphrase_in_headings", html=html) is expected


@pytest.mark.parametrize(
    ("times", "expected"), [(0, Verdict.WARN), (1, Verdict.PASS), (6, Verdict.PASS), (7, Verdict.WARN)]
)
def test_the_keyphrase_makes_up_half_to_three_percent_of_200_words(times: int, expected: Verdict) -> None:
    html = "<p>" + "Descale coffee machine. " * times + "word " * (200 - 3 * times) + "</p>"

    assert verdict("keyphrase_density", html=html) is expected


@pytest.mark.parametrize("slug", ["descale-coffee-machine", "coffee-machines-descale", "how-to-descale-machine"])
def test_a_slug_with_most_of_a_long_keyphrase_passes(slug: str) -> None:
    assert verdict("keyphrase_in_slug", slug=slug) is Verdict.PASS


@pytest.mark.parametrize("slug", ["machine", "", "clean-your-kettle"])
def test_a_slug_without_the_keyphrase_warns(slug: str) -> None:
    assert verdict("keyphrase_in_slug", slug=slug) is Verdict.WARN


def test_a_slug_spells_the_keyphrase_in_ascii() -> None:
    assert verdict("keyphrase_in_slug", keyphrase="größe", slug="die-richtige-grosse", language="de") is Verdict.PASS


def test_a_keyphrase_of_another_text_warns_and_names_it() -> None:
    others = [OtherText(7, "The older text", " Descale  coffee machine", "<p>Something else.</p>")]

    used = next(item for item in check_draft(good_draft(), others).findings if item.check == "keyphrase_unused")

    assert used.verdict is Verdict.WARN
    assert "The older text" in used.evidence


def test_a_keyphrase_that_no_other_text_has_passes() -> None:
    others = [OtherText(7, "The older text", "kettle", "<p>Something else.</p>")]

    used = next(item for item in check_draft(good_draft(), others).findings if item.check == "keyphrase_unused")

    assert used.verdict is Verdict.PASS


def test_an_empty_keyphrase_is_found_nowhere() -> None:
    assert verdict("keyphrase_in_title", keyphrase=" ") is Verdict.WARN
    assert verdict("keyphrase_in_slug", keyphrase="?") is Verdict.WARN


def test_the_evidence_gives_the_share() -> None:
    assert "2 of 4" in finding("keyphrase_in_headings").evidence
