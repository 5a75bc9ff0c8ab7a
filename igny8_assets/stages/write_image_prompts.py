"""Stage 5: drafts get a prompt for every picture that they lack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from igny8_assets.ai.schemas import GenerateImagePromptsInput, GenerateImagePromptsOutput
from igny8_assets.stages.excerpts import section_excerpts
from igny8_assets.stages.stage import Counts, Item, ItemFailed, Kind
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import Content, ContentStatus, Illustration, Image, ImageStatus
from igny8_assets.store.prices import IMAGE_PROMPTS_TENTHS


@dataclass(frozen=True)
class ContentFacts:
    """A draft as it was when it was taken."""

    id: int
    question: GenerateImagePromptsInput


class WriteImagePrompts:
    """Stage 5."""

    number = 5
    name = "Content → Image prompts"
    kind: Kind = "AI"
    batched = False
    entity = "texts"
    processed = "content_processed"
    made: tuple[str, ...] = ("prompts_created",)

    async def prepare(self, tools: Tools) -> None:
        """Nothing to prepare."""

    def pending(self, counters: Mapping[tuple[str, str], int]) -> int:
        """Drafts that lack a prompt for a role they need."""
        return counters["content", Illustration.NEEDS_PROMPTS]

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        """The oldest drafts."""
        in_hand = [item.facts.id for item in taken.values()]
        texts = session.scalars(
            select(Content)
            .where(
                Content.site_id == ticket.site.id,
                Content.status == ContentStatus.DRAFT,
                Content.illustration == Illustration.NEEDS_PROMPTS,
                Content.failure_reason.is_(None),
                Content.id.not_in(in_hand),
            )
            .order_by(Content.id)
            .limit(limit)
            .options(selectinload(Content.images))
        )
        return [_as_item(ticket, content) for content in texts]

    async def process(self, item: Item, tools: Tools) -> GenerateImagePromptsOutput:
        """Ask for the prompts that are missing."""
        output: GenerateImagePromptsOutput = (
            await tools.ask(item, "generate_image_prompts", item.facts.question)
        ).value
        return output

    def save(self, session: Session, ticket: RunTicket, item: Item, result: GenerateImagePromptsOutput) -> Counts:
        """Store the prompts as pending images."""
        content = session.get_one(Content, item.facts.id)
        if content.status != ContentStatus.DRAFT or content.illustration != Illustration.NEEDS_PROMPTS:
            raise ItemFailed("the text was decided upon or changed while its prompts were written", permanent=False)
        for image in result.images:
            session.add(
                Image(
                    site_id=content.site_id,
                    content_id=content.id,
                    role=image.role,
                    prompt=image.prompt,
                    alt_text=image.alt_text,
                    caption=image.caption,
                    status=ImageStatus.PENDING,
                    run_id=ticket.run_id,
                )
            )
        content.illustration = Illustration.NEEDS_IMAGES
        return {"prompts_created": len(result.images)}

    def fail(self, session: Session, item: Item, reason: str) -> None:
        """Leave the draft without prompts, with the reason."""
        content = session.get_one(Content, item.facts.id)
        if content.illustration == Illustration.NEEDS_PROMPTS:
            content.failure_reason = reason


def roles_needed(in_article_images: int) -> list[str]:
    """The roles of a text's pictures: one featured, and as many in the article as the site wants."""
    return ["featured", *(f"in_article_{number}" for number in range(1, in_article_images + 1))]


def _as_item(ticket: RunTicket, content: Content) -> Item:
    there = {image.role for image in content.images}
    question = GenerateImagePromptsInput(
        language=ticket.site.language,
        site_name=ticket.site.name,
        title=content.title,
        image_style=ticket.site.image_style,
        sections=section_excerpts(content.html),
        roles=[role for role in roles_needed(ticket.site.in_article_images) if role not in there] or ["featured"],
    )
    return Item(
        str(content.id),
        content.attempt,
        IMAGE_PROMPTS_TENTHS,
        ContentFacts(content.id, question),
        label=content.title,
    )
