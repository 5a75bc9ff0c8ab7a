"""How difficulty is coloured."""

import pytest

from igny8_assets.media.colours import READABLE_CONTRAST, contrast, read_colour
from igny8_assets.review.cluster_map.difficulty_scale import SCALE, UNKNOWN, Step, step_of


@pytest.mark.parametrize("step", [*SCALE, UNKNOWN], ids=lambda step: step.label)
def test_words_on_a_colour_can_be_read(step: Step) -> None:
    assert contrast(read_colour(step.fill), read_colour(step.ink)) >= READABLE_CONTRAST


def test_harder_is_darker() -> None:
    lightness = [contrast(read_colour(step.fill), (0, 0, 0)) for step in SCALE]
    assert lightness == sorted(lightness, reverse=True)


def test_every_difficulty_has_the_step_that_its_label_names() -> None:
    for difficulty in range(101):
        step = step_of(difficulty)
        assert step.least <= difficulty <= step.most
        assert step.label == f"{step.least}–{step.most}"
    assert step_of(None) is UNKNOWN
