"""Keywords to clusters as a language model sorted them: held to the evidence, and made whole where it left gaps."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from igny8_assets.clustering.embedding import Embed, centrality
from igny8_assets.clustering.evidence import Tie
from igny8_assets.clustering.granularity import Cuts
from igny8_assets.clustering.grouping import (
    Grouping,
    KeywordToGroup,
    Rules,
    group_keywords,
    head_first,
    in_order_of_text,
    most_searched_first,
    ties_of,
)
from igny8_assets.clustering.reasons import WhyThere, reasons_by_ties
from igny8_assets.clustering.together import NO_CLUSTER, together
from igny8_assets.clustering.word_sets import word_set
from igny8_assets.vocabulary import Reason


@dataclass(frozen=True)
class Said:
    """Where a model put keywords, by their ids.

    It may be wrong: name what there is not, or a keyword twice, of which the first counts, or leave some out.

    Attributes:
        joins: clusters that exist, each with the keywords that it takes in.
        groups: new clusters.
        alone: keywords that belong to no other.
    """

    joins: Sequence[tuple[int, Sequence[int]]]
    groups: Sequence[Sequence[int]]
    alone: Sequence[int]


def group_as_said(
    keywords: Sequence[KeywordToGroup], said: Said, rules: Rules, *, cuts: Cuts, embed: Embed
) -> Grouping:
    """Sort keywords that have no cluster as a model said, into existing clusters, new groups and orphans.

    Keywords that are tied by evidence, or are the same words, stay together: they go where most of them were put.
    Existing clusters are never split and never merge. What the model left out goes where its vectors put it, beside
    what is placed by then. Whether keywords of other intents are kept apart is left to the model, which was told.

    Args:
        keywords: all keywords that may be together, with distinct ids, in any order.
        said: the model's answer.
        rules: what the site wants.
        cuts: where to cut, for the vectors of `embed`.
        embed: makes vectors of texts.
    """
    ordered = in_order_of_text(keywords)
    ties = [*ties_of(ordered, rules), *_same_words(ordered)]
    sorting = _Sorting(ordered, said)
    sorting.place([(tie.first, tie.second) for tie in ties])
    by_vectors = sorting.fill(rules, cuts, embed)
    return _told(ordered, sorting, ties, by_vectors, embed)


class _Sorting:
    """Places of keywords, and the numbers of what they are in: of a cluster that exists, or of a new group after it."""

    def __init__(self, keywords: Sequence[KeywordToGroup], said: Said) -> None:
        self.keywords = keywords
        self.homes = [NO_CLUSTER if keyword.cluster is None else keyword.cluster for keyword in keywords]
        self.existing = set(self.homes) - {NO_CLUSTER}
        self._place_of = {keyword.id: place for place, keyword in enumerate(keywords)}
        self._next = max(self.existing, default=0) + 1
        self.placed: dict[int, int] = {}
        self._alone: set[int] = set()
        self._wanted: dict[int, int | None] = {}
        for cluster, ids in said.joins:
            if cluster in self.existing:
                self._want(ids, cluster)
        for ids in said.groups:
            self._want(ids, self._new())
        self._want(said.alone, None)

    def place(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Place what the model named, and what is tied to it or to a cluster."""
        blocks: dict[int, list[int]] = defaultdict(list)
        for place, block in enumerate(together(pairs, self.homes).tolist()):
            blocks[block].append(place)
        for block in blocks.values():
            new = [place for place in block if self.homes[place] == NO_CLUSTER]
            home = max(self.homes[place] for place in block)
            votes = Counter(self._wanted[place] for place in new if place in self._wanted)
            if home != NO_CLUSTER:
                self.placed |= dict.fromkeys(new, home)
            elif named := [(-number, one) for one, number in votes.items() if one is not None]:
                self.placed |= dict.fromkeys(new, min(named)[1])
            elif votes and len(new) > 1:
                self.placed |= dict.fromkeys(new, self._new())
            elif votes:
                self._alone.update(new)

    def fill(self, rules: Rules, cuts: Cuts, embed: Embed) -> Mapping[int, WhyThere]:
        """Place the others by their vectors; gives their reasons."""
        settled = [
            replace(keyword, cluster=self.placed[place], was_alone=False) if place in self.placed else keyword
            for place, keyword in enumerate(self.keywords)
            if place not in self._alone
        ]
        grouping = group_keywords(settled, rules, cuts=cuts, embed=embed)
        self.placed |= {self._place_of[one]: home for one, home in grouping.joins.items()}
        for group in grouping.groups:
            self.placed |= dict.fromkeys([self._place_of[one] for one in group], self._new())
        return grouping.reasons

    def _want(self, ids: Sequence[int], home: int | None) -> None:
        for one in ids:
            place = self._place_of.get(one)
            if place is not None and self.homes[place] == NO_CLUSTER:
                self._wanted.setdefault(place, home)

    def _new(self) -> int:
        self._next += 1
        return self._next - 1


def _told(
    keywords: Sequence[KeywordToGroup],
    sorting: _Sorting,
    ties: Sequence[Tie],
    by_vectors: Mapping[int, WhyThere],
    embed: Embed,
) -> Grouping:
    members: dict[int, list[int]] = defaultdict(list)
    for place, home in sorting.placed.items():
        members[home].append(place)
    joins: dict[int, int] = {}
    groups: list[list[KeywordToGroup]] = []
    clusters: list[list[int]] = []
    by_model: dict[int, WhyThere] = {}
    settled = _most_searched(keywords, sorting.homes, members)
    for home, places in sorted(members.items()):
        new = [keywords[place] for place in sorted(places)]
        if home in sorting.existing:
            joins |= {keyword.id: home for keyword in new}
            clusters.append([*settled[home], *places])
            order = [keywords[settled[home][0]], *new]
        elif len(new) > 1:
            order = head_first(list(new), centrality(embed([keyword.text for keyword in new])))
            groups.append(order)
            clusters.append(places)
        else:
            continue
        by_model |= {keyword.id: WhyThere(Reason.MODEL, order[keyword is order[0]].id) for keyword in new}
    grouped = most_searched_first(groups)
    placed = {*joins, *(one for group in grouped for one in group)}
    reasons = {**by_model, **{one: why for one, why in by_vectors.items() if one in placed}}
    return Grouping(
        joins,
        grouped,
        tuple(keyword.id for keyword in keywords if keyword.cluster is None and keyword.id not in placed),
        {**reasons, **reasons_by_ties(keywords, clusters, ties)},
    )


def _most_searched(
    keywords: Sequence[KeywordToGroup], homes: Sequence[int], wanted: Mapping[int, object]
) -> dict[int, list[int]]:
    """The places of the keywords of some clusters that exist, the most searched first."""
    settled: dict[int, list[int]] = defaultdict(list)
    for place, home in enumerate(homes):
        if home in wanted:
            settled[home].append(place)
    for places in settled.values():
        places.sort(key=lambda place: (-keywords[place].volume, place))
    return settled


def _same_words(keywords: Sequence[KeywordToGroup]) -> Iterator[Tie]:
    """New keywords with the words of another, be it new or in a cluster; the cluster that has most of them counts."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, keyword in enumerate(keywords):
        places[word_set(keyword.text)].append(place)
    for alike in places.values():
        new = [place for place in alike if keywords[place].cluster is None]
        if not new or len(alike) == 1:
            continue
        settled = Counter(keywords[place].cluster for place in alike if keywords[place].cluster is not None)
        if settled:
            home = min(settled, key=lambda one: (-settled[one], one or 0))
            yield Tie(next(place for place in alike if keywords[place].cluster == home), new[0], Reason.WORDS)
        for place in new[1:]:
            yield Tie(new[0], place, Reason.WORDS)
