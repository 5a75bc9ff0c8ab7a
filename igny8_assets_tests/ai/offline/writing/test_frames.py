"""The sentence frames themselves."""

import re

from igny8_assets.ai.offline.writing.bank import _banks, bank, fields

SLOTS = {
    "text", "quoted", "label", "np", "about", "vp", "ving", "named", "core", "one", "many", "any", "your", "right",
    "purpose", "a", "b", "sides", "question", "ask", "how", "others", "site",
}  # fmt: skip


def all_frames() -> list[str]:
    frames = []
    for theme in _banks().values():
        for part in (theme.headings, theme.groups, theme.leads, theme.table_leads, theme.openings, theme.moves):
            frames += part
        frames += [*theme.bullets, *theme.points, *theme.steps, *(frame for pair in theme.pairs for frame in pair)]
    return frames


def test_every_slot_is_one_that_a_keyword_can_fill() -> None:
    assert {slot for frame in all_frames() for slot in fields(frame)} <= SLOTS


def test_no_sentence_stands_in_two_frames_of_the_prose() -> None:
    seen: dict[str, str] = {}
    for name, theme in _banks().items():
        if name.startswith(("title-", "tail-")) or name in {"lead", "follow", "fill"}:
            continue
        for frame in (*theme.openings, *theme.moves, *theme.points, *(answer for _, answer in theme.pairs)):
            for sentence in re.split(r"(?<=[.?!])[”\"]?\s+", frame):
                assert sentence not in seen, f"{sentence!r} in {name} and {seen[sentence]}"
                seen[sentence] = name


def test_every_sentence_of_the_prose_has_its_end_mark() -> None:
    for name, theme in _banks().items():
        if not name.startswith(("title-", "tail-")):
            for frame in (*theme.openings, *theme.moves, *theme.bullets, *theme.points, *theme.steps):
                assert frame[-1] in ".?!", frame


def test_frames_hold_no_figures() -> None:
    assert [frame for frame in all_frames() if re.search(r"\d", frame)] == []


def test_a_theme_may_be_spread_over_files() -> None:
    how_to = bank("how-to")
    assert how_to.openings
    assert how_to.bullets
    assert how_to.pairs
