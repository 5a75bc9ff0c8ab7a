"""A draft's parts become one sanitised HTML body, with JSON-LD beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from igny8_assets.ai.schemas import ContentBrief, Draft, LinkTarget
from igny8_assets.quality.sanitising import sanitise

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

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


def render(draft: Draft, brief: ContentBrief, domain: str) -> RenderedDraft:
    """Render a draft.

    Args:
        draft: the parts; bodies are Markdown, without HTML, whose links name targets of the brief.
        brief: what the draft was written from.
        domain: the site's domain, for the JSON-LD.
    """
    from markdown_it import MarkdownIt
    from slugify import slugify

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    render_part = partial(_with_links, markdown, {target.id: target for target in brief.links})
    parts = [render_part(draft.introduction)]
    for section in draft.sections:
        parts.append(f"<h{section.level}>{_escape(section.heading)}</h{section.level}>\n")
        parts.append(render_part(section.body))
    if draft.faq:
        parts.append(f"<h2>{_escape(draft.faq_heading)}</h2>\n")
        parts += [f"<h3>{_escape(entry.question)}</h3>\n<p>{_escape(entry.answer)}</p>\n" for entry in draft.faq]
    if draft.conclusion:
        parts.append(f"<h2>{_escape(draft.conclusion_heading)}</h2>\n" + render_part(draft.conclusion))
    outline = (
        *(section.heading for section in draft.sections),
        *((draft.faq_heading,) if draft.faq else ()),
        *((draft.conclusion_heading,) if draft.conclusion else ()),
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


def _with_links(markdown: "MarkdownIt", targets: Mapping[str, LinkTarget], text: str) -> str:
    """Render Markdown; a link that names a target leads to its address, of any other only the words stay."""
    tokens = markdown.parse(text)
    for token in tokens:
        dropped = []
        for child in token.children or []:
            if child.type == "image":
                child.type, child.tag = "text", ""
            elif child.type == "link_open":
                target = targets.get(str(child.attrs.get("href", "")))
                dropped.append(target is None)
                if target is None:
                    child.hidden = True
                    child.type, child.tag, child.content = "text", "", ""
                else:
                    child.attrs = {"href": target.url}
            elif child.type == "link_close" and dropped and dropped.pop():
                child.type, child.tag, child.content = "text", "", ""
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _json_ld(draft: Draft, brief: ContentBrief, domain: str) -> str:
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
