"""Which model makes vectors of texts: by name, or by the length of the list."""

from enum import StrEnum

from igny8_assets.clustering import embedding, minilm
from igny8_assets.clustering.embedding import Embed

MINILM_UP_TO = 5000
"""Keywords; MiniLM, the better and slower one, takes about twenty seconds for so many."""


class Model(StrEnum):
    """A model that ships with a package."""

    WORDLLAMA = "wordllama"
    MINILM = "minilm"
    AUTO = "auto"


def chosen(model: Model, keywords: int) -> Model:
    """The model itself; for `auto` MiniLM where it is installed and the list is short enough."""
    if model is not Model.AUTO:
        return model
    return Model.MINILM if keywords <= MINILM_UP_TO and minilm.is_installed() else Model.WORDLLAMA


def embed_of(model: Model) -> Embed:
    """What makes vectors, for a model other than `auto`."""
    return {Model.WORDLLAMA: embedding.embed, Model.MINILM: minilm.embed}[model]
