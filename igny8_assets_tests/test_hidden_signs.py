"""Signs that are not seen go; those that a script needs stay."""

from igny8_assets.hidden_signs import without_hidden


def test_hidden_signs_go_and_joiners_stay() -> None:
    assert without_hidden("a\u202eb\u2066\ufeff") == "ab"
    assert without_hidden("آسیاب\u200cقهوه 👩\u200d🍳") == "آسیاب\u200cقهوه 👩\u200d🍳"
