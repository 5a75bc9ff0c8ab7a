"""Our HTML as Markdown: rendered again it says and structures the same."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from igny8_assets.quality.blocks import read_blocks
from igny8_assets.quality.sanitising import sanitise
from igny8_assets.review.exporting.markdown import to_markdown


def rendered(markdown: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))


def words(html: str) -> list[str]:
    return " ".join(block.text for block in read_blocks(html)).split()


ALPHABET = "ab1 \n*_`[]()<>&|~#+-=.!:;\\\"'/{}$%^ é漢\u00a0"
TEXTS = st.text(ALPHABET, max_size=12).map(escape)
INLINE = st.recursive(
    TEXTS,
    lambda inner: st.one_of(
        st.builds("<strong>{}</strong>".format, inner),
        st.builds("<em>{}</em>".format, inner),
        st.builds("<code>{}</code>".format, TEXTS),
        st.builds('<a href="https://x.example/{}">{}</a>'.format, st.text("ab()&;_*` ", max_size=5).map(escape), TEXTS),
        st.builds("{}<br>{}".format, inner, inner),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=6,
)
BLOCKS = st.recursive(
    st.one_of(
        INLINE.map("<p>{}</p>".format),
        INLINE,
        st.builds("<h{0}>{1}</h{0}>".format, st.integers(2, 4), INLINE),
        TEXTS.map("<pre><code>x{}</code></pre>".format),
        st.lists(st.lists(INLINE, min_size=1, max_size=3), min_size=1, max_size=3).map(
            lambda rows: (
                "<table>"
                + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
                + "</table>"
            )
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "<ol>" + "".join(f"<li>{item}</li>" for item in items) + "</ol>"
        ),
        inner.map("<blockquote>{}</blockquote>".format),
    ),
    max_leaves=6,
)


@given(BLOCKS)
@settings(max_examples=300, deadline=None)
def test_whatever_the_text_looks_like_the_markdown_shows_the_same_words(html: str) -> None:
    html = sanitise(html)
    assert words(rendered(to_markdown(html))) == words(html)


@given(st.lists(BLOCKS, max_size=3).map("".join))
@settings(max_examples=100, deadline=None)
def test_no_heading_list_or_quotation_appears_that_was_not_there(html: str) -> None:
    html = sanitise(html)
    again = rendered(to_markdown(html))
    for tag in ("<h1", "<h2>", "<blockquote>", "<pre>", "<hr"):
        assert again.count(tag) <= html.count(tag)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>How to</h2><p>First.</p>", "## How to\n\nFirst.\n"),
        ("<p>A <strong>bold</strong> and <em>soft</em> word</p>", "A **bold** and *soft* word\n"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two\n"),
        ('<ol start="3"><li>x</li><li>y</li></ol>', "3. x\n4. y\n"),
        ("<ul><li>one<ul><li>in</li></ul></li></ul>", "- one\n  - in\n"),
        ("<blockquote><p>said</p></blockquote>", "> said\n"),
        ("<pre><code>x = 1\n  y\n</code></pre>", "```\nx = 1\n  y\n```\n"),
        ("<p>a<br>b</p>", "a\\\nb\n"),
        ('<p><a href="https://x.example/a">go</a></p>', "[go](https://x.example/a)\n"),
        ('<figure><img src="images/a.webp" alt="A cat"><figcaption>The cat</figcaption></figure>',
         "![A cat](images/a.webp)\n\n*The cat*\n"),
        ("<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1|2</td><td>3</td></tr></tbody></table>",
         "| A | B |\n| --- | --- |\n| 1\\|2 | 3 |\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_each_element_is_written_in_its_usual_form(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize("text", ["1. first", "- item", "# title", "> said", "=====", "*a*", "[a](b)", "a_b_", "&amp;"])
def test_text_that_looks_like_markdown_stays_text(text: str) -> None:
    assert rendered(to_markdown(f"<p>{escape(text)}</p>")) == f"<p>{escape(text)}</p>\n"


def test_an_exclamation_mark_before_a_link_makes_no_picture_of_it() -> None:
    html = '<p>Go!<a href="https://x.example/">now</a></p>'
    assert rendered(to_markdown(html)) == html + "\n"


def test_two_lists_in_a_row_stay_two() -> None:
    assert rendered(to_markdown("<ul><li>a</li></ul><ul><li>b</li></ul>")).count("<ul>") == 2


def test_a_cell_over_two_columns_keeps_the_columns_of_the_row_below() -> None:
    html = '<table><tr><th>A</th><th>B</th></tr><tr><td colspan="2">x</td></tr><tr><td>1</td><td>2</td></tr></table>'
    assert to_markdown(html) == "| A | B |\n| --- | --- |\n| x |  |\n| 1 | 2 |\n"
