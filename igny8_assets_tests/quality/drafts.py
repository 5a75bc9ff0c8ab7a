"""A draft that passes every check, for tests to spoil one thing at a time."""

from dataclasses import replace
from typing import Any

from igny8_assets.quality.checking import check_draft
from igny8_assets.quality.draft import DraftToCheck, ImageFacts
from igny8_assets.quality.report import Finding, Verdict

_FILLER = (
    "Pour the mix into the tank and press start. Let it run until the tank is half full. Then stop and wait. "
    "The acid needs time to work on the chalk. Rinse the tank twice with fresh water. Wipe the tray dry. "
    "Your next cup will taste clean and hot again. "
)
HEADINGS = (
    "Why a coffee machine needs to descale",
    "What you need",
    "How to descale the coffee machine",
    "Keep it clean",
)


def paragraph(words: int = 55) -> str:
    """Plain sentences, about so many words."""
    sentences = [sentence.strip() + "." for sentence in _FILLER.split(".") if sentence.strip()]
    text: list[str] = []
    while sum(len(sentence.split()) for sentence in text) < words:
        text.append(sentences[len(text) % len(sentences)])
    return " ".join(text)


def good_html() -> str:
    """A body of about 300 words with four sections."""
    first = "<p>Here is how to descale a coffee machine at home. It is quick. " + paragraph(40) + "</p>"
    sections = "".join(f"<h2>{heading}</h2><p>{paragraph()}</p>" for heading in HEADINGS)
    return first + sections + "<p>Now you can descale your coffee machine with ease.</p>"


def good_draft(**changes: Any) -> DraftToCheck:
    """The good draft with some fields exchanged."""
    draft = DraftToCheck(
        title="How to descale a coffee machine",
        slug="how-to-descale-a-coffee-machine",
        meta_title="How to descale a coffee machine at home in four steps",
        meta_description="Learn how to descale a coffee machine with things that you have at home: what you need, what "
        "to do and how to keep the chalk away for good.",
        html=good_html(),
        json_ld='{"@context": "https://schema.org", "@type": "Article"}',
        keyphrase="descale coffee machine",
        language="en",
        word_target=310,
        outline_headings=HEADINGS,
        finish_reason="stop",
        images=(ImageFacts("A hand pours vinegar into a white coffee machine"),),
        source_text="A guide in four steps.",
    )
    return replace(draft, **changes)


def finding(check: str, **changes: Any) -> Finding:
    """What the named check says of the good draft with some fields exchanged."""
    return next(item for item in check_draft(good_draft(**changes)).findings if item.check == check)


def verdict(check: str, **changes: Any) -> Verdict:
    """The verdict of the named check on the good draft with some fields exchanged."""
    return finding(check, **changes).verdict
