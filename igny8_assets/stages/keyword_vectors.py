"""What compares a site's keywords: a service, or a model on this machine."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from igny8_assets.ai import vectors
from igny8_assets.clustering.embedding import Embed
from igny8_assets.clustering.granularity import CUTS, Cuts
from igny8_assets.clustering.models import chosen, comparing_by
from igny8_assets.errors import UserError
from igny8_assets.stages.stage import StageAborted
from igny8_assets.stages.tools import Tools
from igny8_assets.vocabulary import KeywordModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TEXTS_AT_ONCE = 2048
"""So many vectors are made between two stores, so that a stop loses little."""


async def comparing(tools: Tools, texts: Sequence[str]) -> tuple[Cuts, Embed]:
    """The cuts and the vectors for keywords of the site.

    Vectors that cost money or time are kept in the store; those of wordllama are made again in less time than they
    would be read.

    Args:
        texts: all texts that will be asked about, each once.

    Raises:
        StageAborted, BudgetReached: there are no vectors; says why.
    """
    # A service's vectors come from a model of MiniLM's kind.
    if tools.engine.provider.embedding_model is not None:
        return CUTS["minilm"], looked_up(texts, await tools.embed(texts))
    model = chosen(tools.settings.keyword_model, len(texts))
    if model is KeywordModel.WORDLLAMA:
        return comparing_by(model, texts)
    cuts, embed = comparing_by(model, texts)
    return cuts, looked_up(texts, await _kept(tools, model, embed, texts))


async def _kept(tools: Tools, model: KeywordModel, embed: Embed, texts: Sequence[str]) -> "NDArray[np.float32]":
    """Vectors of a model on this machine, made where the store has none yet."""
    store = tools.ticket.store

    def unknown() -> list[str]:
        with store.read() as session:
            return vectors.unknown_of(session, model.value, texts)

    def known() -> "NDArray[np.float32]":
        with store.read() as session:
            return vectors.vectors_of(session, model.value, texts)

    missing = await asyncio.to_thread(unknown)
    for start in range(0, len(missing), TEXTS_AT_ONCE):
        part = missing[start : start + TEXTS_AT_ONCE]
        try:
            rows = await asyncio.to_thread(embed, part)
        except UserError as error:
            raise StageAborted(str(error)) from error
        await tools.write(lambda session, part=part, rows=rows: vectors.keep(session, model.value, part, rows))  # type: ignore[misc]
    return await asyncio.to_thread(known)


def looked_up(texts: Sequence[str], rows: "NDArray[np.float32]") -> Embed:
    """Gives the rows of texts that were made before, all of which it knows."""
    places = {text: place for place, text in enumerate(texts)}

    def embed(wanted: Sequence[str]) -> "NDArray[np.float32]":
        found: NDArray[np.float32] = rows[[places[text] for text in wanted]]
        return found

    return embed
