"""The keyword that stands for a group."""

import math
from collections.abc import Sequence

# A short keyword is mostly the broader one, but it has to be searched and central too.
_WEIGHT_OF_BREVITY = 0.5


def head_keyword(texts_with_volume: Sequence[tuple[str, int]], centrality: Sequence[float]) -> int:
    """Choose the keyword from which a group takes its name: much searched, in the middle of the group, and short.

    Volume and centrality count equally, each as a share of the group's highest, volume by its logarithm since volumes
    of one topic differ a hundredfold; brevity (the group's least number of words as a share of the keyword's) counts
    half of that. The weights are our own choice. Where no volume is known the other two decide. Ties go to the
    shorter, then to the alphabetically earlier text.

    Args:
        texts_with_volume: normalised text and searches a month (0 when unknown) of each keyword; at least one.
        centrality: for each keyword its cosine to the group's mean, -1 to 1.

    Returns:
        The position of the head keyword.
    """
    most = math.log1p(max(volume for _, volume in texts_with_volume))
    nearest = max(centrality)
    lengths = [max(1, len(text.split())) for text, _ in texts_with_volume]
    shortest = min(lengths)

    def rank(position: int) -> tuple[float, int, str]:
        text, volume = texts_with_volume[position]
        searched = math.log1p(volume) / most if most else 0.0
        central = centrality[position] / nearest if nearest > 0 else 0.0
        brief = shortest / lengths[position]
        # Rounded, so that the last bits of a sum never decide between equals.
        return (-round(searched + central + _WEIGHT_OF_BREVITY * brief, 6), len(text), text)

    return min(range(len(texts_with_volume)), key=rank)
