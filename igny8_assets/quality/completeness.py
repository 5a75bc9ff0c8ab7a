"""Checks whether the whole text is there: words, an end, every section that was planned."""

from igny8_assets.quality.blocks import Body, heading_key
from igny8_assets.quality.draft import DraftToCheck
from igny8_assets.quality.report import Finding, Verdict, judged, quoted
from igny8_assets.quality.sentences import ends_properly

MINIMUM_WORDS = 250
_WHOLE_ANSWER = "stop"
# Code, cells and captions end without a mark; Thai and Lao end no sentence with one.
_NEED_NO_END_MARK = frozenset({"pre", "td", "th", "figcaption", "caption"})
_LANGUAGES_WITHOUT_END_MARK = frozenset({"th", "lo"})


def check_text_present(body: Body) -> Finding:
    """Block a text without a word."""
    return judged("text_present", body.word_count > 0, Verdict.BLOCK, f"{body.word_count} words")


def check_minimum_words(body: Body) -> Finding:
    """Block a text under 250 words."""
    evidence = f"{body.word_count} words; at least {MINIMUM_WORDS}"
    return judged("minimum_words", body.word_count >= MINIMUM_WORDS, Verdict.BLOCK, evidence)


def check_answer_whole(draft: DraftToCheck) -> Finding:
    """Block a text that the provider did not finish: its finish reason is not `stop`."""
    evidence = f"finish reason {quoted(draft.finish_reason)}; a whole answer ends with {quoted(_WHOLE_ANSWER)}"
    return judged("answer_whole", draft.finish_reason == _WHOLE_ANSWER, Verdict.BLOCK, evidence)


def check_end_mark(draft: DraftToCheck, body: Body) -> Finding:
    """Block a text whose last sentence has no end mark, or that ends with a heading."""
    if not body.blocks:
        return Finding("end_mark", Verdict.BLOCK, "no text, so no end")
    last = body.blocks[-1]
    evidence = f"ends with {quoted(last.text[-60:])}"
    if last.level:
        return Finding("end_mark", Verdict.BLOCK, f"{evidence}, a heading with nothing under it")
    fine = (
        ends_properly(last.text)
        or last.tag in _NEED_NO_END_MARK
        or draft.language_code in _LANGUAGES_WITHOUT_END_MARK
        or (last.tag == "li" and _lists_have_no_end_marks(body))
    )
    return judged("end_mark", fine, Verdict.BLOCK, evidence)


def check_outline(draft: DraftToCheck, body: Body) -> Finding:
    """Block a text that lacks a planned section, or has its heading with nothing under it."""
    filled, empty = _sections(body)
    there, unfilled = filled | empty, empty - filled
    missing = [heading for heading in draft.outline_headings if heading_key(heading) not in there]
    hollow = [heading for heading in draft.outline_headings if heading_key(heading) in unfilled]
    planned = len(draft.outline_headings)
    evidence = f"{planned - len(missing) - len(hollow)} of {planned} planned sections"
    for label, headings in (("missing", missing), ("empty", hollow)):
        if headings:
            evidence += f"; {label}: " + ", ".join(quoted(heading) for heading in headings[:5])
    return judged("outline_complete", not missing and not hollow, Verdict.BLOCK, evidence)


def check_word_target(draft: DraftToCheck, body: Body) -> Finding:
    """Warn unless the word count is within 20 % of the target."""
    low, high = -(-draft.word_target * 4 // 5), draft.word_target * 6 // 5
    evidence = f"{body.word_count} words; the target of {draft.word_target} allows {low} to {high}"
    return judged("word_target", low <= body.word_count <= high, Verdict.WARN, evidence)


def _lists_have_no_end_marks(body: Body) -> bool:
    others = [block for block in body.blocks[:-1] if block.tag == "li"]
    return bool(others) and not any(ends_properly(block.text) for block in others)


def _sections(body: Body) -> tuple[set[str], set[str]]:
    """Keys of the headings with something under them, and of those with nothing."""
    filled: set[str] = set()
    empty: set[str] = set()
    for place, heading in enumerate(body.blocks):
        following = body.blocks[place + 1] if place + 1 < len(body.blocks) else None
        if heading.level:
            has_content = following is not None and (not following.level or following.level > heading.level)
            (filled if has_content else empty).add(heading_key(heading.text))
    return filled, empty
