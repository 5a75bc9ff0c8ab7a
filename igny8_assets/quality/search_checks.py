"""Checks on how the text will look to a search engine: its title, description, slug and keyphrase."""

from igny8_assets.quality.blocks import Body
from igny8_assets.quality.draft import DraftToCheck
from igny8_assets.quality.keyphrase import Keyphrase
from igny8_assets.quality.report import Finding, Verdict, judged, quoted
from igny8_assets.quality.sentences import sentences_of
from igny8_assets.quality.words import display_width

_TITLE_CHARACTERS = (50, 60)
_DESCRIPTION_CHARACTERS = (121, 156)
_HEADING_PERCENT = (30, 75)
_DENSITY_PERCENT = (0.5, 3.0)


def check_meta_title(draft: DraftToCheck) -> Finding:
    """Warn unless the SEO title has 50 to 60 characters (a wide East Asian one counts two)."""
    return _length("meta_title_length", draft.meta_title, _TITLE_CHARACTERS)


def check_meta_description(draft: DraftToCheck) -> Finding:
    """Warn unless the meta description has 121 to 156 characters (a wide East Asian one counts two)."""
    return _length("meta_description_length", draft.meta_description, _DESCRIPTION_CHARACTERS)


def check_keyphrase_in_title(draft: DraftToCheck, keyphrase: Keyphrase) -> Finding:
    """Warn unless the title holds the keyphrase."""
    evidence = f"{quoted(draft.keyphrase)} in {quoted(draft.title)}"
    return _held("keyphrase_in_title", keyphrase.occurs_in(draft.title), evidence)


def check_keyphrase_in_first_paragraph(draft: DraftToCheck, body: Body, keyphrase: Keyphrase) -> Finding:
    """Warn unless the first paragraph holds the keyphrase."""
    paragraphs = [block for block in body.passages if block.tag == "p"] or list(body.passages)
    first = paragraphs[0].text if paragraphs else ""
    evidence = f"{quoted(draft.keyphrase)} in {quoted(first)}"
    return _held("keyphrase_in_first_paragraph", keyphrase.occurs_in(first), evidence)


def check_keyphrase_in_headings(body: Body, keyphrase: Keyphrase) -> Finding:
    """Warn unless 30 to 75 % of the H2 and H3 hold the keyphrase; a single heading may hold it."""
    headings = [block for block in body.headings if block.level in (2, 3)]
    hits = sum(1 for heading in headings if keyphrase.occurs_in(heading.text))
    percent = 100 * hits / len(headings) if headings else 0.0
    low, high = _HEADING_PERCENT
    fine = low <= percent <= high or (len(headings) == 1 and hits == 1)
    evidence = f"in {hits} of {len(headings)} H2 and H3 ({percent:.0f} %); {low} to {high} %"
    return judged("keyphrase_in_headings", fine, Verdict.WARN, evidence)


def check_keyphrase_density(body: Body, keyphrase: Keyphrase) -> Finding:
    """Warn unless occurrences are 0.5 to 3 % of the words; an occurrence is a sentence's full set of its words."""
    sentences = [sentence for block in body.blocks for sentence in sentences_of(block.text)]
    count = sum(keyphrase.count_in(sentence) for sentence in sentences)
    percent = 100 * count / body.word_count if body.word_count else 0.0
    low, high = _DENSITY_PERCENT
    evidence = f"{count} times in {body.word_count} words ({percent:.2f} %); {low} to {high} %"
    return judged("keyphrase_density", low <= percent <= high, Verdict.WARN, evidence)


def check_keyphrase_in_slug(draft: DraftToCheck, keyphrase: Keyphrase) -> Finding:
    """Warn unless the slug holds the keyphrase."""
    evidence = f"{quoted(draft.keyphrase)} in {quoted(draft.slug)}"
    return _held("keyphrase_in_slug", keyphrase.in_slug(draft.slug), evidence)


def _held(check: str, fine: bool, evidence: str) -> Finding:
    return judged(check, fine, Verdict.WARN, evidence if fine else f"no {evidence}")


def _length(check: str, text: str, limits: tuple[int, int]) -> Finding:
    low, high = limits
    width = display_width(text)
    return judged(check, low <= width <= high, Verdict.WARN, f"{width} characters; {low} to {high}")
