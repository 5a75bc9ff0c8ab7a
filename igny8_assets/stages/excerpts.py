"""The sections of a text, as image prompts need them."""

from igny8_assets.ai.schemas import SectionExcerpt
from igny8_assets.quality.blocks import read_body

EXCERPT_CHARACTERS = 400
MOST_SECTIONS = 20


def section_excerpts(html: str) -> list[SectionExcerpt]:
    """Every section of level 2 with the beginning of its text, in order."""
    sections: list[tuple[str, list[str]]] = []
    for block in read_body(html).blocks:
        if block.level == 2:
            sections.append((block.text, []))
        elif sections and not block.level:
            sections[-1][1].append(block.text)
    return [
        SectionExcerpt(heading=heading, excerpt=" ".join(texts)[:EXCERPT_CHARACTERS])
        for heading, texts in sections[:MOST_SECTIONS]
    ]
