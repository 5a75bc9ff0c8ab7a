"""What a server asks its database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from igny8_assets.store.database import Store


@contextmanager
def statements_of(store: Store) -> Iterator[list[str]]:
    """What a store sends to its database while the block lasts."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine, "before_cursor_execute", note)
