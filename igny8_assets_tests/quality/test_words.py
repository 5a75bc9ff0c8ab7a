import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.quality.sentences import sentences_of
from igny8_assets.quality.words import count_words, visible_text, words_of


def test_entities_are_decoded_and_scripts_and_comments_unseen() -> None:
    html = "<p>Salt &amp; vinegar&nbsp;&#8364;5</p><script>x = 1</script><style>p{}</style><!-- no -->"

    assert visible_text(html) == "Salt & vinegar €5"


def test_blocks_and_line_breaks_part_words_but_inline_elements_do_not() -> None:
    assert visible_text("<p>one<br>two un<em>like</em>ly</p><p>three</p>") == "one two unlikely\nthree"


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("", 0),
        ("<p>It's a well-known fact.</p>", 4),
        ("<p>One — two – three/four… five</p>", 5),
        ("<p>It costs 1,200.50 now</p>", 4),
        ("<p>* • – !</p>", 0),
        ("<p>Größe für Überall</p>", 3),
        ("<p>हिन्दी भाषा</p>", 2),
        ("<p>안녕하세요 세계</p>", 2),
        ("<p>日本語です。</p>", 3),
        ("<p>مرحبا بالعالم، أهلا</p>", 3),
        ("<ul><li>one</li><li>two</li></ul>", 2),
        ("<table><tr><td>one</td><td>two</td></tr></table>", 2),
    ],
)
def test_words_are_counted_in_any_script(html: str, count: int) -> None:
    assert count_words(html) == count


def test_a_word_is_kept_as_it_is_written() -> None:
    assert words_of("“Don’t” (e.g. X-Ray 3.5)!") == ["Don’t", "e.g", "X-Ray", "3.5"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Use e.g. Vinegar. Dr. No agrees.", ["Use e.g. Vinegar.", "Dr. No agrees."]),
        ("It is 3.5 litres. Good.", ["It is 3.5 litres.", "Good."]),
        ("He said “No.” Then he left", ["He said “No.”", "Then he left"]),
        ("The answer is no. We go.", ["The answer is no.", "We go."]),
        ("水です。湯です。", ["水です。", "湯です。"]),
        ("", []),
    ],
)
def test_text_is_cut_into_sentences(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_counting_never_fails_and_is_the_same_for_any_spacing(text: str) -> None:
    plain = text.replace("<", " ").replace("&", " ")

    assert count_words(f"<p>{plain}</p>") == count_words(f"<div>\n {plain} \n</div>") >= 0
