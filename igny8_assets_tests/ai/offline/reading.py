"""What the tests read out of a draft: its text, its sentences, its HTML."""

import re

from igny8_assets.ai.schemas import Draft

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")


def blocks_of(draft: Draft) -> list[str]:
    """All that a reader sees, in order, headings included."""
    found = [draft.introduction]
    for section in draft.sections:
        found += [section.heading, section.body]
    for entry in draft.faq:
        found += [entry.question, entry.answer]
    return [*found, draft.conclusion]


def text_of(draft: Draft) -> str:
    return "\n\n".join(blocks_of(draft))


def word_count(draft: Draft) -> int:
    return len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text_of(draft)))


def prose_of(draft: Draft) -> list[str]:
    """Texts that consist of sentences: no headings, questions or table lines."""
    bodies = [draft.introduction, *(section.body for section in draft.sections), draft.conclusion]
    lines = [line for body in bodies for line in body.split("\n") if not line.startswith("|")]
    return [*lines, *(entry.answer for entry in draft.faq)]


def sentences_of(draft: Draft) -> list[str]:
    sentences = []
    for line in prose_of(draft):
        plain = re.sub(r"^(?:- |\d+\. )", "", line)
        sentences += [sentence.strip() for sentence in _SENTENCE.split(plain) if sentence.strip()]
    return sentences


def shingles_of(draft: Draft) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text_of(draft).casefold())
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


def html_of(draft: Draft) -> str:
    """The Markdown parts as a strict CommonMark renderer with tables shows them."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark").enable("table")
    parts = [draft.introduction, *(section.body for section in draft.sections), draft.conclusion]
    return "\n".join(markdown.render(part) for part in parts)
