"""How wide clusters are: what each level asks of its keywords."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """The least mean cosine at which clusters of a level merge, and the most keywords of one."""

    least: float
    cap: int


@dataclass(frozen=True)
class Cuts:
    """What suits the vectors of one model.

    Attributes:
        page, topic, theme: the three cuts.
        stray: the least mean cosine at which a lone keyword joins a topic.
        core: how far a page's vectors are moved to those of the texts without their modifiers, which weak vectors
            overrate.
        neighbours: how much of a cosine above pages is by the neighbours that two keywords have in common, which weak
            vectors tell better than what keywords mean.
    """

    page: Cut
    topic: Cut
    theme: Cut
    stray: float
    core: float
    neighbours: float


CUTS = {
    "wordllama": Cuts(
        page=Cut(0.56, 60), topic=Cut(0.27, 300), theme=Cut(0.14, 3000), stray=0.19, core=0.2, neighbours=0.45
    ),
    "english": Cuts(
        page=Cut(0.58, 60), topic=Cut(0.28, 300), theme=Cut(0.15, 3000), stray=0.2, core=0.4, neighbours=0.45
    ),
    "minilm": Cuts(
        page=Cut(0.62, 60), topic=Cut(0.42, 300), theme=Cut(0.24, 3000), stray=0.32, core=0.0, neighbours=0.2
    ),
}
"""For each model; benchmarks/README.md says on which lists they were chosen, and what others gave."""
