"""Keywords of a few clear topics, as input of the tests."""

from collections.abc import Iterable

from igny8_assets.clustering.grouping import KeywordToGroup

TOPICS: dict[str, tuple[str, ...]] = {
    "sofa": ("leather sofa", "corner sofa", "sofa bed", "blue velvet sofa", "small sofa for flat", "sofa covers"),
    "invoice": ("invoice template", "how to send an invoice", "invoice software", "unpaid invoice letter"),
    "marathon": ("marathon training plan", "first marathon tips", "marathon running shoes", "half marathon training"),
    "tomato": ("grow tomatoes", "tomato plant care", "when to plant tomatoes", "tomato seeds", "cherry tomato plants"),
    "visa": ("visa for japan", "japan tourist visa", "visa application form", "how long does a visa take"),
    "guitar": ("acoustic guitar", "guitar lessons", "learn guitar chords", "electric guitar strings", "tune a guitar"),
}


def keywords(texts: Iterable[str], *, start: int = 1) -> list[KeywordToGroup]:
    """Number the texts; volumes fall, so that the first is the most searched."""
    listed = list(texts)
    return [KeywordToGroup(start + at, text, 100 * (len(listed) - at)) for at, text in enumerate(listed)]


def all_texts() -> list[str]:
    """The texts of all topics."""
    return [text for texts in TOPICS.values() for text in texts]
