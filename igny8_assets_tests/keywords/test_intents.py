import pytest

from igny8_assets.keywords.intents import LABELS, flag_bits, intent_bits
from igny8_assets.vocabulary import Intent


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("Navigational, Commercial", "commercial,navigational"),
        ("Informational,Non-branded,Non-local", "informational"),
        ("I", "informational"),
        ("C, T", "commercial,transactional"),
        ("N/T", "navigational,transactional"),
        ("0", "commercial"),
        ("1", "informational"),
        ("2", "navigational"),
        ("3", "transactional"),
        ("1,3", "informational,transactional"),
        ("", ""),
        ("n/a", ""),
        ("Branded", ""),
    ],
)
def test_an_intent_cell_is_read_in_the_words_of_every_tool(cell: str, labels: str) -> None:
    assert LABELS[intent_bits(cell)] == labels


@pytest.mark.parametrize(("cell", "label"), [("true", "commercial"), ("TRUE", "commercial"), ("false", ""), ("", "")])
def test_a_true_or_false_column_gives_its_intent(cell: str, label: str) -> None:
    assert LABELS[flag_bits(Intent.COMMERCIAL, cell)] == label
