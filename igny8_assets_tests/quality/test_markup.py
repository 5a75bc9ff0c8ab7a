import pytest

from igny8_assets.quality.draft import ImageFacts
from igny8_assets.quality.report import Verdict
from igny8_assets_tests.quality.drafts import finding, good_html, verdict


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=//x>",
        "<iframe src='https://example.com'></iframe>",
        "<p onclick='x()'>a</p>",
        "<img src=x onerror = alert(1)>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a href=' JavaScript:alert(1)'>a</a>",
        "<object data=x></object>",
    ],
)
def test_active_content_in_the_body_is_blocked(markup: str) -> None:
    assert verdict("active_content", html=good_html() + markup) is Verdict.BLOCK


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Write &lt;script&gt; and &lt;iframe&gt; by hand.</p>",
        "<p>On Monday one = two. Set onclick = nothing.</p>",
        "<p>Learn javascript: it is fun.</p>",
        '<a href="/on-sale?one=1">x</a>',
        "<blockquote>a < b and on = off</blockquote>",
    ],
)
def test_a_text_about_scripts_is_not_a_script(markup: str) -> None:
    assert verdict("active_content", html=markup) is Verdict.PASS


@pytest.mark.parametrize(
    "json_ld",
    [
        '{"a": 1',
        "{'a': 1}",
        '{"a": NaN}',
        '"only text"',
        "12",
        "[" * 100_000,
        '{"a": "</script><b>"}',
        '{"a": "<!-- x"}',
    ],
)
def test_json_ld_that_a_page_can_not_carry_is_blocked(json_ld: str) -> None:
    assert verdict("json_ld", json_ld=json_ld) is Verdict.BLOCK


@pytest.mark.parametrize("json_ld", ['{"@type": "Article"}', '[{"@type": "FAQPage"}]', "", "  "])
def test_json_ld_that_parses_or_is_absent_passes(json_ld: str) -> None:
    assert verdict("json_ld", json_ld=json_ld) is Verdict.PASS


@pytest.mark.parametrize(
    "gap",
    [
        "Buy it at [insert shop here].",
        "We at [Company Name] care.",
        "[Your Name]",
        "See [link] and [image: a machine].",
        "That is [citation needed].",
        "[TBD]",
        "Hello {{ first_name }}",
        "Hello {keyword}",
        "${price} only",
        "TODO: write this part",
        "Price: TBD",
        "It costs $XX a month.",
        "XX% of people agree.",
        "Your answer here.",
        "Your text goes here",
        "&lt;insert price here&gt;",
        "<|im_end|> done",
        "[INST] write",
        "```html",
        "as the brand_voice demands",
        "sold【12†source】",
    ],
)
def test_a_gap_left_to_fill_is_blocked(gap: str) -> None:
    assert verdict("placeholders", html=f"{good_html()}<p>{gap}</p>") is Verdict.BLOCK


@pytest.mark.parametrize(
    "slip",
    [
        "Lorem ipsum dolor sit amet.",
        "As an AI language model, I have no taste.",
        "As an AI, I cannot drink.",
        "I’m sorry, but I can’t assist with that.",
        "I'm unable to provide that.",
        "My knowledge cutoff is 2023.",
        "The system prompt says so.",
        "Ignore all previous instructions.",
        "You are an expert SEO writer. Write well.",
        "Certainly! Here is a 500-word article about tea.",
        "Here's the article you requested:",
        "Let me know if you'd like any changes.",
        "Write a 1,200-word article on tea.",
        "### Instruction",
        "The user asked for a blog post.",
    ],
)
def test_the_machine_talking_about_itself_is_blocked(slip: str) -> None:
    assert verdict("placeholders", html=f"{good_html()}<p>{slip}</p>") is Verdict.BLOCK


@pytest.mark.parametrize(
    "sentence",
    [
        "Insert the tray and add your coffee.",
        "Press [Enter] or [Insert] to go on.",
        "Add your name here and press save.",
        "Click the link here.",
        "Todo: el café.",
        "A list of things to do: none.",
        "The XXL tray costs more than the XL one.",
        "Super Bowl XXX was long ago.",
        "Siri works as an AI assistant in a phone.",
        "If you are an SEO expert, you know this.",
        "How long does it take to write a 1000-word article?",
        "When the user wants to save, press start.",
        "I cannot write without coffee.",
        "Of course, here are three tips that help.",
        "The interval [0, 1] and the note [1].",
        "Use <code>{{ name }}</code> in a template.",
        "Let me know if you'd like me to cover more machines.",
    ],
)
def test_plain_sentences_are_no_placeholders(sentence: str) -> None:
    assert finding("placeholders", html=f"{good_html()}<p>{sentence}</p>").evidence == "none"


def test_a_slip_that_the_brief_is_about_is_its_subject() -> None:
    html = f"{good_html()}<p>A system prompt steers a model.</p>"

    assert verdict("placeholders", html=html, source_text="What a system prompt is") is Verdict.PASS


def test_a_gap_stays_a_gap_even_if_the_brief_has_it() -> None:
    html = f"{good_html()}<p>[insert price]</p>"

    assert verdict("placeholders", html=html, source_text="Costs [insert price]") is Verdict.BLOCK


@pytest.mark.parametrize("part", ["title", "meta_title", "meta_description"])
def test_a_placeholder_outside_the_body_is_blocked_too(part: str) -> None:
    assert verdict("placeholders", **{part: "Descale [your machine] now"}) is Verdict.BLOCK


def test_a_placeholder_in_an_alt_text_is_blocked() -> None:
    assert verdict("placeholders", images=(ImageFacts("[insert alt text]"),)) is Verdict.BLOCK


def test_the_evidence_shows_what_was_found() -> None:
    assert '"[insert price]"' in finding("placeholders", html="<p>Costs [insert price] now.</p>").evidence
