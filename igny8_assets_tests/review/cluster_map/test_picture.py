"""The small picture of a site's clusters."""

import io
from collections import Counter

from PIL import Image

from igny8_assets.media.colours import Colour, read_colour
from igny8_assets.review.cluster_map.difficulty_scale import UNKNOWN, step_of
from igny8_assets.review.cluster_map.picture import HEIGHT, OTHERS, WIDTH, Label, draw_clusters
from igny8_assets.review.cluster_map.tiles import choose_tiles


def drawn(sizes: list[int], labels: list[Label], most: int = 60) -> Image.Image:
    """The picture as pixels."""
    with Image.open(io.BytesIO(draw_clusters(choose_tiles(sizes, most), labels))) as opened:
        return opened.convert("RGB")


def colours_of(picture: Image.Image) -> dict[Colour, int]:
    """How many pixels each colour has above the legend."""
    data = picture.crop((0, 0, WIDTH, HEIGHT - 24)).tobytes()
    return Counter(zip(data[0::3], data[1::3], data[2::3], strict=True))


def test_each_cluster_has_its_share_in_the_colour_of_its_difficulty() -> None:
    found = colours_of(drawn([60, 40], [Label("Mills", 85), Label("Kettles", 5)]))
    hard, easy = (found[read_colour(step_of(difficulty).fill)] for difficulty in (85, 5))
    assert 0.55 < hard / (hard + easy) < 0.65
    assert hard + easy > 0.9 * sum(found.values())


def test_what_is_unknown_is_grey_and_the_others_are_together() -> None:
    found = colours_of(drawn([50, 20, 20, 10], [Label("Mills", None)], most=1))
    grey, others = found[read_colour(UNKNOWN.fill)], found[read_colour(OTHERS.fill)]
    assert grey > 0.35 * sum(found.values())
    assert others > 0.4 * sum(found.values())


def test_names_are_written_on_it() -> None:
    named, blank = (drawn([5], [Label(name, 50)]) for name in ("Coffee mills", ""))
    assert named.tobytes() != blank.tobytes()


def test_it_stays_small_whatever_the_names_hold() -> None:
    names = ["x" * 120, "متجر القهوة", "☕️👩🏽‍🍳", "Ärger mit der Kaffeemühle", "</script>", "咖啡"] * 10
    labels = [Label(name, place % 101) for place, name in enumerate(names)]
    assert len(draw_clusters(choose_tiles([100 - place for place in range(200)], 60), labels)) < 40_000
