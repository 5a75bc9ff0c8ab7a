"""What of a keyword an AI function is told."""

from igny8_assets.ai.schemas import KeywordFacts
from igny8_assets.store.models import Keyword
from igny8_assets.vocabulary import Intent


def facts_of(keyword: Keyword) -> KeywordFacts:
    """A keyword as the AI functions see it."""
    intents = tuple(Intent(word) for word in keyword.intents.split(",") if word)
    return KeywordFacts(
        id=keyword.id,
        text=keyword.text,
        volume=keyword.volume,
        difficulty=keyword.difficulty,
        intents=intents,
    )
