"""Letting a text go without one of its images."""

from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.review.access import find_image
from igny8_assets.review.writing_again import void_approval
from igny8_assets.stages.make_images import note_illustration
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import ContentStatus, Illustration, Image, ImageStatus, Site


def remove_image(session: Session, site: Site, image_id: int) -> Image:
    """Let the text go without this image; `igny8 redo --stage 6` brings it back.

    An approved text that loses a picture which the reviewer saw is a draft again.

    Raises:
        UserError: its text is published or rejected.
    """
    take_turn(session, site.id)
    image = find_image(session, site, image_id)
    content = image.content
    if content.status not in (ContentStatus.DRAFT, ContentStatus.APPROVED):
        raise UserError(
            f"text {content.id} is {content.status.value}; only a draft's or an approved text's images change"
        )
    if image.status == ImageStatus.REMOVED:
        return image
    image.status, image.failure_reason = ImageStatus.REMOVED, None
    void_approval(content, f"its image {image.role} was removed")
    if content.illustration != Illustration.NEEDS_PROMPTS:
        note_illustration(session, content.id)
    return image
