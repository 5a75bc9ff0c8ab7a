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
    """

    page: Cut
    topic: Cut
    theme: Cut
    stray: float
    core: float


CUTS = {
    "wordllama": Cuts(page=Cut(0.56, 60), topic=Cut(0.42, 300), theme=Cut(0.25, 3000), stray=0.34, core=0.2),
    "english": Cuts(page=Cut(0.58, 60), topic=Cut(0.42, 300), theme=Cut(0.25, 3000), stray=0.32, core=0.4),
    "minilm": Cuts(page=Cut(0.62, 60), topic=Cut(0.48, 300), theme=Cut(0.28, 3000), stray=0.4, core=0.0),
}
"""For each model; benchmarks/README.md says on which lists they were chosen, and what others gave."""
