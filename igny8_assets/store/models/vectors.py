"""Vectors of texts that a service made, kept so that no text is paid for twice."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from igny8_assets.store.models.base import Base


class TextVector(Base):
    """The vector of a text by a model: `service` as in `AICall`, `digest` the text's sha256 in hex.

    `vector` is a row of numbers of 16 bits (IEEE 754, the low byte first): their error of 1/2000 moves no keyword.
    """

    __tablename__ = "text_vector"

    service: Mapped[str] = mapped_column(String(400), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


__all__ = ["TextVector"]
