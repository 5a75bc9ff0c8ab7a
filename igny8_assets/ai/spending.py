"""What requests used and cost, added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.store.models import AICall, CallStatus


@dataclass(frozen=True)
class Spent:
    """What calls used and cost: `known_usd_pico` for certain, `possible_usd_pico` perhaps beyond that.

    `unpriced` counts the answers whose model has no price.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    images: int = 0
    known_usd_pico: int = 0
    possible_usd_pico: int = 0
    unpriced: int = 0
    latency_ms: int = 0


def spent_by(session: Session, *conditions: Any, by: Any = None) -> dict[Any, Spent]:
    """What calls that meet the conditions used and cost, added up by a column; by none, under the key None."""
    unknown = AICall.cost_usd_pico.is_(None)
    answered = AICall.status == CallStatus.ANSWERED
    sums = select(
        func.count(),
        func.sum(AICall.tokens_in),
        func.sum(AICall.tokens_cached),
        func.sum(AICall.tokens_out),
        func.sum(AICall.images),
        func.sum(func.coalesce(AICall.cost_usd_pico, 0)),
        func.sum(AICall.reserved_usd_pico).filter(unknown),
        func.count().filter(unknown, answered, AICall.reserved_usd_pico == 0),
        func.sum(func.coalesce(AICall.latency_ms, 0)),
    ).where(*conditions)
    if by is None:
        return {None: _as_spent(session.execute(sums).one())}
    rows = session.execute(sums.add_columns(by).group_by(by).order_by(by))
    return {row[-1]: _as_spent(row[:-1]) for row in rows}


def _as_spent(figures: Sequence[Any]) -> Spent:
    return Spent(*(int(figure or 0) for figure in figures))
