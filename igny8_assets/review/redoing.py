"""Making again what exists: a new attempt, charged again."""

from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.review.access import find_content, find_image
from igny8_assets.review.writing_again import discard, send_back, void_approval
from igny8_assets.stages.make_images import note_illustration
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Content, ContentStatus, Illustration, ImageStatus, Site

TO_BE_WRITTEN_AGAIN = "to be written again"

_INSTEAD = {
    1: "clusters are not made again; `igny8 keywords ignore` and `unignore` take a keyword out and group it anew",
    2: "ideas are not made again; `igny8 ideas drop` gives one up, new keywords bring new ones",
    3: "tasks are not made again; `igny8 redo SITE --stage 4 --item TEXT` has a text written again",
    7: "a review is not made again by a run; `igny8 review` has its commands",
}


def redo(session: Session, site: Site, stage: int, item: int) -> None:
    """Have something made again at the next run.

    Args:
        stage: 4 (item is a text: it is rejected and its task pending), 5 (item is a text: its images go, their prompts
            are written again) or 6 (item is an image). What this does to an approved text voids the approval.

    Raises:
        UserError: nothing is made again in this stage, or the item is not in a state for it; says what to do.
    """
    if stage not in (4, 5, 6):
        raise UserError(_INSTEAD.get(stage, f"there is no stage {stage}; 4, 5 and 6 can be done again"))
    take_turn(session, site.id)
    if stage == 4:
        _write_again(session, find_content(session, site, item))
    elif stage == 5:
        _prompt_again(session, find_content(session, site, item))
    else:
        _draw_again(session, site, item)


def _write_again(session: Session, content: Content) -> None:
    if content.status == ContentStatus.PUBLISHED:
        raise UserError(f"text {content.id} is published and stays as it is")
    send_back(session, content, None)
    discard(content, TO_BE_WRITTEN_AGAIN)


def _prompt_again(session: Session, content: Content) -> None:
    refuse_closed(content)
    if content.illustration == Illustration.NEEDS_PROMPTS:
        remedy = "`igny8 retry` asks again" if content.failure_reason else "`igny8 run` writes them"
        raise UserError(f"text {content.id} has no image prompts yet; {remedy}")
    for image in list(content.images):
        session.delete(image)
    content.illustration, content.attempt = Illustration.NEEDS_PROMPTS, content.attempt + 1
    content.failure_reason = None
    void_approval(content, "its images are made again")
    session.flush()
    session.expire(content, ["images"])


def _draw_again(session: Session, site: Site, image_id: int) -> None:
    image = find_image(session, site, image_id)
    refuse_closed(image.content)
    if image.status == ImageStatus.PENDING:
        raise UserError(f"image {image.id} waits to be made already; `igny8 run {site.slug}` makes it")
    if image.status == ImageStatus.FAILED:
        raise UserError(f"image {image.id} failed; `igny8 retry {site.slug} --stage 6 --item {image.id}` asks again")
    image.status, image.attempt = ImageStatus.PENDING, image.attempt + 1
    void_approval(image.content, f"its image {image.role} is made again")
    note_illustration(session, image.content_id)


def refuse_closed(content: Content) -> None:
    """Refuse to touch the images of a text that is published or rejected.

    Raises:
        UserError: it is one.
    """
    if content.status not in (ContentStatus.DRAFT, ContentStatus.APPROVED):
        raise UserError(
            f"text {content.id} is {content.status.value}; only a draft's or an approved text's images change"
        )
