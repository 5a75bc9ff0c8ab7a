"""Which model makes vectors of texts: by name, or by the length of the list."""

from igny8_assets.clustering import embedding, minilm
from igny8_assets.clustering.embedding import Embed
from igny8_assets.vocabulary import KeywordModel

MINILM_UP_TO = 5000
"""Keywords; MiniLM, the better and slower one, takes about twenty seconds for so many."""


def chosen(model: KeywordModel, keywords: int) -> KeywordModel:
    """The model itself; for `auto` MiniLM where it is installed and the list is short enough."""
    if model is not KeywordModel.AUTO:
        return model
    return KeywordModel.MINILM if keywords <= MINILM_UP_TO and minilm.is_installed() else KeywordModel.WORDLLAMA


def embed_of(model: KeywordModel) -> Embed:
    """What makes vectors, for a model other than `auto`."""
    return {KeywordModel.WORDLLAMA: embedding.embed, KeywordModel.MINILM: minilm.embed}[model]
