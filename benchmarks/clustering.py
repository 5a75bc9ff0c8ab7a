"""How well keywords are grouped on lists with known groups, beside others in the same run; then how fast."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from statistics import mean

from benchmarks.clustering_in_parts import parts_table
from benchmarks.clustering_peers import PEERS, Peer, require_peers
from benchmarks.clustering_speed import speed_table
from benchmarks.gold_sets import GoldSet, read_sets
from benchmarks.grouping_command import run_group
from benchmarks.measuring import measured_by, table
from benchmarks.score_clusters import Score, adjusted_mutual_information, score
from igny8_assets.errors import UserError
from igny8_assets.vocabulary import Granularity, KeywordModel

OURS = (KeywordModel.WORDLLAMA, KeywordModel.MINILM)
COMMAND = "make bench-clustering"
SEED = 1
NOTE = (
    "AMI / B-cubed F1 / share of keywords left alone. Every method has one setting for all lists of a table. igny8's "
    "is its own, which nothing here tunes (its cuts were chosen while looking at these lists among others); each "
    f"peer's is the one of {len(PEERS[0].grid)} with the best mean AMI on these very lists, which favours the peers."
)


def report_clustering(arguments: Sequence[str]) -> int:
    """Print the tables; the exit code is 2, with a line that says why, where a list or a package is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks clustering", description=__doc__)
    parser.add_argument("folder", metavar="FOLDER", help="where the CSVs with keyword and group are")
    parser.add_argument(
        "--set",
        dest="sets",
        action="append",
        default=[],
        metavar="NAME=GRANULARITY",
        help="score NAME.csv of the folder too",
    )
    parser.add_argument("--large", action="store_true", help="time igny8 with 1,000,000 keywords too")
    parser.add_argument("--peers-large", action="store_true", help="time the peers with 100,000 keywords too")
    chosen = parser.parse_args(arguments)
    try:
        sets = read_sets(chosen.folder, chosen.sets)
        require_peers()
    except UserError as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    _check_scorer()
    _say(f"{measured_by(COMMAND)}\n\n{NOTE}")
    for granularity in Granularity:
        alike = [gold for gold in sets if gold.granularity is granularity]
        if alike:
            _say("\n" + scores_table(alike, granularity))
    _say("\n" + parts_table(sets, SEED))
    _say("\n" + speed_table(large=chosen.large, peers_large=chosen.peers_large))
    return 0


def scores_table(sets: Sequence[GoldSet], granularity: Granularity) -> str:
    """Every method on the lists of one width."""
    head = ["method", f"setting for {granularity}s", *(f"{gold.name} ({len(gold.groups):,})" for gold in sets)]
    rows: list[list[str]] = []
    for model in OURS:
        scores = [score(gold.groups, run_group(gold.keywords, granularity, model).clusters) for gold in sets]
        rows.append([f"igny8, {model}", "the product's own", *_cells(scores)])
    for peer in PEERS:
        rows += ([peer.name, setting, *_cells(scores)] for setting, scores in _shown(peer, sets))
    return table([*head, "mean AMI / F1"], rows)


def _shown(peer: Peer, sets: Sequence[GoldSet]) -> Iterator[tuple[str, list[Score]]]:
    """The settings that are always shown, and the best."""
    vectors = [peer.vectors_of(gold.keywords) for gold in sets]
    tried: dict[float, list[Score]] = {}
    for setting in peer.grid:
        sys.stderr.write(f"{peer.name}, {peer.knob} {setting:g}\n")
        tried[setting] = [
            score(gold.groups, dict(zip(gold.keywords, peer.method(gold.keywords, rows, setting, SEED), strict=True)))
            for gold, rows in zip(sets, vectors, strict=True)
        ]
    best = max(peer.grid, key=lambda setting: mean(each.ami for each in tried[setting]))
    for setting in dict.fromkeys((*peer.shown, best)):
        mark = ", chosen on these sets" if setting == best else ""
        default = " (its default)" if setting in peer.shown and setting == peer.usual else ""
        yield f"{peer.knob} {setting:g}{default}{mark}", tried[setting]


def _cells(scores: Sequence[Score]) -> list[str]:
    each = [f"{one.ami:.2f} / {one.f1:.2f} / {one.alone:.1%}".replace("%", " %") for one in scores]
    return [*each, f"{mean(one.ami for one in scores):.3f} / {mean(one.f1 for one in scores):.3f}"]


def _check_scorer() -> None:
    """Hold our AMI against scikit-learn's, on partitions of many sizes."""
    import numpy as np
    from sklearn.metrics import adjusted_mutual_info_score

    numbers = np.random.default_rng(SEED)
    groups, others = (np.unique(numbers.geometric(0.01, 2000), return_inverse=True)[1] for _ in range(2))
    clusters = np.unique(np.where(numbers.random(2000) < 0.5, groups, others), return_inverse=True)[1]
    theirs = float(adjusted_mutual_info_score(groups, clusters))
    if abs(adjusted_mutual_information(groups, clusters) - theirs) > 1e-9:
        raise RuntimeError(f"our AMI is not scikit-learn's, which is {theirs}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
