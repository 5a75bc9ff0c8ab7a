"""Changing a text by hand: it is cleaned, counted and checked anew, and an approval of the old text is void."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.quality.blocks import read_blocks
from igny8_assets.quality.checking import check_draft
from igny8_assets.quality.draft import DraftToCheck, ImageFacts, OtherText
from igny8_assets.quality.hashing import content_hash
from igny8_assets.quality.report import QualityReport
from igny8_assets.quality.sanitising import elements_lost, sanitise
from igny8_assets.quality.words import count_words
from igny8_assets.review.access import checked_name, checked_text, find_content
from igny8_assets.review.decisions import add_decision
from igny8_assets.review.writing_again import void_approval
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import (
    Content,
    ContentStatus,
    Decision,
    IdeaKeyword,
    Illustration,
    ImageStatus,
    Keyword,
    Site,
)

LONGEST_HTML = 300_000
MOST_TAGS = 10_000
"""Of a text: forty long articles have as many. Cleaning takes with the square of how deep they are nested."""
MOST_LOST_SHOWN = 10
LONGEST = {"title": 150, "meta_title": 150, "meta_description": 400}


def edit(
    session: Session,
    site: Site,
    content_id: int,
    editor: str,
    *,
    title: str | None = None,
    meta_title: str | None = None,
    meta_description: str | None = None,
    html: str | None = None,
    seen_hash: str | None = None,
) -> Content:
    """Change parts of a draft or an approved text; what is None stays. An approval is void if anything changed.

    Args:
        html: the body; what an article may not hold is taken out.
        seen_hash: the content hash of what the editor read; if the text was changed since, this change is refused.

    Raises:
        UserError: the text is published or rejected or was changed since, or a part is empty or too long; nothing was
            changed.
    """
    editor = checked_name(editor)
    given = {"title": title, "meta_title": meta_title, "meta_description": meta_description}
    changes = {
        name: " ".join(checked_text(value, f"the {name.replace('_', ' ')}", LONGEST[name]).split())
        for name, value in given.items()
        if value is not None
    }
    lost: list[str] = []
    if html is not None:
        # Forms send lines as CRLF.
        sent = checked_text(html.replace("\r\n", "\n"), "the text", LONGEST_HTML, may_hide=True)
        if sent.count("<") > MOST_TAGS:
            raise UserError(f"the text has more than {MOST_TAGS:,} tags; leave out those that only set its looks")
        changes["html"] = sanitise(sent)
        lost = elements_lost(sent, changes["html"])
        if not read_blocks(changes["html"]):
            raise UserError("nothing is left of the text once it is cleaned; a text has paragraphs and headings")
    take_turn(session, site.id)
    content = find_content(session, site, content_id)
    if content.status not in (ContentStatus.DRAFT, ContentStatus.APPROVED):
        raise UserError(f"text {content.id} is {content.status.value}; only a draft or an approved text can be edited")
    if seen_hash is not None and content.content_hash != seen_hash:
        raise UserError(
            f"text {content.id} was changed since you read it; read it again and repeat your change",
            code="changed",
            status=412,
        )
    # A last line's end is no change: forms and editors add and lose it.
    changes = {name: value for name, value in changes.items() if value.rstrip() != getattr(content, name).rstrip()}
    if not changes:
        return content
    content.json_ld = _retold(content, changes)
    for name, value in changes.items():
        setattr(content, name, value)
    if "html" in changes:
        content.word_count = count_words(content.html)
        # Whoever edits decides which sections there are.
        content.outline = [block.text for block in read_blocks(content.html) if block.level]
    content.content_hash = content_hash(
        content.title, content.slug, content.meta_title, content.meta_description, content.html, content.json_ld
    )
    content.quality = check_again(session, site, content).to_json()
    void_approval(content, f"edited by {editor}")
    add_decision(session, content, Decision.EDITED, editor, "changed: " + ", ".join(sorted(changes)) + _told(lost))
    return content


def _told(lost: list[str]) -> str:
    """What was taken out of a text, for the record of the decision."""
    shown = ", ".join(lost[:MOST_LOST_SHOWN]) + ("…" if len(lost) > MOST_LOST_SHOWN else "")
    return f"; taken out, since an article does not hold it: {shown}" if lost else ""


def check_again(session: Session, site: Site, content: Content) -> QualityReport:
    """The report on a text as it is now, against the site's other texts that were not rejected."""
    generated = tuple(ImageFacts(image.alt_text) for image in content.images if image.status == ImageStatus.GENERATED)
    draft = DraftToCheck(
        title=content.title,
        slug=content.slug,
        meta_title=content.meta_title,
        meta_description=content.meta_description,
        html=content.html,
        json_ld=content.json_ld,
        keyphrase=content.keyphrase,
        language=site.language,
        word_target=content.task.word_target,
        outline_headings=tuple(content.outline),
        finish_reason="stop",
        images=generated if content.illustration == Illustration.READY else None,
        source_text=_brief(session, site, content),
    )
    return check_draft(draft, list(_other_texts(session, site, content)))


def _other_texts(session: Session, site: Site, content: Content) -> Iterator[OtherText]:
    rows = session.execute(
        select(Content.id, Content.title, Content.keyphrase, Content.html)
        .where(Content.site_id == site.id, Content.status != ContentStatus.REJECTED, Content.id != content.id)
        .order_by(Content.id)
    )
    return (OtherText(row.id, row.title, row.keyphrase, row.html) for row in rows)


def _brief(session: Session, site: Site, content: Content) -> str:
    """Everything of the brief in which a figure may stand."""
    task = content.task
    keywords = session.execute(
        select(Keyword.text, Keyword.volume, Keyword.difficulty)
        .join(IdeaKeyword, IdeaKeyword.keyword_id == Keyword.id)
        .where(IdeaKeyword.idea_id == task.idea_id)
        .order_by(IdeaKeyword.position)
    )
    facts = [" ".join(str(value) for value in row if value is not None) for row in keywords]
    return "\n".join([task.title, task.description, site.name, site.brand_voice, str(task.word_target), *facts])


def _retold(content: Content, changes: dict[str, str]) -> str:
    """The JSON-LD with the new title and description where it repeated the old ones."""
    try:
        data = json.loads(content.json_ld)
    except ValueError:
        return content.json_ld
    told = False
    for node in _nodes(data):
        for key, part in (("headline", "title"), ("description", "meta_description")):
            if part in changes and node.get(key) == getattr(content, part):
                node[key], told = changes[part], True
    if not told:
        return content.json_ld
    # So that no title can close the script element in which a page carries this.
    return json.dumps(data, ensure_ascii=False, indent=2).replace("<", "\\u003c")


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        graph = data.get("@graph")
        yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()
