"""A text as a Markdown file with YAML front matter."""

from collections.abc import Sequence
from typing import Any

from igny8_assets.review.exporting.markdown import to_markdown
from igny8_assets.review.exporting.pictures import FEATURED, Picture, illustrated
from igny8_assets.store.models import Content, Site


def as_markdown_file(site: Site, content: Content, pictures: Sequence[Picture]) -> str:
    """The file: what is known of the text in front, then the body with its in-article pictures."""
    import yaml

    facts: dict[str, Any] = {
        "title": content.title,
        "slug": content.slug,
        "description": content.meta_description,
        "seo_title": content.meta_title,
        "keyphrase": content.keyphrase,
        "language": site.language,
        "status": content.status.value,
        "words": content.word_count,
        "date": content.created_at.date().isoformat(),
    }
    for picture in pictures:
        if picture.role == FEATURED:
            facts["featured_image"], facts["featured_image_alt"] = picture.source, picture.alt_text
    if content.reviewer:
        facts["reviewer"] = content.reviewer
    if content.provenance.get("note"):
        facts["note"] = str(content.provenance["note"])
    front = yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=1_000_000)
    return f"---\n{front}---\n\n{to_markdown(illustrated(content.html, pictures))}"
