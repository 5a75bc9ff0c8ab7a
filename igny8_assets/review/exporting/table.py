"""Texts as CSV, one row a text."""

import csv
import io
from collections.abc import Iterable

from igny8_assets.keywords.neutralising import neutralise
from igny8_assets.store.models import Content

COLUMNS = (
    "id",
    "slug",
    "title",
    "status",
    "keyphrase",
    "meta_title",
    "meta_description",
    "words",
    "quality",
    "reviewer",
    "reviewed_at",
    "published_url",
    "created_at",
    "html",
    "json_ld",
)


def as_csv(contents: Iterable[Content]) -> str:
    """The table; cells that a spreadsheet would take for formulas are neutralised."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for content in contents:
        values = (
            content.id,
            content.slug,
            content.title,
            content.status.value,
            content.keyphrase,
            content.meta_title,
            content.meta_description,
            content.word_count,
            content.quality.get("verdict", ""),
            content.reviewer or "",
            content.reviewed_at.isoformat() if content.reviewed_at else "",
            content.published_url or "",
            content.created_at.isoformat(),
            content.html,
            content.json_ld,
        )
        writer.writerow([neutralise(value) if isinstance(value, str) else value for value in values])
    return file.getvalue()
