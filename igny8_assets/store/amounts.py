"""Money at the edges: credits are kept as tenths and dollars as 10⁻¹² dollar, both integers; people see decimals."""

from decimal import Decimal
from typing import overload

PICO_PER_USD = 10**12


@overload
def credits_from(tenths: int) -> Decimal: ...
@overload
def credits_from(tenths: None) -> None: ...
@overload
def credits_from(tenths: int | None) -> Decimal | None: ...
def credits_from(tenths: int | None) -> Decimal | None:
    """Credits with one decimal."""
    return None if tenths is None else Decimal(tenths).scaleb(-1)


def tenths_from(amount: Decimal | None) -> int | None:
    """Tenths of a credit.

    Raises:
        ValueError: there is more than one decimal.
    """
    return _whole(amount, 10, "credits have one decimal")


@overload
def usd_from(pico: int) -> Decimal: ...
@overload
def usd_from(pico: None) -> None: ...
@overload
def usd_from(pico: int | None) -> Decimal | None: ...
def usd_from(pico: int | None) -> Decimal | None:
    """Dollars to the last digit, at least two decimals."""
    if pico is None:
        return None
    exact = Decimal(pico).scaleb(-12).normalize()
    return exact.quantize(Decimal("0.01")) if exact == exact.quantize(Decimal("0.01")) else exact


def pico_from(amount: Decimal | None) -> int | None:
    """10⁻¹² dollar.

    Raises:
        ValueError: there are more than twelve decimals.
    """
    return _whole(amount, PICO_PER_USD, "dollars have at most twelve decimals")


def usd_text(pico: int | None) -> str:
    """Dollars as people read them, to the last digit; `unknown` when no price says what it was."""
    return "unknown" if pico is None else f"${usd_from(pico):f}"


def _whole(amount: Decimal | None, units: int, complaint: str) -> int | None:
    if amount is None:
        return None
    scaled = amount * units
    if scaled != scaled.to_integral_value():
        raise ValueError(complaint)
    return int(scaled)
