"""Vectors that a service made of texts, in the store: no text is asked about twice."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from igny8_assets.store.models import TextVector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STORED_AS = "<f2"
ROWS_AT_ONCE = 500


def digest_of(text: str) -> str:
    """What a text is kept under."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def unknown_of(session: Session, service: str, texts: Iterable[str]) -> list[str]:
    """The texts without a vector, each once, in their order."""
    by_digest = {digest_of(text): text for text in texts}
    wanted, known = list(by_digest), set[str]()
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        part = wanted[start : start + ROWS_AT_ONCE]
        known |= set(session.scalars(select(TextVector.digest).where(_of(service, part))))
    return [text for digest, text in by_digest.items() if digest not in known]


def keep(session: Session, service: str, texts: Sequence[str], vectors: "NDArray[np.float32]") -> None:
    """Store the vectors of texts, a row each."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    rows = [
        {"service": service, "digest": digest_of(text), "vector": vector.tobytes()}
        for text, vector in zip(texts, _unit(vectors).astype(STORED_AS), strict=True)
    ]
    session.execute(insert(TextVector).on_conflict_do_nothing(), rows)


def vectors_of(session: Session, service: str, texts: Sequence[str]) -> "NDArray[np.float32]":
    """The vectors of texts that are all kept, a row of length 1 each.

    Raises:
        KeyError: one is not.
        ValueError: they are of different lengths, since the service changed its model.
    """
    import numpy as np

    digests = [digest_of(text) for text in texts]
    found: dict[str, bytes] = {}
    wanted = list(dict.fromkeys(digests))
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        rows = select(TextVector.digest, TextVector.vector).where(_of(service, wanted[start : start + ROWS_AT_ONCE]))
        found.update((row.digest, row.vector) for row in session.execute(rows))
    return np.stack([np.frombuffer(found[digest], STORED_AS) for digest in digests]).astype(np.float32)


def _unit(vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
    from igny8_assets.clustering.embedding import unit_rows

    return unit_rows(vectors)


def _of(service: str, digests: Sequence[str]):  # type: ignore[no-untyped-def]
    return (TextVector.service == service) & TextVector.digest.in_(digests)
