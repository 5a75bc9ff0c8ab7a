import pytest

from igny8_assets.keywords.neutralising import neutralise


@pytest.mark.parametrize("value", ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "\r=1", "-", "=cmd|' /C calc'!A0"])
def test_a_cell_that_a_spreadsheet_could_run_gets_a_quote(value: str) -> None:
    assert neutralise(value) == "'" + value


@pytest.mark.parametrize("value", ["", "shoes", "-5", "+3.5", "-1,234.5", "5%", "a=b", "'=1"])
def test_numbers_and_plain_texts_are_left_alone(value: str) -> None:
    assert neutralise(value) == value
