"""What grouping costs in time and memory, the process's start included, beside others in the same run."""

import sys
import tempfile
from pathlib import Path

from benchmarks.clustering_peers import PEERS, Peer
from benchmarks.grouping_command import run_group
from benchmarks.keyword_lists import make_keywords
from benchmarks.measuring import run_python, table
from igny8_assets.vocabulary import Granularity, KeywordModel

_PROGRAM = "import sys; from benchmarks.clustering_peers import cluster_file; cluster_file(*sys.argv[1:])"
_COUNTS = {KeywordModel.WORDLLAMA: (1_000, 10_000, 100_000), KeywordModel.MINILM: (1_000, 10_000)}
_LARGE = 1_000_000
_PEER_COUNTS = (1_000, 10_000)
_PEERS_LARGE = 100_000


def speed_table(*, large: bool, peers_large: bool) -> str:
    """Time and memory for lists of growing length, made by `make_keywords`.

    Args:
        large: igny8 with a million keywords too.
        peers_large: the peers with a hundred thousand too.
    """
    lengths = [*_COUNTS[KeywordModel.WORDLLAMA], *([_LARGE] if large else [])]
    rows = []
    for model, counts in _COUNTS.items():
        wanted = [*counts, *([_LARGE] if large and model is KeywordModel.WORDLLAMA else [])]
        rows.append([f"igny8, {model}", *(_ours(model, count) if count in wanted else "–" for count in lengths)])
    peer_counts = [*_PEER_COUNTS, *([_PEERS_LARGE] if peers_large else [])]
    for peer in PEERS:
        # What a peer compiles once and keeps is not counted.
        _theirs(peer, 200)
        rows.append([peer.name, *(_theirs(peer, count) if count in peer_counts else "–" for count in lengths)])
    return table(["method", *(f"{count:,} keywords" for count in lengths)], rows)


def _ours(model: KeywordModel, count: int) -> str:
    _tell(f"igny8, {model}", count)
    done = run_group(make_keywords(count), Granularity.TOPIC, model)
    return _shown(done.seconds, done.memory)


def _theirs(peer: Peer, count: int) -> str:
    if peer.most is not None and count > peer.most:
        return f"not run: {8 * count**2 / 2**30:.0f} GiB of distances"
    _tell(peer.name, count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keywords.txt"
        path.write_text("\n".join(make_keywords(count)), encoding="utf-8")
        return _shown(*run_python(_PROGRAM, str(path), peer.name, environment={}))


def _shown(seconds: float, memory: int) -> str:
    return f"{seconds:.1f} s, {memory / 2**20:,.0f} MB"


def _tell(*what: object) -> None:
    sys.stderr.write(", ".join(map(str, what)) + "\n")
