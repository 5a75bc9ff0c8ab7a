"""How difficulty is coloured: light is easy, dark is hard, so that it shows without seeing colours too."""

from dataclasses import dataclass

from igny8_assets.media.colours import ink_on, read_colour


@dataclass(frozen=True)
class Step:
    """A span of difficulties, both ends included, with its colours as CSS hex."""

    label: str
    least: int
    most: int
    fill: str
    ink: str


def _step(least: int, most: int, fill: str) -> Step:
    return Step(f"{least}–{most}", least, most, fill, _ink(fill))


def _ink(fill: str) -> str:
    return "#{:02x}{:02x}{:02x}".format(*ink_on(read_colour(fill)))


# After ColorBrewer's YlGnBu, which is told apart by people who can't tell red from green; the fourth darker, for text.
SCALE = (
    _step(0, 19, "#edf2b0"),
    _step(20, 39, "#a1dab4"),
    _step(40, 59, "#41b6c4"),
    _step(60, 79, "#21679d"),
    _step(80, 100, "#253494"),
)
UNKNOWN = Step("unknown", -1, -1, "#c9ccd0", _ink("#c9ccd0"))


def step_of(difficulty: int | None) -> Step:
    """The step of a difficulty from 0 to 100; None is unknown."""
    if difficulty is None:
        return UNKNOWN
    return next((step for step in SCALE if difficulty <= step.most), SCALE[-1])
