"""The excerpt of a draft on an asset's page."""

from igny8_assets.assets.metadata import EXCERPT_CHARACTERS, _escaped, _excerpt

PARAGRAPH = "Pour the mix into the tank and wait until it has worked. " * 4


def test_an_excerpt_keeps_headings_and_paragraphs_apart() -> None:
    html = "<h1>Title</h1><p>First words.</p><h2>A section</h2><p>More words.</p>"
    assert _excerpt(html) == "First words.\n\n**A section**\n\nMore words."


def test_a_long_text_is_cut_between_words_and_says_so() -> None:
    excerpt = _excerpt(f"<p>{PARAGRAPH}</p>" * 9)
    assert excerpt.endswith(" …")
    assert EXCERPT_CHARACTERS - 20 < len(excerpt) < EXCERPT_CHARACTERS + 20
    assert excerpt.split()[-2] in PARAGRAPH.split()


def test_nothing_in_a_text_is_taken_for_markdown() -> None:
    assert _excerpt("<p>![x](https://example.com/x.png) *not bold* &lt;b&gt;</p>") == (
        r"!\[x\](https://example.com/x.png) \*not bold\* \<b\>"
    )
    assert _escaped("plain words, 5 of 6.") == "plain words, 5 of 6."
