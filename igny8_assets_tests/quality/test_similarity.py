import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.quality.checking import check_draft
from igny8_assets.quality.draft import OtherText
from igny8_assets.quality.report import Finding, Verdict
from igny8_assets.quality.similarity import SiteTexts, jaccard, shingles_of
from igny8_assets_tests.quality.drafts import good_draft


def words(count: int, seed: int) -> list[str]:
    chooser = random.Random(seed)
    return ["".join(chooser.choices("abcdefghij", k=5)) for _ in range(count)]


def html_of(text: list[str]) -> str:
    return "<p>" + " ".join(text) + "</p>"


def other(number: int, text: list[str]) -> OtherText:
    return OtherText(number, f"Text {number}", f"keyphrase {number}", html_of(text))


def near_duplicate(
    html: str, others: list[OtherText] | SiteTexts, own_id: int | None = None, **changes: object
) -> Finding:
    report = check_draft(good_draft(html=html, **changes), others, own_id=own_id)
    return next(item for item in report.findings if item.check == "near_duplicate")


def with_changes(text: list[str], count: int) -> list[str]:
    """The text with `count` words exchanged, far enough apart that each spoils five shingles."""
    changed = list(text)
    for number in range(count):
        changed[10 + 12 * number] = f"other{number}"
    return changed


def test_a_copy_is_blocked_and_the_original_named() -> None:
    text = words(300, 1)

    found = near_duplicate(html_of(text), [other(1, words(300, 2)), other(2, text)])

    assert found.verdict is Verdict.BLOCK
    assert "1.000 with text 2" in found.evidence


@pytest.mark.parametrize(
    # 1,000 words are 996 shingles; n exchanges spoil 5n on either side: (996 - 5n) / (996 + 5n).
    ("exchanged", "expected"),
    [(10, Verdict.BLOCK), (11, Verdict.PASS)],
)
def test_the_exact_similarity_decides_at_0_90(exchanged: int, expected: Verdict) -> None:
    text = words(1000, 3)

    found = near_duplicate(html_of(with_changes(text, exchanged)), [other(1, text)])

    assert found.verdict is expected
    assert f"{(996 - 5 * exchanged) / (996 + 5 * exchanged):.3f}" in found.evidence


def test_a_different_text_passes() -> None:
    assert near_duplicate(html_of(words(300, 4)), [other(1, words(300, 5))]).verdict is Verdict.PASS


def test_markup_and_case_do_not_hide_a_copy() -> None:
    text = words(300, 6)
    disguised = "<h2>" + " ".join(text[:5]).upper() + "</h2><ul><li>" + " <em>".join(text[5:]) + "</li></ul>"

    assert near_duplicate(disguised, [other(1, text)]).verdict is Verdict.BLOCK


def test_fixed_sections_do_not_make_texts_alike() -> None:
    fixed = (
        "<h2>About us</h2><p>" + " ".join(words(2000, 7)) + "</p><h3>Contact</h3><p>" + " ".join(words(500, 8)) + "</p>"
    )
    mine, theirs = html_of(words(60, 9)), html_of(words(60, 10))
    others = [OtherText(1, "Text 1", "other", theirs + fixed)]

    assert near_duplicate(mine + fixed, others).verdict is Verdict.BLOCK
    assert near_duplicate(mine + fixed, others, fixed_sections=("About us",)).verdict is Verdict.PASS


def test_what_follows_a_fixed_section_is_compared_again() -> None:
    text = words(300, 11)
    fixed = "<h2>About us</h2><p>We are here.</p><h2>More</h2>"

    found = near_duplicate(fixed + html_of(text), [other(1, ["more", *text])], fixed_sections=("About us",))

    assert found.verdict is Verdict.BLOCK


def test_a_draft_is_no_duplicate_of_itself() -> None:
    text = words(300, 12)
    site = SiteTexts([other(1, text)])

    assert near_duplicate(html_of(text), site, own_id=1).verdict is Verdict.PASS


def test_a_text_added_during_a_run_is_found_by_the_next_draft() -> None:
    text = words(300, 13)
    site = SiteTexts()

    before = near_duplicate(html_of(text), site).verdict
    site.add(other(1, text))

    assert (before, near_duplicate(html_of(text), site).verdict) == (Verdict.PASS, Verdict.BLOCK)


def test_adding_a_text_again_replaces_its_older_words() -> None:
    old, new = words(300, 14), words(300, 15)
    site = SiteTexts([other(1, old)])
    site.add(other(1, new))

    assert site.candidates(html_of(old)) == []
    assert [likeness.jaccard for likeness in site.candidates(html_of(new))] == [1.0]


def test_a_removed_text_is_forgotten_with_its_keyphrase() -> None:
    text = words(300, 16)
    site = SiteTexts([other(1, text)])
    site.remove(1)
    site.remove(99)

    assert site.candidates(html_of(text)) == []
    assert site.titles_with_keyphrase("keyphrase 1") == []


def test_texts_without_words_are_not_alike() -> None:
    site = SiteTexts([OtherText(1, "Empty", "", "")])

    assert site.candidates("") == []


def test_every_near_duplicate_among_many_is_found() -> None:
    texts = {number: words(400, 100 + number) for number in range(40)}
    site = SiteTexts(other(number, text) for number, text in texts.items())

    for number, text in texts.items():
        assert [likeness.id for likeness in site.candidates(html_of(with_changes(text, 3)))] == [number]


@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abc"), max_size=30))
@settings(max_examples=100)
def test_similarity_is_symmetric_and_between_0_and_1(one: list[str], two: list[str]) -> None:
    value = jaccard(shingles_of(one), shingles_of(two))

    assert 0 <= value <= 1
    assert value == jaccard(shingles_of(two), shingles_of(one))
    assert (value == 1) == (shingles_of(one) == shingles_of(two) != frozenset())
