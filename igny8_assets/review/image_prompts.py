"""Changing by hand what an image is to show, and the text for those who don't see it."""

from sqlalchemy.orm import Session

from igny8_assets.review.access import checked_name, checked_text, find_image
from igny8_assets.review.decisions import add_decision
from igny8_assets.review.editing import check_again
from igny8_assets.review.redoing import refuse_closed
from igny8_assets.review.writing_again import void_approval
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Decision, Illustration, Image, Site

LONGEST = {"prompt": Image.prompt.type.length, "alt_text": Image.alt_text.type.length}


def edit_image(
    session: Session,
    site: Site,
    image_id: int,
    editor: str,
    *,
    prompt: str | None = None,
    alt_text: str | None = None,
) -> Image:
    """Change an image's prompt or alt text; what is None stays. An approval is void if anything changed.

    A picture that was made stays until it is asked for again (`redo`, stage 6).

    Raises:
        UserError: the image's text is published or rejected, or a part is empty or too long; nothing was changed.
    """
    editor = checked_name(editor)
    changes = {
        name: " ".join(checked_text(value, f"the {name.replace('_', ' ')}", LONGEST[name]).split())
        for name, value in (("prompt", prompt), ("alt_text", alt_text))
        if value is not None
    }
    take_turn(session, site.id)
    image = find_image(session, site, image_id)
    content = image.content
    refuse_closed(content)
    changes = {name: value for name, value in changes.items() if value != getattr(image, name)}
    if not changes:
        return image
    for name, value in changes.items():
        setattr(image, name, value)
    if "alt_text" in changes and content.illustration == Illustration.READY:
        content.quality = check_again(session, site, content).to_json()
    void_approval(content, f"its image {image.role} was changed by {editor}")
    told = " and ".join(name.replace("_", " ") for name in sorted(changes))
    add_decision(session, content, Decision.EDITED, editor, f"changed: {told} of image {image.role}")
    return image
