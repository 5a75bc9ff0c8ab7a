import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.quality.markup import check_active_content
from igny8_assets.quality.report import Verdict
from igny8_assets.quality.sanitising import sanitise
from igny8_assets_tests.quality.drafts import good_draft

FRAGMENTS = st.sampled_from(
    (  # noqa: SIM905
        "<script>|</script>|<iframe src=x>|</iframe>|<img src=x onerror=alert(1)>|<a href='javascript:x'>|</a>|<p>|"
        "</p>|<a href='https://example.com' onclick=x>|<a href=jAvascript:x>|<table>|<tr>|<td>|</table>|<h1>|<svg>|"
        "<math>|<style>|</style>|<pre>\n\n|</pre>|<!--|-->|text|&lt;script&gt;|\"|'|<li>|<ul>|</ul>|<template>|<noscript>|"
        "<svg><style><img src=x onerror=x>"
    ).split("|")
)
MARKUP = st.lists(FRAGMENTS | st.text(max_size=5), max_size=12).map("".join)


def test_the_elements_of_an_article_stay() -> None:
    html = (
        '<h2>A</h2><p>b <strong>c</strong> <a href="/d" rel="nofollow">e</a><br></p><ul><li>f</li></ul>'
        '<figure><img src="g.webp" alt="h" width="4" height="3"><figcaption>i</figcaption></figure>'
        "<table><thead><tr><th>j</th></tr></thead><tbody><tr><td>k</td></tr></tbody></table>"
        "<blockquote><p>l</p></blockquote><pre><code>m</code></pre>"
    )

    assert sanitise(html) == html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<script>x()</script><p>a</p>", "<p>a</p>"),
        ("<iframe src='https://example.com'>b</iframe><p>a</p>", "<p>a</p>"),
        ("<p onclick='x()' style='color:red' class='b' id='c'>a</p>", "<p>a</p>"),
        ("<a href='javascript:x()'>a</a>", "<a>a</a>"),
        ("<a href='mailto:a@example.com'>a</a>", '<a href="mailto:a@example.com">a</a>'),
        ("<img src='data:image/svg+xml,x' alt='a'>", '<img alt="a">'),
        ("<h1>a</h1><p>b<!-- c --></p>", "a<p>b</p>"),
        ("<p>1 < 2 & 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)
def test_everything_else_goes(html: str, expected: str) -> None:
    assert sanitise(html) == expected


def test_html_that_never_settles_keeps_its_text_alone() -> None:
    assert sanitise("<pre>" + "\n" * 50 + "text</pre>").strip() == "text"


@given(MARKUP)
@settings(max_examples=150)
def test_nothing_active_survives_and_a_second_pass_changes_nothing(html: str) -> None:
    cleaned = sanitise(html)

    assert not re.search(r"<\s*(script|iframe|svg|math|style|object)", cleaned, re.IGNORECASE)
    assert check_active_content(good_draft(html=cleaned)).verdict is Verdict.PASS
    assert sanitise(cleaned) == cleaned
