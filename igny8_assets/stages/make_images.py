"""Stage 6: prompts become pictures that we keep ourselves."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from igny8_assets.ai.provider import BadAnswer
from igny8_assets.ai.schemas import GenerateImagesInput
from igny8_assets.media.errors import MediaError
from igny8_assets.media.naming import image_name
from igny8_assets.quality.draft import ImageFacts
from igny8_assets.quality.reading_checks import check_images
from igny8_assets.quality.report import QualityReport
from igny8_assets.stages.stage import Counts, Item, ItemFailed, Kind
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store import counters
from igny8_assets.store.models import Content, Illustration, Image, ImageStatus
from igny8_assets.store.prices import image_tenths

RATIO = (16, 9)
FEATURED_WIDTH = 1200
"""Least width of a featured picture in pixels."""
IN_ARTICLE_WIDTH = 800


_IMAGES = Image.metadata.tables[Image.__tablename__]
# Put together once: it goes with every picture, unless a person decided about it since it was taken.
_KEEP = (
    update(_IMAGES)
    .where(
        _IMAGES.c.id == bindparam("image"),
        _IMAGES.c.status == ImageStatus.PENDING,
        _IMAGES.c.attempt == bindparam("taken"),
    )
    .values({name: bindparam(name) for name in ("name", "location", "width", "height", "sha256", "provider")})
    .values(format="webp", status=ImageStatus.GENERATED, failure_reason=None)
    .returning(_IMAGES.c.content_id)
)


@dataclass(frozen=True)
class PromptedImage:
    """An image as it was when it was taken; `name` is that of its file."""

    id: int
    name: str
    question: GenerateImagesInput


@dataclass(frozen=True)
class MadeImage:
    """What is remembered of a picture that lies in the library."""

    provider: str
    facts: dict[str, Any]


class MakeImages:
    """Stage 6."""

    number = 6
    name = "Image prompts → Images"
    kind: Kind = "AI"
    batched = False
    entity = "images"
    processed = "images_processed"
    made: tuple[str, ...] = ("images_generated", "images_failed")

    async def prepare(self, tools: Tools) -> None:
        """Start what encodes, if there is anything to."""
        with tools.ticket.store.read() as session:
            waiting = self.pending(counters.read(session, tools.ticket.site.id))
        if waiting:
            tools.expect_pictures()

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        """Images that have a prompt and no picture."""
        return counters["image", ImageStatus.PENDING]

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        """The oldest prompts."""
        in_hand = [item.facts.id for item in taken.values()]
        images = session.scalars(
            select(Image)
            .where(Image.site_id == ticket.site.id, Image.status == ImageStatus.PENDING, Image.id.not_in(in_hand))
            .order_by(Image.content_id, Image.id)
            .limit(limit)
            .options(joinedload(Image.content).load_only(Content.title, Content.slug))
        )
        return [_as_item(ticket, image) for image in images]

    async def process(self, item: Item, tools: Tools) -> MadeImage:
        """Have the picture made, and keep it as webp."""
        facts: PromptedImage = item.facts
        featured = facts.question.role == "featured"

        async def keep(data: bytes) -> dict[str, Any]:
            try:
                encoded = await tools.to_webp(
                    data, ratio=RATIO, min_width=FEATURED_WIDTH if featured else IN_ARTICLE_WIDTH
                )
                location = await asyncio.to_thread(tools.library.put, facts.name, encoded.data)
            except MediaError as error:
                raise BadAnswer(str(error)) from error
            return {
                "name": facts.name,
                "location": location,
                "width": encoded.width,
                "height": encoded.height,
                "sha256": encoded.sha256,
            }

        answer = await tools.draw(item, facts.question, keep)
        return MadeImage(tools.engine.provider.name, answer.value)

    def save(self, session: Session, ticket: RunTicket, item: Item, result: MadeImage) -> Counts:
        """Point the row to our copy; a text whose last picture this was is ready."""
        made = {"image": item.facts.id, "taken": item.attempt, "provider": result.provider, **result.facts}
        content_id = session.connection().scalar(_KEEP, made)
        if content_id is None:
            raise ItemFailed("a person removed the image, or asked for another, while it was made", permanent=False)
        moved = {str(ImageStatus.PENDING): -1, str(ImageStatus.GENERATED): 1}
        counters.add(session, ticket.site.id, Image.counted_as, moved)
        note_illustration(session, content_id)
        return {"images_generated": 1}

    def fail(self, session: Session, item: Item, reason: str) -> None:
        """Mark the image failed."""
        image = session.get(Image, item.facts.id)
        # Unless a person decided about it since it was taken.
        if image is not None and image.status == ImageStatus.PENDING and image.attempt == item.attempt:
            image.status, image.failure_reason = ImageStatus.FAILED, reason


def note_illustration(session: Session, content_id: int) -> None:
    """Say of a text whether its pictures are all there.

    Ready is a text whose every image is generated or removed, and of which a person removed all or one at least
    is generated.
    """
    session.flush()
    waiting = select(Image.id).where(
        Image.content_id == content_id, Image.status.not_in([ImageStatus.GENERATED, ImageStatus.REMOVED])
    )
    shown = session.execute(select(Content.illustration, waiting.exists()).where(Content.id == content_id)).one()
    if shown == (Illustration.NEEDS_IMAGES, True):
        return
    content = session.get_one(Content, content_id)
    images = session.scalars(select(Image).where(Image.content_id == content_id).order_by(Image.id)).all()
    ready = images and all(image.status in (ImageStatus.GENERATED, ImageStatus.REMOVED) for image in images)
    content.illustration = Illustration.READY if ready else Illustration.NEEDS_IMAGES
    if ready:
        # The draft was checked before it had pictures; the one check about them is made up for here.
        there = [ImageFacts(image.alt_text) for image in images if image.status == ImageStatus.GENERATED]
        before = QualityReport.from_json(content.quality or {"findings": []}).findings
        found = (*(finding for finding in before if finding.check != "images"), check_images(there))
        content.quality = QualityReport(found).to_json()


def _as_item(ticket: RunTicket, image: Image) -> Item:
    site, settings = ticket.site, ticket.settings
    question = GenerateImagesInput(
        prompt=image.prompt,
        caption=image.caption,
        site_name=site.name,
        role=image.role,
        colours=(site.colour_background, site.colour_accent),
        size=settings.image_size,
        quality=settings.image_quality,
    )
    marked = image.role if image.attempt == 1 else f"{image.role}-{image.attempt}"
    name = image_name(site.slug, image.content.slug, marked, content_id=image.content_id)
    return Item(
        str(image.id),
        image.attempt,
        image_tenths(settings.provider, settings.image_size, settings.image_quality),
        PromptedImage(image.id, name, question),
        label=f"{image.role} of {image.content.title}",
    )
