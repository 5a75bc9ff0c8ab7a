"""What a stage's `process` may use: the engine, the image library, and the site's texts to compare with."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from igny8_assets.ai.calls import CallContext
from igny8_assets.ai.engine import Answer, Engine
from igny8_assets.ai.provider import BadAnswer, Misconfigured, Provider, ProviderError, Rejected, UnreadableAnswer
from igny8_assets.ai.schemas import GenerateImagesInput
from igny8_assets.errors import UserError
from igny8_assets.media.library import ImageLibrary
from igny8_assets.settings import Settings
from igny8_assets.stages.stage import Item, ItemFailed, StageAborted
from igny8_assets.stages.ticket import RunTicket

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from igny8_assets.media.encoding import EncodingPool
    from igny8_assets.media.webp import EncodedImage
    from igny8_assets.quality.similarity import SiteTexts


VECTORS, WHOLE = "vectors", "whole"
"""The pieces of work that stand for all texts of a stage, and for all its items."""


def make_provider(settings: Settings) -> Provider:
    """The provider that the settings name."""
    if settings.provider == "openai":
        from igny8_assets.ai.openai_provider import OpenAIProvider

        return OpenAIProvider(settings)
    from igny8_assets.ai.offline.provider import OfflineProvider

    return OfflineProvider()


@dataclass
class Tools:
    """The tools of one stage in one run."""

    ticket: RunTicket
    stage: int
    engine: Engine
    library: ImageLibrary
    encoding: "EncodingPool | None" = None
    texts: "SiteTexts | None" = None
    texts_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        return self.ticket.settings

    async def ask(self, item: Item, function: str, question: BaseModel) -> Answer:
        """Ask for text on behalf of an item.

        Raises:
            ItemFailed, StageAborted: no usable answer; says why.
            BudgetReached: a cap of the day leaves no room for it.
        """
        return await self._ask(self._context(item.key, item.attempt), function, question)

    async def ask_for_all(self, function: str, question: BaseModel) -> Answer:
        """Ask for text on behalf of the stage as a whole; as long as it is not done, no answer is paid for twice.

        Raises:
            ItemFailed, StageAborted, BudgetReached: as `ask`.
        """
        return await self._ask(self._context(WHOLE, 1), function, question)

    async def draw(
        self, item: Item, question: GenerateImagesInput, keep: "Callable[[bytes], Awaitable[dict[str, Any]]]"
    ) -> Answer:
        """Ask for a picture on behalf of an item.

        Raises:
            ItemFailed, StageAborted: no usable picture; says why.
            BudgetReached: a cap of the day leaves no room for it.
        """
        try:
            return await self.engine.draw(self._context(item.key, item.attempt), question, keep)
        except ProviderError as error:
            raise _as_stage_error(error) from error

    async def embed(self, texts: "Sequence[str]") -> "NDArray[np.float32]":
        """Have texts turned into vectors for the stage as a whole, a row of length 1 each.

        Raises:
            StageAborted: there are none; says why.
            BudgetReached: a cap of the day leaves no room for it.
        """
        try:
            return await self.engine.embed(self._context(VECTORS, 1), texts)
        except ProviderError as error:
            raise StageAborted(str(error)) from error

    async def write(self, work: "Callable[[Session], None]") -> None:
        """Keep something of an item before it is saved, in a transaction of the run's lease.

        Raises:
            LeaseLost: another run has the site.
        """

        def fenced(session: "Session") -> None:
            self.ticket.hold_lease(session)
            work(session)

        await self.ticket.store.write_soon(fenced)

    async def to_webp(self, data: bytes, *, ratio: tuple[int, int], min_width: int) -> "EncodedImage":
        """Make a picture the webp that is kept: in a process of its own, unless it was drawn in this one anyway.

        Raises:
            MediaError: it can't be used.
        """
        if self.engine.provider.host is None:
            from igny8_assets.media.webp import to_webp

            return await asyncio.to_thread(to_webp, data, ratio=ratio, min_width=min_width)
        return await self._encoding().to_webp(data, ratio=ratio, min_width=min_width)

    def expect_pictures(self) -> None:
        """Get ready to encode, while the first pictures are made elsewhere."""
        if self.engine.provider.host is not None:
            self._encoding().start()

    def _encoding(self) -> "EncodingPool":
        if self.encoding is None:
            from igny8_assets.media.encoding import EncodingPool

            self.encoding = EncodingPool()
        return self.encoding

    def close(self) -> None:
        """Give back processes."""
        if self.encoding is not None:
            self.encoding.close()

    async def _ask(self, context: CallContext, function: str, question: BaseModel) -> Answer:
        try:
            return await self.engine.ask(context, function, question)
        except (ProviderError, UserError) as error:
            raise _as_stage_error(error) from error

    def _context(self, key: str, attempt: int) -> CallContext:
        """For whom a call is made: the item with this key, or the stage as a whole."""
        ticket = self.ticket
        work_key = f"{ticket.site.slug}:{self.stage}:{key}:{attempt}"
        return CallContext(ticket.site.id, ticket.run_id, ticket.launch, self.stage, work_key)


def _as_stage_error(error: ProviderError | UserError) -> Exception:
    if isinstance(error, Misconfigured | UserError):
        return StageAborted(str(error))
    # What was paid for and came to nothing is paid for again only when a person asks for it.
    paid = isinstance(error, BadAnswer) and not isinstance(error, UnreadableAnswer)
    return ItemFailed(str(error), permanent=paid or isinstance(error, Rejected))
