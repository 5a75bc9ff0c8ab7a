"""A draft's parts become one sanitised HTML body, with JSON-LD beside it."""

import json
from dataclasses import dataclass

from igny8_assets.ai.schemas import GenerateContentInput, GenerateContentOutput
from igny8_assets.quality.sanitising import sanitise

FAQ_HEADING = "Frequently asked questions"
LONGEST_SLUG = 80


@dataclass(frozen=True)
class RenderedDraft:
    """A text as it is stored; `fixed_sections` are headings that every text has."""

    title: str
    slug: str
    meta_title: str
    meta_description: str
    html: str
    json_ld: str
    outline: tuple[str, ...]
    fixed_sections: tuple[str, ...]


def render(draft: GenerateContentOutput, brief: GenerateContentInput, domain: str) -> RenderedDraft:
    """Render a draft.

    Args:
        draft: the parts; bodies are Markdown, of which HTML is not taken over.
        brief: what the draft was written from.
        domain: the site's domain, for the JSON-LD.
    """
    from markdown_it import MarkdownIt
    from slugify import slugify

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    parts = [markdown.render(draft.introduction)]
    for section in draft.sections:
        parts.append(f"<h{section.level}>{_escape(section.heading)}</h{section.level}>\n")
        parts.append(markdown.render(section.body))
    if draft.faq:
        parts.append(f"<h2>{FAQ_HEADING}</h2>\n")
        parts += [f"<h3>{_escape(entry.question)}</h3>\n<p>{_escape(entry.answer)}</p>\n" for entry in draft.faq]
    if draft.conclusion:
        parts.append("<h2>Conclusion</h2>\n" + markdown.render(draft.conclusion))
    outline = (
        *(section.heading for section in draft.sections),
        *((FAQ_HEADING,) if draft.faq else ()),
        *(("Conclusion",) if draft.conclusion else ()),
    )
    return RenderedDraft(
        title=draft.title,
        slug=slugify(draft.title, max_length=LONGEST_SLUG, word_boundary=True) or slugify(brief.keyphrase) or "text",
        meta_title=draft.meta_title,
        meta_description=draft.meta_description,
        html=sanitise("".join(parts)),
        json_ld=_json_ld(draft, brief, domain),
        outline=outline,
        fixed_sections=(),
    )


def _json_ld(draft: GenerateContentOutput, brief: GenerateContentInput, domain: str) -> str:
    graph: list[dict[str, object]] = [
        {
            "@type": "Article",
            "headline": draft.title,
            "description": draft.meta_description,
            "inLanguage": brief.language,
            "keywords": [brief.keyphrase, *(keyword.text for keyword in brief.supporting_keywords)],
            "publisher": {"@type": "Organization", "name": brief.site_name, "url": f"https://{domain}/"},
        }
    ]
    if draft.faq:
        graph.append(
            {
                "@type": "FAQPage",
                "mainEntity": [
                    {
                        "@type": "Question",
                        "name": entry.question,
                        "acceptedAnswer": {"@type": "Answer", "text": entry.answer},
                    }
                    for entry in draft.faq
                ],
            }
        )
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, indent=2)
    # So that no keyword can close the script element in which a page carries this.
    return text.replace("<", "\\u003c")


def _escape(text: str) -> str:
    from html import escape

    return escape(text, quote=False)
