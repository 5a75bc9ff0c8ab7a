"""Images: the pictures of texts."""

from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from igny8_assets.review.access import find_image
from igny8_assets.store.lease import take_turn
from igny8_assets.web.api.images_answers import ImageChanges, ImageFacts
from igny8_assets.web.callers import Editing, Viewing
from igny8_assets.web.kept_answers import DoingOnce
from igny8_assets.web.pictures import KINDS, OTHER, picture_of
from igny8_assets.web.problems import problems
from igny8_assets.web.shapes import Number, SiteSlug
from igny8_assets.web.versions import IfMatch, etag_of, refuse_another_version

router = APIRouter(prefix="/sites/{site}/images/{image:int}", tags=["images"])

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture.", "content": {kind: {} for kind in (*KINDS.values(), OTHER)}}
}


@router.get("/", responses=problems())
def get_image(access: Viewing, site: SiteSlug, image: Number, response: Response) -> ImageFacts:
    """All that is known of an image; the ETag is for changing it."""
    with access.reading(site) as (session, row):
        shown = ImageFacts.of(find_image(session, row, image))
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.get("/file/", response_class=Response, responses={**problems(), **PICTURE})
def get_picture(access: Viewing, site: SiteSlug, image: Number) -> Response:
    """The picture itself; 404 until it is made, and where our copy is gone."""
    with access.reading(site) as (session, row):
        found = find_image(session, row, image)
    return picture_of(found, access.settings)


@router.patch("/", responses=problems(400, 412, 428))
def update_image(
    access: Editing, site: SiteSlug, image: Number, changes: ImageChanges, response: Response, if_match: IfMatch = None
) -> ImageFacts:
    """Change an image's prompt or alt text; that voids an approval. `again` has the picture made anew."""
    from igny8_assets.review.image_prompts import edit_image

    with access.store.write() as session:
        row = access.site(session, site)
        take_turn(session, row.id)
        refuse_another_version(if_match, ImageFacts.of(find_image(session, row, image)))
        changed = edit_image(session, row, image, access.caller.label, prompt=changes.prompt, alt_text=changes.alt_text)
        session.flush()
        shown = ImageFacts.of(changed)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.post("/remove/", response_model=ImageFacts, responses=problems(400))
def remove_image(access: Editing, once: DoingOnce, site: SiteSlug, image: Number) -> Response:
    """Let the text go without this image; `again` brings it back."""
    from igny8_assets.review import removing

    return once.do(lambda session: ImageFacts.of(removing.remove_image(session, access.site(session, site), image)))


@router.post("/again/", response_model=ImageFacts, responses=problems(400))
def make_image_again(access: Editing, once: DoingOnce, site: SiteSlug, image: Number) -> Response:
    """Have the picture made again by the next run; charged again."""
    from igny8_assets.review.redoing import redo

    def again(session: Session) -> ImageFacts:
        row = access.site(session, site)
        redo(session, row, 6, image)
        return ImageFacts.of(find_image(session, row, image))

    return once.do(again)
