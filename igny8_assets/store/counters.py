"""Counters per site and status, kept equal to the rows by the transaction that changes the rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, event, func, inspect, select
from sqlalchemy.dialects.postgresql import Insert as InsertPostgresql
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import Insert as InsertSqlite
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session, UOWTransaction

from igny8_assets.store.models import Cluster, Content, ContentIdea, Counted, Image, Keyword, SiteCounter, Task

COUNTED: tuple[type[Any], ...] = (Keyword, Cluster, ContentIdea, Task, Content, Image)

Changes = dict[tuple[int, str, str], int]


_COUNTERS = SiteCounter.metadata.tables[SiteCounter.__tablename__]


def _moving(statement: InsertSqlite | InsertPostgresql) -> InsertSqlite | InsertPostgresql:
    return statement.on_conflict_do_update(
        index_elements=["site_id", "entity", "name"],
        set_={"amount": _COUNTERS.c.amount + statement.excluded.amount},
    )


_MOVE_SQLITE = _moving(insert_sqlite(_COUNTERS))
_MOVE_POSTGRESQL = _moving(insert_postgresql(_COUNTERS))


def watch(session: Session) -> None:
    """Count what the session changes: at each flush the counters move with the rows."""
    event.listen(session, "before_flush", _count_flush)


def _count_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    changes: Changes = defaultdict(int)
    for row in session.new:
        if isinstance(row, Counted):
            _note(changes, row, _values(row, old=False), 1)
    for row in session.dirty:
        if isinstance(row, Counted):
            _note(changes, row, _values(row, old=True), -1)
            _note(changes, row, _values(row, old=False), 1)
    for row in session.deleted:
        if isinstance(row, Counted):
            _note(changes, row, _values(row, old=True), -1)
    _apply(session, changes)


def _note(changes: Changes, row: Counted, values: dict[str, Any], sign: int) -> None:
    for name, amount in type(row).amounts(values).items():
        changes[row.site_id, row.counted_as, name] += sign * amount


def _values(row: Counted, *, old: bool) -> dict[str, Any]:
    state = inspect(row)
    values = {}
    for column in row.counted_by:
        history = state.attrs[column].history
        value = history.deleted[0] if old and history.deleted else getattr(row, column)
        if value is None and not old:
            # A column default is only set while the row is flushed, which is after this.
            default = state.mapper.columns[column].default
            value = default.arg if default is not None and not callable(default.arg) else None
        values[column] = value
    return values


def _apply(session: Session, changes: Changes) -> None:
    # A fixed order, so that two transactions never wait for each other in a ring.
    rows = [
        {"site_id": site_id, "entity": entity, "name": name, "amount": amount}
        for (site_id, entity, name), amount in sorted(changes.items())
        if amount
    ]
    if rows:
        connection = session.connection()
        connection.execute(_MOVE_SQLITE if connection.dialect.name == "sqlite" else _MOVE_POSTGRESQL, rows)


def add(session: Session, site_id: int, entity: str, amounts: Mapping[str, int]) -> None:
    """Move a site's counters by hand, for rows that were written in bulk past the session."""
    _apply(session, {(site_id, entity, name): amount for name, amount in amounts.items()})


def read(session: Session, site_id: int) -> dict[tuple[str, str], int]:
    """All counters of a site by entity and name; a missing one is zero."""
    return read_many(session, [site_id])[site_id]


def read_many(session: Session, site_ids: Iterable[int]) -> dict[int, dict[tuple[str, str], int]]:
    """All counters of several sites, as `read`, by the site's id."""
    found: dict[int, dict[tuple[str, str], int]] = {site_id: defaultdict(int) for site_id in site_ids}
    rows = session.execute(
        select(SiteCounter.site_id, SiteCounter.entity, SiteCounter.name, SiteCounter.amount).where(
            SiteCounter.site_id.in_(found)
        )
    )
    for site_id, entity, name, amount in rows:
        found[site_id][entity, name] = amount
    return found


def recount(session: Session, site_id: int) -> dict[tuple[str, str], int]:
    """What the counters should say, from the rows themselves: the truth that tests and checks hold them to."""
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for model in COUNTED:
        columns = [getattr(model, name) for name in model.counted_by]
        grouped = select(*columns, func.count()).where(model.site_id == site_id).group_by(*columns)
        for *values, number in session.execute(grouped):
            for name, amount in model.amounts(dict(zip(model.counted_by, values, strict=True))).items():
                counted[model.counted_as, name] += amount * number
    return counted


def rebuild(session: Session, site_id: int) -> None:
    """Set the counters to what the rows say."""
    session.flush()
    session.execute(delete(SiteCounter).where(SiteCounter.site_id == site_id))
    _apply(session, {(site_id, *key): amount for key, amount in recount(session, site_id).items()})
