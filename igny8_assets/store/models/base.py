"""What all models share: the declarative base, UTC times, statuses kept by a check, counted rows."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Enum, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

# SQLite only counts up a column of the type INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def word_type(words: type[StrEnum], name: str) -> Enum:
    """The column type of an enumeration: text, with a check that only its words are stored."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """The base of every model; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Counted:
    """A row that the site's counters know.

    `counted_by` names the columns that decide what is counted; `amounts` maps their values to counter names
    and amounts. The session's flush keeps the counters equal to the rows (store/counters.py).
    """

    counted_by: ClassVar[tuple[str, ...]]
    counted_as: ClassVar[str]

    site_id: Mapped[int]

    @staticmethod
    def amounts(values: dict[str, Any]) -> dict[str, int]:
        """Counter name → what a row with these column values adds to it."""
        raise TypeError("a counted model defines its amounts")


class Attempted:
    """A row that a stage works on: how often a person asked for it, and why the last try failed."""

    attempt: Mapped[int] = mapped_column(default=1)
    failure_reason: Mapped[str | None] = mapped_column(default=None, active_history=True)
