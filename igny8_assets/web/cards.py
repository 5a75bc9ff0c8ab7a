"""The cards of the pipeline: what each says of its stages, in a word, a figure and the run's results."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from igny8_assets.stages.registry import STAGES
from igny8_assets.web.api.automation_answers import RunFacts, StageRow
from igny8_assets.web.snapshots import Snapshot

CARDS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("clusters", (1,)),
    ("ideas", (2,)),
    ("content", (3, 4)),
    ("prompts", (5,)),
    ("images", (6,)),
    ("gate", (7,)),
)
"""The cards by name, each with the stages that it stands for."""


class CardState(StrEnum):
    """What a card says; the page shows the word beside the colour."""

    ACTIVE = "active"
    COMPLETE = "complete"
    READY = "ready"
    EMPTY = "empty"


@dataclass(frozen=True)
class Card:
    """One card: `done` of `total` while it is active, `results` once the run is through with it."""

    name: str
    state: CardState
    stages: tuple[StageRow, ...]
    done: int = 0
    total: int = 0
    results: tuple[tuple[str, float], ...] = ()

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return round(100 * self.done / self.total) if self.total else 0


def cards_of(snapshot: Snapshot) -> list[Card]:
    """The six cards of a site."""
    rows = {stage.number: stage for stage in snapshot.stages}
    return [_card(name, [rows[number] for number in numbers], snapshot.run) for name, numbers in CARDS]


def _card(name: str, stages: Sequence[StageRow], run: RunFacts | None) -> Card:
    numbers = [stage.number for stage in stages]
    if run is not None:
        if run.status == "running" and run.current_stage in numbers:
            progress = next((one for one in run.progress if one.stage == run.current_stage), None)
            done, total = (progress.done, progress.total) if progress else (0, 0)
            return Card(name, CardState.ACTIVE, tuple(stages), done, total)
        results = _results(run, numbers)
        if results and not any(stage.pending for stage in stages):
            return Card(name, CardState.COMPLETE, tuple(stages), results=results)
    pending = any(stage.pending for stage in stages)
    return Card(name, CardState.READY if pending else CardState.EMPTY, tuple(stages))


def _results(run: RunFacts, numbers: Sequence[int]) -> tuple[tuple[str, float], ...]:
    """What these stages worked on, made and cost in a run; empty when they did nothing there."""
    found: dict[str, float] = {}
    for number in numbers:
        told = getattr(run, f"stage_{number}_result") or {}
        for key in (STAGES[number].processed, *STAGES[number].made, "credits_used"):
            if key in told:
                found[key] = found.get(key, 0) + told[key]
    return tuple(found.items()) if any(found.values()) else ()
