import pytest

from igny8_assets.quality.checking import check_draft
from igny8_assets.quality.draft import ImageFacts
from igny8_assets.quality.reading_checks import reading_ease, syllables_of
from igny8_assets.quality.report import Verdict
from igny8_assets_tests.quality.drafts import finding, good_draft, good_html, verdict

LONG = "A " + "word " * 19 + "word. "
SHORT = "A word. "


def test_an_h1_in_the_body_warns_because_the_title_is_the_only_one() -> None:
    assert verdict("single_h1", html="<h1>Again</h1><p>Text.</p>") is Verdict.WARN
    assert verdict("single_h1") is Verdict.PASS


@pytest.mark.parametrize("html", ["<h3>Too deep</h3>", "<h2>A</h2><h4>B</h4>"])
def test_a_skipped_heading_level_warns(html: str) -> None:
    assert verdict("heading_levels", html=html) is Verdict.WARN


@pytest.mark.parametrize("html", ["", "<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2>"])
def test_heading_levels_may_climb_back_at_once(html: str) -> None:
    assert verdict("heading_levels", html=html) is Verdict.PASS


@pytest.mark.parametrize(("words", "expected"), [(300, Verdict.PASS), (301, Verdict.WARN)])
def test_more_than_300_words_without_a_subheading_warn(words: int, expected: Verdict) -> None:
    html = f"<p>{'word ' * 100}</p><h2>Part</h2><p>{'word ' * 100}</p><ul><li>{'word ' * (words - 100)}</li></ul>"

    assert verdict("subheading_distance", html=html) is expected


@pytest.mark.parametrize(("words", "expected"), [(150, Verdict.PASS), (151, Verdict.WARN)])
def test_a_paragraph_over_150_words_warns(words: int, expected: Verdict) -> None:
    assert verdict("paragraph_length", html=f"<p>Short.</p><p>{'word ' * words}</p>") is expected


@pytest.mark.parametrize(("long", "short", "expected"), [(1, 3, Verdict.PASS), (2, 5, Verdict.WARN)])
def test_more_than_a_quarter_of_long_sentences_warns(long: int, short: int, expected: Verdict) -> None:
    assert verdict("sentence_length", html=f"<p>{LONG * long}{SHORT * short}</p>") is expected


def test_the_same_limits_hold_for_japanese_at_two_characters_a_word() -> None:
    assert verdict("sentence_length", html=f"<p>{'水' * 40}。</p>", language="ja") is Verdict.PASS
    assert verdict("sentence_length", html=f"<p>{'水' * 41}。</p>", language="ja") is Verdict.WARN


def test_hard_english_warns_and_easy_english_passes() -> None:
    hard = "<p>Organisational considerations necessitate comprehensive institutional accountability mechanisms.</p>"

    assert verdict("reading_ease", html=hard) is Verdict.WARN
    assert verdict("reading_ease") is Verdict.PASS


def test_reading_ease_is_for_english_only() -> None:
    [finding] = [one for one in check_draft(good_draft(language="de")).findings if one.check == "reading_ease"]

    assert (finding.verdict, finding.evidence) == (
        Verdict.PASS,
        "not checked: the measure is only for English, the text is in de",
    )


def test_reading_ease_agrees_with_the_formula_on_a_sentence_counted_by_hand() -> None:
    # 6 words, 6 syllables, 1 sentence.
    assert reading_ease(["The cat sat on the mat."]) == pytest.approx(206.835 - 1.015 * 6 - 84.6, abs=1e-9)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("the", 1),
        ("over", 2),
        ("water", 2),
        ("machine", 2),
        ("table", 2),
        ("coffee", 2),
        ("vinegar", 3),
        ("strength", 1),
    ],
)
def test_syllables_agree_with_the_dictionary(word: str, syllables: int) -> None:
    assert syllables_of(word) == syllables


def test_images_that_are_not_made_yet_are_not_judged() -> None:
    checks = [item.check for item in check_draft(good_draft(images=None)).findings]

    assert "images" not in checks


@pytest.mark.parametrize(
    "images", [(), (ImageFacts(" "),), (ImageFacts("fine"), ImageFacts("x" * 126))], ids=["none", "no alt", "long alt"]
)
def test_missing_images_and_bad_alt_texts_warn(images: tuple[ImageFacts, ...]) -> None:
    assert verdict("images", images=images) is Verdict.WARN


def test_an_image_with_an_alt_text_of_125_characters_passes() -> None:
    assert verdict("images", images=(ImageFacts("x" * 125),)) is Verdict.PASS


@pytest.mark.parametrize(
    "sentence",
    [
        "In fact 87 % of users agree.",
        "It costs $4.",
        "Growth was 3.5 points.",
        "Since 2019 it is so.",
        "It has 1,200 parts.",
    ],
)
def test_a_figure_that_the_brief_does_not_hold_warns(sentence: str) -> None:
    assert verdict("figures_supported", html=good_html() + f"<p>{sentence}</p>") is Verdict.WARN


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("In fact 87 % of users agree.", "87% agree"),
        ("It has 1,200 parts.", "Teile: 1.200"),
        ("It weighs 2.50 kg.", "Gewicht 2,5 kg"),
        ("It costs 1,299.90 euros.", "1299.9"),
        ("Wait 10 minutes, then do step 3.", ""),
        ("The MP3 and the B2B shop.", ""),
        ("Set <code>port = 8080</code> there.", ""),
    ],
)
def test_figures_of_the_brief_and_small_counts_pass(sentence: str, source: str) -> None:
    html = good_html() + f"<p>{sentence}</p>"

    assert verdict("figures_supported", html=html, source_text=source) is Verdict.PASS


def test_the_unsupported_figures_are_named() -> None:
    assert '"87 %"' in finding("figures_supported", html="<p>Of all, 87 % agree.</p>").evidence
