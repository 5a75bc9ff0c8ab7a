"""Why a keyword is in its cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8_assets.clustering.evidence import Tie
from igny8_assets.clustering.levels import Levels
from igny8_assets.clustering.word_sets import word_set
from igny8_assets.vocabulary import Reason

if TYPE_CHECKING:
    from igny8_assets.clustering.grouping import KeywordToGroup

# Beyond so many keywords of a cluster only the most searched are looked at for the nearest.
_COMPARED = 2000


@dataclass(frozen=True)
class WhyThere:
    """The strongest reason: beside which keyword, and how many results they share or how alike they are (‰)."""

    reason: Reason
    keyword_id: int
    amount: int | None = None


def reasons_of(
    keywords: "Sequence[KeywordToGroup]", clusters: Sequence[Sequence[int]], ties: Sequence[Tie], levels: Levels
) -> dict[int, WhyThere]:
    """The reason of each keyword that was placed: by id.

    Shared results count before a shared parent page, that before the same words, and those before likeness.

    Args:
        keywords: n keywords.
        clusters: the places of the keywords of each cluster that got new ones, at least two.
        ties: pairs of places that are together by evidence, the strongest first.
        levels: with the vectors that say what is alike.
    """
    answer = reasons_by_ties(keywords, clusters, ties)
    for places in clusters:
        unexplained = [
            place for place in places if keywords[place].cluster is None and keywords[place].id not in answer
        ]
        if unexplained:
            answer |= _by_text(keywords, unexplained, places, levels)
    return answer


def reasons_by_ties(
    keywords: "Sequence[KeywordToGroup]", clusters: Sequence[Sequence[int]], ties: Sequence[Tie]
) -> dict[int, WhyThere]:
    """The same for keywords that are tied to another of their cluster, and for no others."""
    cluster_of = {place: number for number, places in enumerate(clusters) for place in places}
    answer: dict[int, WhyThere] = {}
    for tie in ties:
        if tie.first in cluster_of and cluster_of[tie.first] == cluster_of.get(tie.second):
            for one, other in ((tie.first, tie.second), (tie.second, tie.first)):
                if keywords[one].cluster is None and keywords[one].id not in answer:
                    answer[keywords[one].id] = WhyThere(tie.reason, keywords[other].id, tie.shared or None)
    return answer


def _by_text(
    keywords: "Sequence[KeywordToGroup]", unexplained: Sequence[int], places: Sequence[int], levels: Levels
) -> dict[int, WhyThere]:
    """For some keywords of a cluster the one whose text is nearest to theirs."""
    import numpy as np

    assert levels.rows is not None
    compared = sorted(places, key=lambda place: (-keywords[place].volume, keywords[place].text, keywords[place].id))
    compared = compared[:_COMPARED]
    column_of = {place: column for column, place in enumerate(compared)}
    others = levels.rows[[levels.row_of[place] for place in compared]]
    answer: dict[int, WhyThere] = {}
    for place in unexplained:
        # Rounded, so that the last bits of a sum never decide between equals.
        likeness = np.round(others @ levels.rows[levels.row_of[place]], 4)
        if place in column_of:
            likeness[column_of[place]] = -np.inf
        at = int(np.argmax(likeness))
        nearest = keywords[compared[at]]
        if word_set(nearest.text) == word_set(keywords[place].text):
            answer[keywords[place].id] = WhyThere(Reason.WORDS, nearest.id)
        else:
            answer[keywords[place].id] = WhyThere(Reason.LIKENESS, nearest.id, round(1000 * float(likeness[at])))
    return answer
