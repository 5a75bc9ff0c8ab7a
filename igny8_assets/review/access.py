"""What every decision begins with: the row it is about, and words that can be stored."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.hidden_signs import HIDDEN
from igny8_assets.store.models import Content, Image, Site

LONGEST_NAME = 120
LONGEST_REASON = 2000


def find_content(session: Session, site: Site, content_id: int) -> Content:
    """A text of the site.

    Raises:
        NotFound: the site has none of this id.
    """
    content = session.scalar(select(Content).where(Content.id == content_id, Content.site_id == site.id))
    if content is None:
        raise NotFound(f"site {site.slug!r} has no text {content_id}; `igny8 content list {site.slug}` shows them")
    return content


def find_image(session: Session, site: Site, image_id: int) -> Image:
    """An image of the site.

    Raises:
        NotFound: the site has none of this id.
    """
    image = session.scalar(select(Image).where(Image.id == image_id, Image.site_id == site.id))
    if image is None:
        raise NotFound(f"site {site.slug!r} has no image {image_id}; `igny8 content show` lists a text's images")
    return image


def find_row(session: Session, site: Site, model: type[Any], row_id: int, noun: str, *, hint: str = "") -> Any:
    """A row of the site, called `noun` in the message, which ends with the hint.

    Raises:
        NotFound: the site has none of this id.
    """
    row = session.scalar(select(model).where(model.id == row_id, model.site_id == site.id))
    if row is None:
        raise NotFound(f"site {site.slug!r} has no {noun} {row_id}{hint and '; '}{hint}")
    return row


def checked_name(name: str) -> str:
    """The name of the person who decides.

    Raises:
        UserError: it is empty, too long, or holds characters that can't be shown.
    """
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise UserError(f"a reviewer's name has 1 to {LONGEST_NAME} printable characters; give it by --reviewer")
    return name


def checked_text(value: str, what: str, longest: int, *, shortest: int = 1, may_hide: bool = False) -> str:
    """Text as it can be stored, trimmed.

    Args:
        what: what the text is, for the message.
        shortest: least number of characters.
        longest: greatest number of characters.
        may_hide: whether hidden signs may stand in it, as an article in two scripts needs them.

    Raises:
        UserError: it is too short or too long, or holds NUL, half a character, or a hidden sign.
    """
    value = value.strip()
    if not value and shortest:
        raise UserError(f"{what} is missing; it has {shortest} to {longest:,} characters")
    if not shortest <= len(value) <= longest:
        raise UserError(f"{what} has {shortest} to {longest:,} characters, not {len(value):,}")
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise UserError(f"{what} holds characters that can't be stored; write it again without them")
    if not may_hide and any(sign in HIDDEN for sign in value):
        raise UserError(f"{what} holds signs that are not seen; write it again without them")
    return value
