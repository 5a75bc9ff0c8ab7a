import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.keywords.normalising import fault, market_code, normalise, shown, tidy


def test_white_space_is_trimmed_and_collapsed() -> None:
    assert tidy("  red \u00a0\t shoes\n") == "red shoes"


def test_the_shown_text_keeps_its_letter_case_and_identity_does_not() -> None:
    assert tidy("Nike Shoes") == "Nike Shoes"
    assert normalise("Nike SHOES") == normalise("nike shoes") == "nike shoes"


def test_composed_and_decomposed_letters_are_the_same_keyword() -> None:
    assert normalise("cafe\u0301") == normalise("CAFÉ") == "café"


def test_letters_that_fold_to_two_are_folded() -> None:
    assert normalise("STRASSE") == normalise("straße")


def test_invisible_filler_is_no_part_of_a_keyword() -> None:
    assert tidy("\ufeffred\u200b shoes\u00ad") == "red shoes"


@given(st.text())
def test_normalising_again_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert normalise(normalise(text)) == normalise(text) == normalise(tidy(text))


@given(st.text())
def test_a_tidy_text_is_composed_and_has_single_spaces_only(text: str) -> None:
    cleaned = tidy(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned.split() == cleaned.split(" ") or cleaned == ""


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        (" \u200b ", "empty"),
        ("a\x00b", "control characters"),
        ("a\x1bb", "control characters"),
        ("a\x85b", "control characters"),
        ("caf\ufffd", "decoded"),
        ("x" * 201, "201 characters"),
    ],
)
def test_what_cannot_be_a_keyword_has_a_reason(raw: str, reason: str) -> None:
    assert reason in (fault(raw) or "")


@pytest.mark.parametrize("raw", ["shoes", "x" * 200, "red\tshoes", "日本語", "a\nb", "👩\u200d🚀 suit"])
def test_what_can_be_a_keyword_has_no_fault(raw: str) -> None:
    assert fault(raw) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("US", "us"),
        ("us", "us"),
        ("mobile-de", "de"),
        ("us-ext", "us"),
        ("uk", "gb"),
        ("GB", "gb"),
        ("", None),
        ("United States", None),
    ],
)
def test_a_market_is_a_country_code_or_unknown(cell: str, code: str | None) -> None:
    assert market_code(cell) == code


@given(st.text(max_size=500))
def test_what_is_shown_of_a_row_is_one_printable_line(text: str) -> None:
    line = shown(text)
    assert len(line) <= 200
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in line)
