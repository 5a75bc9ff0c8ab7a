"""How near a list that comes in parts, each grouped before the next comes, ends to the same list at once."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from benchmarks.gold_sets import GoldSet
from benchmarks.measuring import table
from benchmarks.score_clusters import score
from igny8_assets.clustering.grouping import Grouping, KeywordToGroup, Rules, group_keywords
from igny8_assets.clustering.models import comparing_by
from igny8_assets.keywords.normalising import normalise
from igny8_assets.vocabulary import KeywordModel

PARTS = (20, 200, 1000)
MOST_PARTS = 30


def parts_table(sets: Sequence[GoldSet], seed: int) -> str:
    """For each list and size of a part the AMI of the two groupings, and the AMI of each with the known groups."""
    rows: list[list[str]] = []
    for gold in sets:
        keywords = [KeywordToGroup(at, normalise(text)) for at, text in enumerate(gold.keywords)]
        random.Random(seed).shuffle(keywords)
        rules = Rules(gold.granularity)
        whole = clusters_of(grouped(keywords, rules))
        sizes = [size for size in PARTS if size < len(keywords) <= size * MOST_PARTS]
        rows += (_row(gold, size, whole, grouped_in_parts(keywords, rules, size)) for size in sizes)
    head = ["list", "keywords", "in parts of", "AMI with the list at once", "AMI with the groups, at once / in parts"]
    return table([*head, "alone, at once / in parts"], rows)


def _row(gold: GoldSet, size: int, whole: Mapping[int, str], parts: Mapping[int, str]) -> list[str]:
    texts = dict(enumerate(gold.keywords))
    alike = score({texts[one]: cluster for one, cluster in whole.items()}, {texts[one]: parts[one] for one in parts})
    ami = [score(gold.groups, {texts[one]: each[one] for one in each}).ami for each in (whole, parts)]
    alone = [sum(cluster.startswith("alone") for cluster in each.values()) for each in (whole, parts)]
    name = f"{gold.name}, {gold.granularity}s"
    shown = [f"{alike.ami:.2f}", f"{ami[0]:.2f} / {ami[1]:.2f}", f"{alone[0]} / {alone[1]}"]
    return [name, f"{len(texts):,}", str(size), *shown]


def grouped_in_parts(keywords: Sequence[KeywordToGroup], rules: Rules, size: int) -> dict[int, str]:
    """By id the cluster of each keyword when parts of `size` are grouped one after the other."""
    home: dict[int, int] = {}
    number = 0
    for start in range(0, len(keywords), size):
        before = [
            replace(one, cluster=home[one.id]) if one.id in home else replace(one, was_alone=True)
            for one in keywords[:start]
        ]
        grouping = grouped([*before, *keywords[start : start + size]], rules)
        home |= grouping.joins
        for group in grouping.groups:
            home |= dict.fromkeys(group, number)
            number += 1
    return {one.id: str(home.get(one.id, f"alone {one.id}")) for one in keywords}


def grouped(keywords: Sequence[KeywordToGroup], rules: Rules) -> Grouping:
    """The grouping by the default model."""
    cuts, embed = comparing_by(KeywordModel.WORDLLAMA, [keyword.text for keyword in keywords])
    return group_keywords(keywords, rules, cuts=cuts, embed=embed)


def clusters_of(grouping: Grouping) -> dict[int, str]:
    """By id the cluster of each keyword; what is alone has one of its own."""
    found = {one: f"alone {one}" for one in grouping.orphans}
    return found | {one: str(number) for number, group in enumerate(grouping.groups) for one in group}
