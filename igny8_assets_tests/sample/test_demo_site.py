"""The demo site and its keywords."""

import csv
from functools import cache
from zoneinfo import ZoneInfo

from igny8_assets.clustering.grouping import Grouping, KeywordToGroup, Rules, group_keywords
from igny8_assets.sample.demo_site import DEMO_SITE
from igny8_assets.vocabulary import Granularity, Intent


def _rows() -> list[dict[str, str]]:
    return list(csv.DictReader(DEMO_SITE.keywords_file.read_text(encoding="utf-8").splitlines(), strict=True))


def _texts() -> list[str]:
    return [" ".join(row["Keyword"].lower().split()) for row in _rows()]


@cache
def _grouping() -> Grouping:
    volumes = dict(zip(_texts(), (int(row["Volume"]) for row in _rows()), strict=True))
    return group_keywords(
        [KeywordToGroup(at, text, volume) for at, (text, volume) in enumerate(volumes.items())],
        Rules(Granularity.TOPIC),
    )


def _brightness(colour: str) -> float:
    """Relative luminance of a hex colour (WCAG 2.2)."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_file_has_the_headers_of_a_semrush_export() -> None:
    assert list(_rows()[0]) == [
        "Keyword",
        "Intent",
        "Volume",
        "Trend",
        "Keyword Difficulty",
        "CPC (USD)",
        "Competitive Density",
        "SERP Features",
        "Number of Results",
    ]


def test_every_row_is_whole_and_its_figures_are_in_range() -> None:
    for row in _rows():
        assert None not in row
        assert None not in row.values()
        assert int(row["Volume"]) > 0
        assert row["Keyword Difficulty"] == "" or 0 <= int(row["Keyword Difficulty"]) <= 100
        assert float(row["CPC (USD)"]) >= 0
        assert 0 <= float(row["Competitive Density"]) <= 1
        assert len(row["Trend"].split(",")) == 12
        assert {intent.lower() for intent in row["Intent"].split(", ")} <= set(Intent)


def test_a_demo_has_keywords_enough_and_some_of_them_twice() -> None:
    texts = _texts()
    assert len(set(texts)) >= 300
    assert 4 <= len(texts) - len(set(texts)) <= 10


def test_every_intent_occurs() -> None:
    assert {intent.lower() for row in _rows() for intent in row["Intent"].split(", ")} == set(Intent)


def test_the_keywords_fall_into_topics_and_few_are_left_alone() -> None:
    grouping = _grouping()
    assert 14 <= len(grouping.groups) <= 26
    assert 1 <= len(grouping.orphans) <= 0.08 * len(set(_texts()))


def test_the_two_colours_can_be_read_on_each_other() -> None:
    lighter, darker = sorted((_brightness(colour) for colour in DEMO_SITE.colours), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 7


def test_the_site_is_somewhere_and_its_address_can_belong_to_nobody() -> None:
    assert ZoneInfo(DEMO_SITE.time_zone)
    assert DEMO_SITE.domain.endswith(".example")
