"""What waits at each stage, from the counters alone."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Kind
from igny8_assets.store import counters
from igny8_assets.store.models import Site


@dataclass(frozen=True)
class StageOverview:
    """One row of the overview."""

    number: int
    name: str
    pending: int
    type: Kind
    failed: int


def pipeline_overview(session: Session, site: Site) -> list[StageOverview]:
    """The seven stages with what waits at each."""
    counted = counters.read(session, site.id)
    failed = {
        1: counted["keyword", "failed"],
        2: counted["cluster", "failed"],
        4: counted["task", "failed"],
        5: counted["content", "prompts_failed"],
        6: counted["image", "failed"],
    }
    return [
        StageOverview(stage.number, stage.name, stage.pending(counted), stage.kind, failed.get(stage.number, 0))
        for stage in STAGES.values()
    ]
