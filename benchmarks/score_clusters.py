"""How near clusters come to known groups; read AMI first, since it is 0 for chance and for leaving all alone."""

import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Score:
    """What is said of one list, each from 0 to 1.

    Attributes:
        ami: information shared with the groups, adjusted for chance (Vinh, Epps and Bailey 2010, arithmetic mean); may
            be a little below 0.
        f1: B-cubed F1 (Bagga and Baldwin 1998).
        alone: share of keywords whose cluster holds no other keyword with a known group.
    """

    ami: float
    f1: float
    alone: float


def key(keyword: str) -> str:
    """What tells that two spellings are one keyword: case, spaces and composed characters don't count."""
    return " ".join(unicodedata.normalize("NFKC", keyword).casefold().split())


def score(groups: Mapping[str, str], clusters: Mapping[str, Hashable]) -> Score:
    """Compare clusters with groups.

    Args:
        groups: each keyword's known group; a keyword whose group is empty is not scored.
        clusters: each keyword's cluster. One that is missing or has none is scored as alone, so that leaving keywords
            out is never free.

    Raises:
        ValueError: no keyword has a group.
    """
    import numpy as np

    known: dict[str, str] = {}
    for keyword, group in groups.items():
        if group.strip():
            known.setdefault(key(keyword), group)
    if not known:
        raise ValueError("no keyword has a group")
    found = {key(keyword): cluster for keyword, cluster in clusters.items() if cluster is not None}
    wanted = _codes(list(known.values()))
    made = _codes([("cluster", found[keyword]) if keyword in found else ("alone", keyword) for keyword in known])
    f1 = _b_cubed_f1(wanted, made)
    return Score(adjusted_mutual_information(wanted, made), f1, float((np.bincount(made)[made] == 1).mean()))


def adjusted_mutual_information(first: "NDArray[np.int64]", second: "NDArray[np.int64]") -> float:
    """The information that two partitions share, less what chance would give, over the most it could be.

    Args:
        first, second: n labels each, numbered from 0 without gaps.

    Returns:
        1 for the same partition, about 0 for unrelated ones.
    """
    import numpy as np

    cells, rows, columns = _cells(first, second)
    first_sizes, second_sizes = np.bincount(first), np.bincount(second)
    if len(cells) == len(first_sizes) == len(second_sizes):
        return 1.0
    count = len(first)
    shares = cells / count
    mutual = (shares * np.log(count * cells / (first_sizes[rows] * second_sizes[columns]))).sum()
    expected = _expected_mutual_information(first_sizes, second_sizes)
    most = (_entropy(first_sizes) + _entropy(second_sizes)) / 2
    return float((mutual - expected) / (most - expected))


def _expected_mutual_information(first_sizes: "NDArray[np.int64]", second_sizes: "NDArray[np.int64]") -> float:
    """The mean over all pairs of partitions with these sizes, equation 24a; equal sizes are counted together."""
    import numpy as np

    count = int(first_sizes.sum())
    # Logarithms of factorials: a factorial itself is too large to hold.
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])
    expected = 0.0
    for a, times_a in zip(*np.unique(first_sizes, return_counts=True), strict=True):
        for b, times_b in zip(*np.unique(second_sizes, return_counts=True), strict=True):
            shared = np.arange(max(1, a + b - count), min(a, b) + 1)
            chance = np.exp(
                logs[a] + logs[b] + logs[count - a] + logs[count - b]
                - logs[count] - logs[shared] - logs[a - shared] - logs[b - shared] - logs[count - a - b + shared]
            )  # fmt: skip
            information = shared / count * np.log(count * shared / (a * b))
            expected += float(times_a * times_b * (information * chance).sum())
    return expected


def _b_cubed_f1(groups: "NDArray[np.int64]", clusters: "NDArray[np.int64]") -> float:
    import numpy as np

    cells, rows, columns = _cells(groups, clusters)
    precision = float((cells * cells / np.bincount(clusters)[columns]).sum()) / len(groups)
    recall = float((cells * cells / np.bincount(groups)[rows]).sum()) / len(groups)
    return 2 * precision * recall / (precision + recall)


def _cells(
    first: "NDArray[np.int64]", second: "NDArray[np.int64]"
) -> "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]":
    """How many keywords each pair of a row's and a column's label has, where any."""
    import numpy as np

    width = int(second.max()) + 1
    pairs, cells = np.unique(first * width + second, return_counts=True)
    return cells.astype(np.int64), pairs // width, pairs % width


def _entropy(sizes: "NDArray[np.int64]") -> float:
    import numpy as np

    shares = sizes / sizes.sum()
    return -float((shares * np.log(shares)).sum())


def _codes(labels: Sequence[Hashable]) -> "NDArray[np.int64]":
    import numpy as np

    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(label, len(numbers)) for label in labels], dtype=np.int64)
