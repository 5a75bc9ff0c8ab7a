"""Every check on a draft, in one report."""

from collections.abc import Sequence

from igny8_assets.quality.blocks import read_body
from igny8_assets.quality.completeness import (
    check_answer_whole,
    check_end_mark,
    check_minimum_words,
    check_outline,
    check_text_present,
    check_word_target,
)
from igny8_assets.quality.draft import DraftToCheck, OtherText
from igny8_assets.quality.figures import check_figures
from igny8_assets.quality.keyphrase import read_keyphrase
from igny8_assets.quality.language import check_language
from igny8_assets.quality.markup import check_active_content, check_json_ld, check_placeholders
from igny8_assets.quality.originality import check_keyphrase_unused, check_near_duplicate
from igny8_assets.quality.reading_checks import (
    check_heading_levels,
    check_images,
    check_paragraph_length,
    check_reading_ease,
    check_sentence_length,
    check_single_h1,
    check_subheading_distance,
)
from igny8_assets.quality.report import Finding, QualityReport, Verdict
from igny8_assets.quality.search_checks import (
    check_keyphrase_density,
    check_keyphrase_in_first_paragraph,
    check_keyphrase_in_headings,
    check_keyphrase_in_slug,
    check_keyphrase_in_title,
    check_meta_description,
    check_meta_title,
)
from igny8_assets.quality.similarity import SiteTexts


def check_draft(
    draft: DraftToCheck, others: Sequence[OtherText] | SiteTexts = (), *, own_id: int | None = None
) -> QualityReport:
    """Check a draft against its brief, the rules of the field and the other texts of its site. Never raises.

    Args:
        draft: the draft and its brief.
        others: the site's other texts; for many drafts keep one `SiteTexts`, which reads each of them once.
        own_id: the draft's own id among `others`, if it may be there: a text is no duplicate of itself.

    The image check is left out while no image is made; reading ease says so in any language but English.
    """
    body = read_body(draft.html)
    keyphrase = read_keyphrase(draft.keyphrase, draft.language_code)
    site = others if isinstance(others, SiteTexts) else SiteTexts(others, fixed_sections=draft.fixed_sections)
    findings = [
        check_text_present(body),
        check_answer_whole(draft),
        check_end_mark(draft, body),
        check_outline(draft, body),
        check_placeholders(draft, body),
        check_minimum_words(body),
        check_active_content(draft),
        check_json_ld(draft),
        check_near_duplicate(draft, body, site, own_id),
        check_meta_title(draft),
        check_meta_description(draft),
        check_keyphrase_in_title(draft, keyphrase),
        check_keyphrase_in_first_paragraph(draft, body, keyphrase),
        check_keyphrase_in_headings(body, keyphrase),
        check_keyphrase_density(body, keyphrase),
        check_keyphrase_in_slug(draft, keyphrase),
        check_keyphrase_unused(draft, site, own_id),
        check_single_h1(body),
        check_heading_levels(body),
        check_subheading_distance(body),
        check_paragraph_length(body),
        check_sentence_length(body),
        check_word_target(draft, body),
        check_language(draft, body),
        check_figures(draft, body),
    ]
    if draft.language_code == "en":
        findings.append(check_reading_ease(body))
    else:
        told = f"not checked: the measure is only for English, the text is in {draft.language_code or 'no language'}"
        findings.append(Finding("reading_ease", Verdict.PASS, told))
    if draft.images is not None:
        findings.append(check_images(draft.images))
    return QualityReport(tuple(findings))
