"""Types that many requests and answers share: money as JSON numbers, text that can be kept, what names a row."""

from decimal import Decimal
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from igny8_assets.store.amounts import credits_from, usd_from

Credits = Annotated[
    Decimal,
    PlainSerializer(float, return_type=float),
    Field(description="Credits, with one decimal.", examples=[12.5]),
]
Usd = Annotated[Decimal, PlainSerializer(float, return_type=float), Field(description="Dollars.", examples=[0.0123])]
SLUG_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$"
SiteId = Annotated[str, Query(pattern=SLUG_PATTERN, description="The site's slug.", examples=["my-shop"])]
SiteSlug = Annotated[str, Path(pattern=SLUG_PATTERN, description="The site's slug.", examples=["my-shop"])]
RunId = Annotated[
    str,
    Query(min_length=6, max_length=36, pattern=r"^[0-9a-f-]+$", description="The run's id, or how it begins."),
]
LARGEST_NUMBER = 2**63 - 1
"""What a row's number can be in either database."""
RowNumber = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="Its number.", examples=[12])]
Numbers = Annotated[list[RowNumber], Field(min_length=1, max_length=500, examples=[[12, 13]])]
Kept = StringConstraints(pattern=r"^[^\x00]*$")
"""Text without NUL, which no database takes."""
KeywordTexts = Annotated[
    list[Annotated[str, Kept, Field(min_length=1, max_length=600)]],
    Field(min_length=1, max_length=1000, description="Keywords of the site.", examples=[["coffee grinder"]]),
]
Reason = Annotated[str, Kept, Field(min_length=1, max_length=2000, description="Why.", examples=["off topic"])]


class Body(BaseModel):
    """What a request carries: fields that are not known are refused, and `true` is no number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Changed(BaseModel):
    """How many rows a request changed; those that were so already are not counted."""

    changed: int = Field(examples=[2])


def credits_of(tenths: int) -> Decimal:
    """Tenths as credits."""
    return credits_from(tenths)


def usd_of(pico: int) -> Decimal:
    """10⁻¹² dollar as dollars."""
    return usd_from(pico)
