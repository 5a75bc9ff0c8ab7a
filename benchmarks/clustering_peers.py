"""What others group keywords with, each with one knob; vectors come from the models that igny8 brings."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from igny8_assets.clustering.models import comparing_by
from igny8_assets.errors import UserError
from igny8_assets.vocabulary import KeywordModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Clusters: TypeAlias = Sequence[Hashable]
"""The cluster of each text; None for a text that was left out."""
Method: TypeAlias = "Callable[[Sequence[str], NDArray[np.float32], float, int | None], Clusters]"
"""Texts, their vectors, the knob's setting and a seed (None: as the method comes) to clusters."""

NEIGHBOURS = 20
PACKAGES = ("bertopic", "hdbscan", "igraph", "leidenalg", "sklearn", "umap")


@dataclass(frozen=True)
class Peer:
    """A method and the settings that are tried.

    Attributes:
        knob: what the setting is called.
        usual: the setting of someone who tunes nothing.
        shown: settings whose scores are shown whether or not they are the best.
        vectors: whose vectors it compares; None for a method that makes its own.
        most: keywords; more would need memory for the distance of every pair.
    """

    name: str
    method: Method
    knob: str
    usual: float
    grid: tuple[float, ...]
    shown: tuple[float, ...] = ()
    vectors: KeywordModel | None = None
    most: int | None = None

    def cluster(self, texts: Sequence[str], setting: float, seed: int | None = None) -> Clusters:
        """Group texts from nothing but themselves."""
        return self.method(texts, self.vectors_of(texts), setting, seed)

    def vectors_of(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """The vectors that the method asks for, a row each; without a model, rows of nothing."""
        import numpy as np

        if self.vectors is None:
            return np.zeros((len(texts), 0), np.float32)
        _, embed = comparing_by(self.vectors, texts)
        return embed(texts)


def require_peers() -> None:
    """Refuse to begin what can't end.

    Raises:
        UserError: packages are missing.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise UserError(f"{', '.join(missing)} not installed; `make .venv/peers-ready` installs the peers")


def cluster_file(file: str, name: str) -> None:
    """Group the lines of a file with a peer's usual setting; what a process of its own is timed with."""
    peer = next(peer for peer in PEERS if peer.name == name)
    peer.cluster(Path(file).read_text(encoding="utf-8").splitlines(), peer.usual)


def _bertopic(texts: Sequence[str], vectors: "NDArray[np.float32]", size: float, seed: int | None) -> Clusters:
    from bertopic import BERTopic
    from umap import UMAP

    # BERTopic's own UMAP but for the seed, without which every run gives other topics.
    seeded = UMAP(
        n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed, n_jobs=1
    )
    model = BERTopic(min_topic_size=int(size), umap_model=None if seed is None else seeded)
    topics, _ = model.fit_transform(list(texts), vectors)
    return [None if topic == -1 else int(topic) for topic in topics]


def _leiden(texts: Sequence[str], vectors: "NDArray[np.float32]", resolution: float, seed: int | None) -> Clusters:
    import igraph
    import leidenalg
    import numpy as np
    from sklearn.neighbors import NearestNeighbors

    near = NearestNeighbors(n_neighbors=min(NEIGHBOURS, len(texts) - 1), metric="cosine").fit(vectors)
    distances, places = near.kneighbors()
    pairs = np.stack([np.repeat(np.arange(len(texts)), places.shape[1]), places.ravel()], axis=1)
    pairs, first = np.unique(np.sort(pairs, axis=1), axis=0, return_index=True)
    graph = igraph.Graph(n=len(texts), edges=pairs)
    # The constant Potts model: with modularity, one resolution does not suit lists of several lengths.
    found = leidenalg.find_partition(
        graph,
        leidenalg.CPMVertexPartition,
        weights=np.maximum(1 - distances.ravel()[first], 0).tolist(),
        resolution_parameter=resolution,
        seed=seed,
    )
    return list(found.membership)


def _tf_idf(texts: Sequence[str], _: "NDArray[np.float32]", threshold: float, __: int | None) -> Clusters:
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer().fit_transform(texts)
    # A text without any word that counts is far from every other, which the metric "cosine" does not accept.
    distances = 1 - (rows @ rows.T).toarray()
    linkage = AgglomerativeClustering(
        n_clusters=None, distance_threshold=threshold, metric="precomputed", linkage="average"
    )
    return [int(label) for label in linkage.fit_predict(distances)]


_SIZES = (2, 3, 5, 10, 15, 20)
_RESOLUTIONS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
_THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
PEERS = (
    Peer("BERTopic", _bertopic, "min_topic_size", 10, _SIZES, shown=(10, 5), vectors=KeywordModel.MINILM),
    Peer("Leiden, MiniLM", _leiden, "resolution", 0.2, _RESOLUTIONS, vectors=KeywordModel.MINILM),
    Peer("Leiden, wordllama", _leiden, "resolution", 0.2, _RESOLUTIONS, vectors=KeywordModel.WORDLLAMA),
    Peer("TF-IDF, average linkage", _tf_idf, "distance_threshold", 0.7, _THRESHOLDS, most=20_000),
)
