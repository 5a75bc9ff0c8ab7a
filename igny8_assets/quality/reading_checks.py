"""Checks on how the text reads: its headings, paragraphs, sentences and pictures."""

import re
from collections.abc import Sequence
from functools import lru_cache

from igny8_assets.quality.blocks import Body
from igny8_assets.quality.draft import ImageFacts
from igny8_assets.quality.report import Finding, Verdict, judged, quoted
from igny8_assets.quality.sentences import sentences_of
from igny8_assets.quality.words import count_in_text, words_of

_STRETCH_WORDS = 300
_PARAGRAPH_WORDS = 150
_SENTENCE_WORDS = 20
_LONG_SENTENCES_PERCENT = 25
_READING_EASE = 60
_ALT_TEXT_CHARACTERS = 125
_VOWELS = re.compile(r"[aeiouy]+")


def check_single_h1(body: Body) -> Finding:
    """Warn about an H1 in the body: the title is the page's only one."""
    inside = [block for block in body.headings if block.level == 1]
    evidence = f"{1 + len(inside)} H1 with the title"
    if inside:
        evidence += ", one in the body: " + quoted(inside[0].text)
    return judged("single_h1", not inside, Verdict.WARN, evidence)


def check_heading_levels(body: Body) -> Finding:
    """Warn about a heading more than one level below the one before it; the title counts as level 1."""
    before = 1
    for heading in body.headings:
        if heading.level > before + 1:
            evidence = f"H{before} is followed by H{heading.level} {quoted(heading.text)}"
            return judged("heading_levels", False, Verdict.WARN, evidence)
        before = heading.level
    return Finding("heading_levels", Verdict.PASS, f"{len(body.headings)} headings, no level skipped")


def check_subheading_distance(body: Body) -> Finding:
    """Warn about more than 300 words without a sub-heading."""
    longest = words = 0
    under = heading = "the start"
    for block in body.blocks:
        if block.level:
            words, heading = 0, quoted(block.text)
            continue
        words += count_in_text(block.text)
        if words > longest:
            longest, under = words, heading
    evidence = f"longest stretch {longest} words, after {under}; up to {_STRETCH_WORDS}"
    return judged("subheading_distance", longest <= _STRETCH_WORDS, Verdict.WARN, evidence)


def check_paragraph_length(body: Body) -> Finding:
    """Warn about a paragraph of more than 150 words."""
    counts = [(count_in_text(block.text), block.text) for block in body.passages]
    longest, text = max(counts, default=(0, ""))
    evidence = f"longest paragraph {longest} words; up to {_PARAGRAPH_WORDS}"
    fine = longest <= _PARAGRAPH_WORDS
    return judged("paragraph_length", fine, Verdict.WARN, evidence if fine else f"{evidence}: {quoted(text)}")


def check_sentence_length(body: Body) -> Finding:
    """Warn if more than 25 % of the sentences have over 20 words."""
    counts = [count_in_text(sentence) for sentence in _sentences(body)]
    long = sum(1 for count in counts if count > _SENTENCE_WORDS)
    percent = 100 * long / len(counts) if counts else 0.0
    evidence = (
        f"{long} of {len(counts)} sentences over {_SENTENCE_WORDS} words ({percent:.0f} %); "
        f"up to {_LONG_SENTENCES_PERCENT} %"
    )
    return judged("sentence_length", percent <= _LONG_SENTENCES_PERCENT, Verdict.WARN, evidence)


def check_reading_ease(body: Body) -> Finding:
    """Warn if the Flesch reading ease of an English text is not over 60 ("plain English")."""
    ease = reading_ease(_sentences(body))
    evidence = f"Flesch reading ease {ease:.0f}; over {_READING_EASE}"
    return judged("reading_ease", ease > _READING_EASE, Verdict.WARN, evidence)


def check_images(images: Sequence[ImageFacts]) -> Finding:
    """Warn unless there is an image, and each has an alt text of at most 125 characters."""
    alts = [image.alt_text.strip() for image in images]
    without = sum(1 for alt in alts if not alt)
    longest = max((len(alt) for alt in alts), default=0)
    fine = bool(alts) and not without and longest <= _ALT_TEXT_CHARACTERS
    evidence = (
        f"images: {len(alts)}, without alt text: {without}, longest alt text: {longest} characters; "
        f"up to {_ALT_TEXT_CHARACTERS}"
    )
    return judged("images", fine, Verdict.WARN, evidence)


def reading_ease(sentences: list[str]) -> float:
    """Flesch reading ease of English sentences, 0 to 100 and a little beyond; 0 without words.

    206.835 - 1.015 (words / sentences) - 84.6 (syllables / words): R. Flesch, "A new readability yardstick",
    Journal of Applied Psychology 32 (1948). Over 60 is plain English.
    """
    words = [word for sentence in sentences for word in words_of(sentence)]
    if not words:
        return 0.0
    syllables = sum(syllables_of(word.casefold()) for word in words)
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)


@lru_cache(maxsize=50_000)
def syllables_of(word: str) -> int:
    """Syllables of an English word in lower case: its hyphenation parts, at least its groups of vowels, at least one.

    Hyphenation never parts a single letter ("o-ver"), so vowel groups are the floor; a final silent e is none.
    """
    silent = word.endswith("e") and not word.endswith(("le", "ee", "ie", "oe", "ue"))
    groups = len(_VOWELS.findall(word[:-1] if silent else word))
    return max(len(_hyphenation().positions(word)) + 1, groups, 1)


@lru_cache(maxsize=1)
def _hyphenation():  # type: ignore[no-untyped-def]
    import pyphen

    return pyphen.Pyphen(lang="en_US")


def _sentences(body: Body) -> list[str]:
    return [sentence for block in body.passages for sentence in sentences_of(block.prose)]
