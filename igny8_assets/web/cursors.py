"""Lists page by page: where a page ended says where the next begins, so that rows may come and go between them."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.web.shapes import LARGEST_NUMBER

Item = TypeVar("Item")
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
After = Annotated[
    str | None, Query(max_length=200, pattern=r"^[A-Za-z0-9_-]+$", description="`next` of the page before.")
]
DEFAULT_LIMIT = 50


class Page(BaseModel, Generic[Item]):
    """Some of a list, in its order."""

    items: list[Item]
    next: str | None = Field(description="What to give as `after` for the next page; nothing on the last one.")


@dataclass(frozen=True)
class Order:
    """A whole number that a list goes by, never null."""

    by: Any
    is_falling: bool = False

    @property
    def ordered(self) -> ColumnElement[Any]:
        """What the statement is sorted by."""
        return self.by.desc() if self.is_falling else self.by.asc()  # type: ignore[no-any-return]

    def beyond(self, value: int) -> ColumnElement[bool]:
        """What comes after a value."""
        return self.by < value if self.is_falling else self.by > value  # type: ignore[no-any-return]


def page_of(
    session: Session,
    wanted: Select[*tuple[Any, ...]],
    orders: Sequence[Order],
    limit: int,
    after: str | None,
    told: Callable[[Any], Item],
) -> Page[Item]:
    """A page of the rows that are wanted.

    Args:
        wanted: the statement, without an order.
        orders: what the list goes by, the last of them different in every row.
        limit: how many rows at most.
        after: `next` of the page before.
        told: the item that tells a row.

    Raises:
        UserError: 422, `after` was not given by this list.
    """
    if after is not None:
        wanted = wanted.where(_beyond(orders, _read(after, len(orders))))
    statement = wanted.add_columns(*[one.by for one in orders]).order_by(*[one.ordered for one in orders])
    rows = session.execute(statement.limit(limit + 1)).all()
    following = _write(rows[limit - 1][-len(orders) :]) if len(rows) > limit else None
    return Page(items=[told(row) for row in rows[:limit]], next=following)


def _beyond(orders: Sequence[Order], values: Sequence[int]) -> ColumnElement[bool]:
    pairs = list(zip(orders, values, strict=True))
    return or_(
        *(
            and_(*(order.by == value for order, value in pairs[:place]), pairs[place][0].beyond(pairs[place][1]))
            for place in range(len(pairs))
        )
    )


def _write(values: Sequence[Any]) -> str:
    text = json.dumps([int(value) for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(after: str, length: int) -> list[int]:
    try:
        values = json.loads(base64.b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != length or not all(map(_is_number, values)):
        raise UserError(
            "`after` is none that this list gave; leave it out to begin, and then give `next` of the page before",
            code="bad_cursor",
            status=422,
        )
    return values


def _is_number(value: object) -> bool:
    return type(value) is int and abs(value) <= LARGEST_NUMBER
