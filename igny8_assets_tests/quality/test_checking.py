import json
from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.quality.checking import check_draft
from igny8_assets.quality.draft import DraftToCheck, ImageFacts, OtherText
from igny8_assets.quality.report import Finding, QualityReport, Verdict
from igny8_assets_tests.quality.drafts import good_draft

ANY_TEXT = st.text(alphabet=st.characters(), max_size=60)
HTML = st.lists(
    st.sampled_from(["<p>", "</p>", "<h2>", "</h2>", "<li>", "<td>", "<br>", "&amp;", "&#0;", "</body>", "<!--", "<?x"])
    | ANY_TEXT,
    max_size=8,
).map("".join)


@st.composite
def drafts(draw: st.DrawFn) -> DraftToCheck:
    texts = {field.name: draw(ANY_TEXT) for field in fields(DraftToCheck) if field.type in (str, "str")}
    return replace(
        good_draft(**texts),
        html=draw(HTML),
        language=draw(st.sampled_from(["en", "en-GB", "de", "ja", "th", ""])),
        word_target=draw(st.integers(-5, 5000)),
        outline_headings=tuple(draw(st.lists(ANY_TEXT, max_size=3))),
        fixed_sections=tuple(draw(st.lists(ANY_TEXT, max_size=2))),
        images=draw(st.none() | st.lists(ANY_TEXT.map(ImageFacts), max_size=2).map(tuple)),
    )


def test_a_good_draft_passes_every_check() -> None:
    report = check_draft(good_draft())

    assert [item for item in report.findings if item.verdict is not Verdict.PASS] == []
    assert report.verdict is Verdict.PASS


def test_each_check_reports_once_under_its_own_name() -> None:
    names = [item.check for item in check_draft(good_draft()).findings]

    assert len(names) == len(set(names)) == 27


@given(drafts(), st.lists(st.tuples(ANY_TEXT, HTML), max_size=2))
@settings(max_examples=60, deadline=None)
def test_checking_never_fails_and_evidence_is_always_one_line(
    draft: DraftToCheck, others: list[tuple[str, str]]
) -> None:
    report = check_draft(draft, [OtherText(number, text, text, html) for number, (text, html) in enumerate(others)])

    for item in report.findings:
        assert item.evidence
        assert len(item.evidence.splitlines()) == 1


def test_a_text_nested_more_deeply_than_the_stack_is_checked() -> None:
    assert check_draft(good_draft(html="<div>" * 20_000 + "text")).verdict is Verdict.BLOCK


def test_the_worst_finding_is_the_verdict() -> None:
    fine, warning, block = (Finding(verdict.value, verdict, "x") for verdict in Verdict)

    assert QualityReport((fine,)).verdict is Verdict.PASS
    assert QualityReport((fine, warning)).verdict is Verdict.WARN
    assert QualityReport((block, warning, fine)).verdict is Verdict.BLOCK
    assert QualityReport((block, warning, fine)).blocks == (block,)
    assert QualityReport((block, warning, fine)).warnings == (warning,)


def test_a_report_survives_json() -> None:
    report = check_draft(good_draft(html="<p>Too short</p>"))

    assert QualityReport.from_json(json.loads(json.dumps(report.to_json()))) == report
