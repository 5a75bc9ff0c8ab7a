"""A text as a complete HTML page."""

import json
from collections.abc import Sequence
from html import escape

from igny8_assets.review.exporting.pictures import FEATURED, Picture, figure, illustrated
from igny8_assets.review.script_json import json_for_script
from igny8_assets.store.models import Content, Site

_STYLE = """\
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 system-ui, sans-serif; color: #1d2529; }
h1, h2, h3, h4 { line-height: 1.25; }
figure { margin: 1.5rem 0; }
img { max-width: 100%; height: auto; }
figcaption { font-size: 0.9rem; color: #5a666c; }
table { border-collapse: collapse; }
th, td { border: 1px solid #c6ced2; padding: 0.3rem 0.6rem; text-align: left; }
pre { overflow-x: auto; background: #f3f5f6; padding: 0.8rem; }
"""


def as_page(site: Site, content: Content, pictures: Sequence[Picture]) -> str:
    """The page: what search engines read in its head, the title as its only H1, the pictures in their places."""
    featured = "".join(figure(picture) for picture in pictures if picture.role == FEATURED)
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(content.meta_title, quote=False)}</title>",
        _meta("name", "description", content.meta_description),
        _meta("property", "og:type", "article"),
        _meta("property", "og:title", content.meta_title),
        _meta("property", "og:description", content.meta_description),
        _meta("property", "og:site_name", site.name),
    ]
    note = content.provenance.get("note")
    if note:
        head.append(_meta("name", "generator", str(note)))
    json_ld = json_ld_for_script(content.json_ld)
    if json_ld:
        head.append(f'<script type="application/ld+json">\n{json_ld}\n</script>')
    head.append(f"<style>\n{_STYLE}</style>")
    body = f"<h1>{escape(content.title, quote=False)}</h1>\n{featured}{illustrated(content.html, pictures)}"
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(site.language)}">\n<head>\n'
        + "\n".join(head)
        + f"\n</head>\n<body>\n<article>\n{body}\n</article>\n</body>\n</html>\n"
    )


def json_ld_for_script(json_ld: str) -> str:
    """The JSON-LD as it may stand in a script element: no `<` is left that could end the element.

    JSON that does not parse is left out.
    """
    if not json_ld.strip():
        return ""
    try:
        data = json.loads(json_ld)
    except (ValueError, RecursionError):
        return ""
    return json_for_script(data, indent=2)


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}">'
