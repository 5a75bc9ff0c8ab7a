"""What a reader sees of a text, and how many words that is, in any script."""

import math
import re
import unicodedata

# Chinese characters and Japanese kana are written without spaces; Hangul is written with them.
_UNSPACED = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Everything that ends a word: spaces, ASCII punctuation but ' - . , and the dashes, quotes and marks of other scripts.
_BREAKS = (
    "\\s\x00-\x20!-&(-+/:-@\\[-`{-~\u00a1\u00ab\u00b7\u00bb\u00bf\u2010-\u2018\u201a-\u205e\u3000-\u3004\u3008-\u303f"
)
_WORD = re.compile(f"[{_UNSPACED}]|[^{_BREAKS}{_UNSPACED}\uff00-\uff0f\uff1a-\uff20]+")
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
_EDGES = "'’-.,"


def visible_text(html: str) -> str:
    """What a reader sees of the HTML: one line per paragraph, heading, list item or cell; entities are decoded."""
    from igny8_assets.quality.blocks import read_blocks

    return "\n".join(block.text for block in read_blocks(html))


def words_of(text: str) -> list[str]:
    """The words of plain text as they are written; each Chinese or Japanese character is one entry."""
    found = (word.strip(_EDGES) for word in _WORD.findall(text))
    return [word for word in found if any(character.isalnum() for character in word)]


def count_in_text(text: str) -> int:
    """Number of words of plain text.

    Two Chinese or Japanese characters count as one word: the factor between the limits for words and for Japanese
    characters in Yoast SEO (300 words and 600 characters, 20 and 40, 150 and 300). Thai, Lao, Khmer and Burmese are
    counted by their spaces, which is too low.
    """
    found = words_of(text)
    unspaced = sum(1 for word in found if is_unspaced(word))
    return len(found) - unspaced + math.ceil(unspaced / 2)


def count_words(html: str) -> int:
    """Number of words that a reader sees in the HTML, counted as in `count_in_text`."""
    return count_in_text(visible_text(html))


def is_unspaced(text: str) -> bool:
    """Whether the text holds Chinese or Japanese characters."""
    return _UNSPACED_CHARACTER.search(text) is not None


def folded(text: str) -> str:
    """The text made comparable: compatibility forms unified, lower case, straight apostrophes."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def display_width(text: str) -> int:
    """Length in columns: a wide (East Asian) character takes two, as it does in a search result."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text.strip())
