"""Putting a keyword on paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.ai.offline.wording import capitalised, clean, clip, inline, listed, markdown, title_case, words_in


@pytest.mark.parametrize(
    ("keyword", "title"),
    [
        ("how to clean a moka pot", "How to Clean a Moka Pot"),
        ("french press vs pour over", "French Press vs Pour Over"),
        ("AI writing tool", "AI Writing Tool"),
        ("seo for small business", "SEO for Small Business"),
        ("iPhone case for women", "iPhone Case for Women"),
        ("what to look for", "What to Look For"),
        ("drive-through coffee", "Drive-Through Coffee"),
    ],
)
def test_a_title_has_capitals_where_a_person_puts_them(keyword: str, title: str) -> None:
    assert title_case(inline(keyword)) == title


@pytest.mark.parametrize(
    ("keyword", "shown"),
    [
        ("  cold \t brew\u00a0 ratio ", "cold brew ratio"),
        ("is it worth it?", "is it worth it"),
        ("what? is this. thing", "what is this thing"),
        ("BEST COFFEE GRINDER", "best coffee grinder"),
        ("node.js tutorial", "node.js tutorial"),
        ("<b>bold</b>", "‹b›bold‹/b›"),
        ("\u202eevil\u202c", "evil"),
        ("???", "this topic"),
        ("can i freeze coffee", "can I freeze coffee"),
    ],
)
def test_a_keyword_inside_a_sentence_is_harmless(keyword: str, shown: str) -> None:
    assert inline(keyword) == shown


@given(text=st.text(max_size=200))
def test_clean_text_is_one_line_without_tags_or_gaps(text: str) -> None:
    assert not set("<>[]{}`\n\r\t\x00\u202e") & set(clean(text))


@given(text=st.text(max_size=200), limit=st.integers(5, 60))
def test_a_clipped_text_is_never_too_long_and_begins_the_same(text: str, limit: int) -> None:
    cut = clip(clean(text), limit)
    assert len(cut) <= limit
    assert " ".join(clean(text).split()).startswith(cut) or cut == clean(text)[:limit].strip()


def test_a_text_is_cut_between_words_and_not_after_a_small_one() -> None:
    assert clip("coffee for the best mornings", 15) == "coffee"


@given(text=st.text(max_size=80))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    from html import unescape

    from markdown_it import MarkdownIt

    shown = clean(text)
    html = MarkdownIt("commonmark").enable("table").render(f"Look at {markdown(shown)} now.")
    assert unescape(html.removeprefix("<p>").strip().removesuffix("</p>")) == f"Look at {shown} now."


@pytest.mark.parametrize("text", ["1. item", "- item", "+ item", "# head", "=== x", "12) x", "* x"])
def test_a_line_that_begins_with_a_keyword_stays_a_paragraph(text: str) -> None:
    from markdown_it import MarkdownIt

    assert MarkdownIt("commonmark").render(markdown(text)) == f"<p>{text}</p>\n"


def test_a_capital_comes_after_an_opening_quote() -> None:
    assert capitalised("“best” is a word") == "“Best” is a word"


def test_a_row_ends_with_and() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a"]) == "a"


def test_marks_alone_are_no_words() -> None:
    assert words_in("One - two | three.") == 3
