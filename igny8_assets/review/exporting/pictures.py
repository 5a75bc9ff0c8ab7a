"""Where a text's pictures stand in it, and how they are written in HTML."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from igny8_assets.store.models import Content, ImageStatus

FEATURED = "featured"


@dataclass(frozen=True)
class Picture:
    """A picture of a text.

    Attributes:
        number: the image's, by which a person names it.
        name: its name in the image library.
        source: what the text refers to it by.
    """

    number: int
    role: str
    name: str
    source: str
    alt_text: str
    caption: str
    width: int
    height: int


def pictures_of(content: Content, source_of: Callable[[str, str], str | None]) -> list[Picture]:
    """The generated pictures of a text, the featured one first.

    Args:
        source_of: from a picture's library name and location, what the text refers to it by; None leaves it out.
    """
    pictures = []
    for image in content.images:
        if image.status != ImageStatus.GENERATED or not image.name or not image.location:
            continue
        source = source_of(image.name, image.location)
        if source is not None:
            pictures.append(
                Picture(
                    image.id,
                    image.role,
                    image.name,
                    source,
                    image.alt_text,
                    image.caption,
                    image.width or 0,
                    image.height or 0,
                )
            )
    return sorted(pictures, key=lambda picture: (picture.role != FEATURED, picture.role))


def on_the_web(_name: str, location: str) -> str | None:
    """A picture's own address, if it has one that browsers open."""
    return location if location.startswith(("http://", "https://")) else None


def illustrated(html: str, pictures: Sequence[Picture]) -> str:
    """The body with its in-article pictures: under the heading that a caption repeats, the others spread evenly."""
    inside = [picture for picture in pictures if picture.role != FEATURED]
    # The body is sanitised: a heading has no attributes, and a `<h2>` that is shown as text is escaped.
    parts = re.split(r"(?=<h2>)", html)
    sections = len(parts) - 1
    placed: dict[int, list[Picture]] = {}
    headings = [part.partition("</h2>")[0].removeprefix("<h2>") for part in parts]
    for number, picture in enumerate(inside, start=1):
        place = max(1, round(number * sections / (len(inside) + 1))) if sections else 0
        caption = escape(picture.caption, quote=False)
        if caption in headings[1:]:
            heading = headings.index(caption, 1)
            parts[heading] = parts[heading].replace("</h2>", "</h2>" + figure(picture), 1)
            continue
        placed.setdefault(place, []).append(picture)
    before = ["".join(figure(picture) for picture in placed.get(place, [])) for place in range(len(parts))]
    if not sections:
        return parts[0] + before[0]
    return "".join(figures + part for figures, part in zip(before, parts, strict=True))


def figure(picture: Picture) -> str:
    """A picture with its caption."""
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width and picture.height else ""
    image = f'<img src="{escape(picture.source)}" alt="{escape(picture.alt_text)}"{size}>'
    caption = f"<figcaption>{escape(picture.caption, quote=False)}</figcaption>" if picture.caption else ""
    return f"<figure>{image}{caption}</figure>\n"
