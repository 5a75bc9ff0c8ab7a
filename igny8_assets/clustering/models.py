"""Which model makes vectors of texts: by name, or by the length and the language of the list."""

from collections.abc import Sequence

from igny8_assets.clustering import embedding, english, minilm
from igny8_assets.clustering.embedding import Embed
from igny8_assets.clustering.granularity import CUTS, Cuts
from igny8_assets.vocabulary import KeywordModel

MINILM_UP_TO = 5000
"""Keywords; MiniLM, the better and slower one, takes about twenty seconds for so many."""


def chosen(model: KeywordModel, keywords: int) -> KeywordModel:
    """The model itself; for `auto` MiniLM where it is installed and the list is short enough."""
    if model is not KeywordModel.AUTO:
        return model
    return KeywordModel.MINILM if keywords <= MINILM_UP_TO and minilm.is_installed() else KeywordModel.WORDLLAMA


def comparing_by(model: KeywordModel, texts: Sequence[str]) -> tuple[Cuts, Embed]:
    """The cuts and the vectors for a list, by a model other than `auto`.

    Of wordllama English lists have vectors of their own, which tell words beside its tokens.
    """
    if model is KeywordModel.MINILM:
        return CUTS["minilm"], minilm.embed
    return (CUTS["english"], english.embed) if english.is_english(texts) else (CUTS["wordllama"], embedding.embed)
