import pytest

from igny8_assets.quality.report import Verdict
from igny8_assets_tests.quality.drafts import HEADINGS, finding, good_html, paragraph, verdict


def test_an_empty_text_is_blocked() -> None:
    assert verdict("text_present", html="<p> </p>") is Verdict.BLOCK


def test_a_text_with_words_is_not_empty() -> None:
    assert verdict("text_present") is Verdict.PASS


@pytest.mark.parametrize("reason", ["length", "content_filter", "", "STOP"])
def test_an_answer_that_the_provider_did_not_finish_is_blocked(reason: str) -> None:
    assert verdict("answer_whole", finish_reason=reason) is Verdict.BLOCK


def test_a_finished_answer_passes() -> None:
    assert verdict("answer_whole", finish_reason="stop") is Verdict.PASS


@pytest.mark.parametrize(
    "end",
    [
        "<p>and then you rinse the</p>",
        "<p>Rinse it, then,</p>",
        "<h2>Conclusion</h2>",
        "<ul><li>Rinse it.</li><li>Fill the</li></ul>",
        "",
    ],
)
def test_a_text_that_stops_midway_is_blocked(end: str) -> None:
    assert verdict("end_mark", html="<p>A start</p>" + end) is Verdict.BLOCK


@pytest.mark.parametrize(
    "end",
    [
        "<p>All done.</p>",
        "<p>Is it clean?</p>",
        "<p>He said “Now it is clean.”</p>",
        "<p>(It is clean!)</p>",
        "<p>これで終わりです。</p>",
        "<p><strong>Clean.</strong></p>",
        "<ul><li>Water</li><li>Vinegar</li></ul>",
        "<table><tr><td>Water</td></tr></table>",
        "<pre><code>x = 1</code></pre>",
    ],
)
def test_a_text_that_comes_to_an_end_passes(end: str) -> None:
    assert verdict("end_mark", html=end) is Verdict.PASS


def test_thai_needs_no_end_mark() -> None:
    assert verdict("end_mark", html="<p>เครื่องสะอาดแล้ว</p>", language="th") is Verdict.PASS


def test_a_missing_section_is_blocked_and_named() -> None:
    missing = finding("outline_complete", outline_headings=(*HEADINGS, "Common mistakes"))

    assert missing.verdict is Verdict.BLOCK
    assert "Common mistakes" in missing.evidence
    assert "4 of 5" in missing.evidence


def test_a_planned_section_with_nothing_under_its_heading_is_blocked() -> None:
    html = good_html() + "<h2>Common mistakes</h2><h2>Questions</h2><p>None.</p>"

    assert verdict("outline_complete", html=html, outline_headings=("Common mistakes",)) is Verdict.BLOCK


def test_a_section_that_opens_with_a_deeper_heading_is_not_empty() -> None:
    html = "<h2>Common mistakes</h2><h3>Haste</h3><p>Wait.</p>"

    assert verdict("outline_complete", html=html, outline_headings=("Common mistakes",)) is Verdict.PASS


def test_a_heading_is_recognised_despite_case_entities_and_punctuation() -> None:
    html = "<h2>Vinegar &amp; <em>Water</em>:</h2><p>Mix.</p>"

    assert verdict("outline_complete", html=html, outline_headings=("vinegar & water",)) is Verdict.PASS


@pytest.mark.parametrize(("words", "expected"), [(249, Verdict.BLOCK), (250, Verdict.PASS)])
def test_under_250_words_is_blocked(words: int, expected: Verdict) -> None:
    assert verdict("minimum_words", html=f"<p>{'word ' * words}</p>") is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [(799, Verdict.WARN), (800, Verdict.PASS), (1200, Verdict.PASS), (1201, Verdict.WARN)],
)
def test_a_word_count_over_20_percent_off_the_target_warns(words: int, expected: Verdict) -> None:
    assert verdict("word_target", html=f"<p>{'word ' * words}</p>", word_target=1000) is expected


def test_the_evidence_gives_the_real_count() -> None:
    assert finding("minimum_words", html=f"<p>{paragraph(60)}</p>").evidence.startswith("60 words")
