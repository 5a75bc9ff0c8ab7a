"""What stands in a tile of the planner's treemap."""

import pytest

from igny8_assets.clustering.treemap import Rectangle
from igny8_assets.web.pages.treemap import label_in


@pytest.mark.parametrize(
    ("name", "width", "height", "lines"),
    [
        ("Best Water for Coffee", 100, 60, ["Best Water", "for Coffee"]),
        ("Best Water for Coffee", 100, 30, ["Best Water…"]),
        ("Descaling Tablets", 70, 60, ["Descal…"]),
        ("Best Descaling Tablets", 70, 60, ["Best", "Descal…"]),
        ("手挽きコーヒーミル", 70, 60, ["手挽きコーヒー", "ミル"]),
        ("Mills", 30, 60, []),
        ("Mills", 100, 10, []),
    ],
)
def test_a_name_is_cut_between_words_or_ends_where_there_is_no_room(
    name: str, width: float, height: float, lines: list[str]
) -> None:
    assert label_in(name, Rectangle(0, 0, width, height)) == lines
