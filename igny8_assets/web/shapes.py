"""Types that many answers share: money as JSON numbers, moments, and the parameters that name a site or a run."""

from decimal import Decimal
from typing import Annotated

from fastapi import Query
from pydantic import Field, PlainSerializer

from igny8_assets.store.amounts import credits_from

Credits = Annotated[
    Decimal,
    PlainSerializer(float, return_type=float),
    Field(description="Credits, with one decimal.", examples=[12.5]),
]
Usd = Annotated[Decimal, PlainSerializer(float, return_type=float), Field(description="Dollars.", examples=[0.0123])]
SLUG_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$"
SiteId = Annotated[str, Query(pattern=SLUG_PATTERN, description="The site's slug.", examples=["my-shop"])]
RunId = Annotated[
    str,
    Query(min_length=6, max_length=36, pattern=r"^[0-9a-f-]+$", description="The run's id, or how it begins."),
]


def credits_of(tenths: int) -> Decimal:
    """Tenths as credits."""
    return credits_from(tenths)
