"""The provider that needs no key, no network and no model."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from igny8_assets.ai.offline.ideas import plan_ideas
from igny8_assets.ai.offline.image_prompts import describe_images
from igny8_assets.ai.offline.naming import name_clusters
from igny8_assets.ai.offline.writing.parts import join_sections, mend_draft, plan_brief, write_section
from igny8_assets.ai.prices import Usage
from igny8_assets.ai.provider import EmbeddingAnswer, ImageAnswer, Rejected, TextAnswer, TextRequest
from igny8_assets.ai.schemas import (
    AutoClusterInput,
    ContentBriefInput,
    ContentJoinInput,
    ContentMendInput,
    ContentSectionInput,
    GenerateIdeasInput,
    GenerateImagePromptsInput,
    GenerateImagesInput,
)

_FUNCTIONS: dict[str, tuple[type[BaseModel], Callable[[Any], BaseModel]]] = {
    "auto_cluster": (AutoClusterInput, name_clusters),
    "generate_ideas": (GenerateIdeasInput, plan_ideas),
    "generate_content_brief": (ContentBriefInput, plan_brief),
    "generate_content_section": (ContentSectionInput, write_section),
    "generate_content_join": (ContentJoinInput, join_sections),
    "generate_content_mend": (ContentMendInput, mend_draft),
    "generate_image_prompts": (GenerateImagePromptsInput, describe_images),
}

NOTHING = Usage()


class OfflineProvider:
    """Answers every function on this machine, from the request's own data; the same request, the same answer."""

    name = "offline"
    host: str | None = None
    image_model = "offline-card-1"
    embedding_model: str | None = None
    note = "This text is an outline draft in English, made offline without a language model."

    def text_model(self, function: str) -> str:
        """The one way in which it writes."""
        return "offline-outline-1"

    def check(self) -> None:
        """There is nothing to set."""

    async def text(self, request: TextRequest) -> TextAnswer:
        """Answer one request for text; no tokens are used.

        Raises:
            Rejected: the function is unknown, or `user` is not a valid input of it.
        """
        if request.function not in _FUNCTIONS:
            raise Rejected(f"the offline provider has no function {request.function!r}")
        model, answer = _FUNCTIONS[request.function]
        try:
            asked = model.model_validate_json(request.user)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "the request"
            raise Rejected(f"{request.function}: {place}: {first['msg']}") from None
        return TextAnswer(text=answer(asked).model_dump_json(), finish_reason="stop", usage=NOTHING)

    def text_size(self, request: TextRequest) -> int:
        """How many bytes there are to read."""
        return len(request.user.encode())

    async def image(self, model: str, request: GenerateImagesInput) -> ImageAnswer:
        """Draw a title card with the caption, in the site's colours; `model` has only one possible value."""
        from igny8_assets.media.cards import draw_card

        return ImageAnswer(await asyncio.to_thread(draw_card, request), NOTHING)

    async def embed(self, model: str, texts: Sequence[str]) -> EmbeddingAnswer:
        """Nobody asks: without an `embedding_model` texts are compared where they are grouped.

        Raises:
            Rejected: always.
        """
        raise Rejected("the offline provider has no embedding model")

    async def close(self) -> None:
        """Nothing to give back."""
