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
    cluster_of = {place: number for number, places in enumerate(clusters) for place in places}
    answer: dict[int, WhyThere] = {}
    for tie in ties:
        if tie.first in cluster_of and cluster_of[tie.first] == cluster_of.get(tie.second):
            for one, other in ((tie.first, tie.second), (tie.second, tie.first)):
                if keywords[one].cluster is None and keywords[one].id not in answer:
                    answer[keywords[one].id] = WhyThere(tie.reason, keywords[other].id, tie.shared or None)
    for places in clusters:
        answer |= {why[0]: why[1] for why in _by_text(keywords, places, levels) if why[0] not in answer}
    return answer


def _by_text(keywords: "Sequence[KeywordToGroup]", places: Sequence[int], levels: Levels) -> list[tuple[int, WhyThere]]:
    import numpy as np

    assert levels.rows is not None
    compared = sorted(places, key=lambda place: (-keywords[place].volume, keywords[place].text, keywords[place].id))
    compared = compared[:_COMPARED]
    others = levels.rows[[levels.row_of[place] for place in compared]]
    answer = []
    fresh = [place for place in places if keywords[place].cluster is None]
    for place, likeness in zip(fresh, levels.rows[[levels.row_of[place] for place in fresh]] @ others.T, strict=True):
        own = [at for at, other in enumerate(compared) if other == place]
        likeness[own] = -np.inf
        # Rounded, so that the last bits of a sum never decide between equals.
        nearest = compared[int(np.argmax(np.round(likeness, 4)))]
        same = word_set(keywords[nearest].text) == word_set(keywords[place].text)
        why = WhyThere(
            Reason.WORDS if same else Reason.LIKENESS,
            keywords[nearest].id,
            None if same else round(1000 * float(likeness.max())),
        )
        answer.append((keywords[place].id, why))
    return answer
