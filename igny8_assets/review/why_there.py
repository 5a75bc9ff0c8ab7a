"""Why a keyword is in its cluster, in words."""

from igny8_assets.vocabulary import RESULTS, Reason


def why_there(reason: Reason | None, beside: str | None, amount: int | None) -> str:
    """The reason as a person reads it; empty where none was kept.

    Args:
        reason: what decided.
        beside: the text of the keyword that it lies beside; None if that is gone.
        amount: how many ranking URLs they share, or how alike they are in thousandths.
    """
    other = beside or "another keyword"
    match reason:
        case Reason.WORDS:
            return f"same words as {other}"
        case Reason.URLS if amount is not None:
            return f"shares {amount} of {RESULTS} ranking pages with {other}"
        case Reason.URLS:
            return f"shares ranking pages with {other}"
        case Reason.PARENT:
            return f"same parent page as {other}"
        case Reason.LIKENESS if amount is not None:
            return f"nearest: {other}, {amount / 1000:.2f}"
        case Reason.LIKENESS:
            return f"nearest: {other}"
        case Reason.MODEL:
            return f"put beside {other} by a language model"
        case Reason.PERSON:
            return "placed by a person"
        case None:
            return ""
