"""Keywords to clusters: new ones join those that exist or form new ones, each for a reason.

The result is the same for the same keywords in any order.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from igny8_assets.clustering.bounds import ANY_INTENT
from igny8_assets.clustering.embedding import Embed, embed
from igny8_assets.clustering.evidence import Tie, find_ties
from igny8_assets.clustering.granularity import CUTS, Cuts
from igny8_assets.clustering.levels import Known, Levels, find_levels
from igny8_assets.clustering.naming import head_keyword
from igny8_assets.clustering.reasons import WhyThere, reasons_of
from igny8_assets.clustering.together import NO_CLUSTER
from igny8_assets.clustering.uncollected import uncollected
from igny8_assets.clustering.vicinity import find_vicinity, is_worth_finding
from igny8_assets.vocabulary import Granularity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class KeywordToGroup:
    """A keyword, in a cluster already or not.

    Attributes:
        text: normalised.
        volume: searches a month, 0 when unknown.
        cluster: the cluster that it is in and stays in; nothing for one that is to be placed.
        was_alone: it has no cluster since it resembled nothing so far; what is new may take it along.
        intents: as bits (bounds.py), all of them when unknown.
        parent: the keyword whose page is the best known answer.
        page: the page that ranks for it.
        results: URLs of its first results.
    """

    id: int
    text: str
    volume: int = 0
    cluster: int | None = None
    intents: int = ANY_INTENT
    parent: str | None = None
    page: str | None = None
    results: tuple[str, ...] = ()
    was_alone: bool = False


@dataclass(frozen=True)
class Rules:
    """How a site wants its clusters."""

    granularity: Granularity = Granularity.PAGE
    separate_intents: bool = True
    shared_urls: int = 4


@dataclass(frozen=True)
class Grouping:
    """Where each keyword without a cluster goes; every one is in exactly one of the three.

    `joins` maps a keyword's id to that of an existing cluster. `groups` are new: ids, the head keyword first and the
    rest by volume; the most searched group first. `orphans` resemble nothing. `reasons` has an entry for each keyword
    that is placed beside another.
    """

    joins: dict[int, int]
    groups: list[tuple[int, ...]]
    orphans: tuple[int, ...]
    reasons: dict[int, WhyThere]


@uncollected()
def group_keywords(
    keywords: Sequence[KeywordToGroup],
    rules: Rules | None = None,
    *,
    cuts: Cuts = CUTS["wordllama"],
    embed: Embed = embed,
) -> Grouping:
    """Sort keywords that have no cluster into existing clusters, new groups and orphans.

    A few that come to a large site of pages are compared with their vicinity alone.

    Args:
        keywords: all keywords that may be together, with distinct ids, in any order.
        rules: how wide clusters are and what keeps keywords together or apart.
        cuts: where to cut, for the vectors of `embed`.
        embed: makes vectors of texts; the model that ships with igny8 unless told otherwise.
    """
    rules = rules or Rules()
    ordered = in_order_of_text(keywords)
    new = [place for place, keyword in enumerate(ordered) if keyword.cluster is None and not keyword.was_alone]
    if not new:
        return Grouping({}, [], tuple(keyword.id for keyword in ordered if keyword.was_alone), {})
    ties = ties_of(ordered, rules)
    if rules.granularity is not Granularity.PAGE or not is_worth_finding(len(new), len(ordered)):
        return _grouped(ordered, ties, rules, cuts, embed)
    near, middle = find_vicinity(
        [keyword.text for keyword in ordered],
        _clusters(ordered),
        new,
        [(tie.first, tie.second) for tie in ties],
        embed,
        least=cuts.page.least,
    )
    at = {place: position for position, place in enumerate(near)}
    ties = [replace(tie, first=at[tie.first], second=at[tie.second]) for tie in ties if tie.first in at]
    grouping = _grouped([ordered[place] for place in near], ties, rules, cuts, embed, middle)
    far = (keyword.id for place, keyword in enumerate(ordered) if keyword.was_alone and place not in at)
    return replace(grouping, orphans=(*grouping.orphans, *far))


def _grouped(
    keywords: Sequence[KeywordToGroup],
    ties: Sequence[Tie],
    rules: Rules,
    cuts: Cuts,
    embed: Embed,
    middle: "NDArray[np.float32] | None" = None,
) -> Grouping:
    known = Known(
        ties=[(tie.first, tie.second) for tie in ties],
        intents=[keyword.intents for keyword in keywords] if rules.separate_intents else (),
        clusters=_clusters(keywords),
        alone=[place for place, keyword in enumerate(keywords) if keyword.was_alone],
        middle=middle,
    )
    levels = find_levels([keyword.text for keyword in keywords], cuts, embed, known, until=rules.granularity)
    members: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(levels.at(rules.granularity)):
        members[number].append(place)
    return _placed(keywords, list(members.values()), ties, levels)


def _clusters(keywords: Sequence[KeywordToGroup]) -> list[int]:
    return [NO_CLUSTER if keyword.cluster is None else keyword.cluster for keyword in keywords]


def in_order_of_text(keywords: Sequence[KeywordToGroup]) -> list[KeywordToGroup]:
    """The order in which keywords are looked at, whatever the order in which they come."""
    return sorted(keywords, key=lambda keyword: (keyword.text, keyword.id))


def ties_of(keywords: Sequence[KeywordToGroup], rules: Rules) -> list[Tie]:
    """The pairs of keywords, by their places, that are together by evidence, the strongest first."""
    return find_ties(
        [keyword.text for keyword in keywords],
        [keyword.parent for keyword in keywords],
        [keyword.page for keyword in keywords],
        [keyword.results for keyword in keywords],
        shared_urls=rules.shared_urls,
    )


def _placed(
    keywords: Sequence[KeywordToGroup], clusters: Sequence[list[int]], ties: Sequence[Tie], levels: Levels
) -> Grouping:
    joins: dict[int, int] = {}
    groups: list[list[KeywordToGroup]] = []
    orphans: list[int] = []
    shared: list[list[int]] = []
    for places in clusters:
        home = next((cluster for place in places if (cluster := keywords[place].cluster) is not None), None)
        fresh = [place for place in places if keywords[place].cluster is None]
        if len(places) == 1 and fresh:
            orphans.append(keywords[places[0]].id)
        elif home is not None:
            joins |= {keywords[place].id: home for place in fresh}
        else:
            groups.append(head_first([keywords[place] for place in places], levels.centrality(places)))
        if len(places) > 1 and fresh:
            shared.append(places)
    return Grouping(
        joins,
        most_searched_first(groups),
        tuple(orphans),
        reasons_of(keywords, shared, ties, levels),
    )


def most_searched_first(groups: Sequence[Sequence[KeywordToGroup]]) -> list[tuple[int, ...]]:
    """The ids of new groups, each in its order."""
    ordered = sorted(groups, key=lambda group: (-sum(keyword.volume for keyword in group), group[0].text, group[0].id))
    return [tuple(keyword.id for keyword in group) for group in ordered]


def head_first(members: list[KeywordToGroup], centrality: Sequence[float]) -> list[KeywordToGroup]:
    """The keywords of a group, the head first, then by volume and text; `members` is used up."""
    head = members.pop(head_keyword([(keyword.text, keyword.volume) for keyword in members], centrality))
    return [head, *sorted(members, key=lambda keyword: (-keyword.volume, keyword.text, keyword.id))]
