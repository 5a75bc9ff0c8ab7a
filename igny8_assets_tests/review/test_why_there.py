"""Why a keyword is in its cluster, in words."""

import pytest

from igny8_assets.review.why_there import why_there
from igny8_assets.vocabulary import Reason


@pytest.mark.parametrize(
    ("reason", "amount", "words"),
    [
        (Reason.WORDS, None, "same words as coffee mill"),
        (Reason.URLS, 5, "shares 5 of 10 ranking pages with coffee mill"),
        (Reason.PARENT, None, "same parent page as coffee mill"),
        (Reason.LIKENESS, 708, "nearest: coffee mill, 0.71"),
        (Reason.MODEL, None, "put beside coffee mill by a language model"),
        (Reason.PERSON, None, "placed by a person"),
        (None, None, ""),
    ],
)
def test_each_reason_has_a_sentence(reason: Reason | None, amount: int | None, words: str) -> None:
    assert why_there(reason, "coffee mill", amount) == words


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_told_even_if_its_other_keyword_is_gone(reason: Reason) -> None:
    assert why_there(reason, None, None)
    assert "None" not in why_there(reason, None, None)
