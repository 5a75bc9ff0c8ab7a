"""What keeps keywords apart that are alike: another intent, or clusters that exist already."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8_assets.vocabulary import Intent

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

ANY_INTENT = (1 << len(Intent)) - 1


def intent_bits(intents: "Iterable[str]") -> int:
    """A bit for each intent; all of them where none is known."""
    order = list(Intent)
    return sum(1 << order.index(Intent(one)) for one in set(intents)) or ANY_INTENT


def intents_of(bits: int) -> tuple[Intent, ...]:
    """The intents behind bits; none where none is known."""
    return () if bits == ANY_INTENT else tuple(one for at, one in enumerate(Intent) if bits >> at & 1)


@dataclass(frozen=True, eq=False)
class Bounds:
    """For each row its intents as bits, and whether it is in a cluster that exists and must not merge with another.

    Clusters merge only while all their keywords have an intent in common; a cluster whose keywords were put together in
    spite of having none sets no bound.
    """

    intents: "NDArray[np.uint8]"
    settled: "NDArray[np.bool_]"

    @classmethod
    def none(cls, total: int) -> "Bounds":
        """No bound for any of so many rows."""
        import numpy as np

        return cls(np.full(total, ANY_INTENT, dtype=np.uint8), np.zeros(total, dtype=bool))

    def of_clusters(self, labels: "NDArray[np.int64]") -> "tuple[NDArray[np.uint8], NDArray[np.bool_]]":
        """The bounds of clusters, at the smallest row of each, as new arrays."""
        import numpy as np

        intents = np.full(len(labels), ANY_INTENT, dtype=np.uint8)
        np.bitwise_and.at(intents, labels, self.intents)
        intents[intents == 0] = ANY_INTENT
        settled = np.zeros(len(labels), dtype=bool)
        np.logical_or.at(settled, labels, self.settled)
        return intents, settled
