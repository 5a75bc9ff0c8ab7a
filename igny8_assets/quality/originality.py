"""Checks a draft against the site's other texts: nearly the same text, the same keyphrase."""

from igny8_assets.quality.blocks import Body
from igny8_assets.quality.draft import DraftToCheck
from igny8_assets.quality.report import Finding, Verdict, judged, quoted
from igny8_assets.quality.similarity import SiteTexts, comparable_words

_NEAR_DUPLICATE = 0.90


def check_near_duplicate(draft: DraftToCheck, body: Body, site: SiteTexts, own_id: int | None) -> Finding:
    """Block a text whose 5-word shingles have a Jaccard similarity over 0.90 with another text of the site."""
    similar = site.similar_to(comparable_words(body, draft.fixed_sections), own_id=own_id)
    if not similar:
        return Finding("near_duplicate", Verdict.PASS, "no other text comes near")
    nearest = similar[0]
    evidence = f"{nearest.jaccard:.3f} with text {nearest.id} {quoted(nearest.title)}; up to {_NEAR_DUPLICATE:.2f}"
    return judged("near_duplicate", nearest.jaccard <= _NEAR_DUPLICATE, Verdict.BLOCK, evidence)


def check_keyphrase_unused(draft: DraftToCheck, site: SiteTexts, own_id: int | None) -> Finding:
    """Warn if another text of the site has the same keyphrase."""
    titles = site.titles_with_keyphrase(draft.keyphrase, own_id=own_id)
    evidence = f"other texts with {quoted(draft.keyphrase)}: {len(titles)}"
    if titles:
        evidence += f", such as {quoted(titles[0])}"
    return judged("keyphrase_unused", not titles, Verdict.WARN, evidence)
