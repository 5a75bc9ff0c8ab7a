"""`igny8 clusters group` as a user runs it: a process of its own, a file with nothing but keywords in, a file out."""

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import run_python
from igny8_assets.vocabulary import Granularity, KeywordModel

_PROGRAM = "import sys; sys.argv[0] = 'igny8'; from igny8_assets.cli.main import main; main()"


@dataclass(frozen=True)
class Grouping:
    """What came of a run: each keyword's cluster, wall time with the process's start, and its peak of memory."""

    clusters: dict[str, str]
    seconds: float
    memory: int


def run_group(keywords: Sequence[str], granularity: Granularity, model: KeywordModel) -> Grouping:
    """Group keywords by the product's own cuts."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "keywords.csv", Path(name) / "clusters.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["keyword"], *([keyword] for keyword in keywords)])
        seconds, memory = run_python(
            _PROGRAM,
            *("clusters", "group", str(source), "--granularity", granularity.value),
            *("--model", model.value, "--out", str(target)),
            environment={},
        )
        with target.open(encoding="utf-8", newline="") as file:
            clusters = {row["keyword"]: row["cluster"] for row in csv.DictReader(file)}
    return Grouping(clusters, seconds, memory)
