"""What the ten operations of automation answer."""

from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session

from igny8_assets.automation.configuration import Configuration, read_configuration, slots_of
from igny8_assets.automation.estimating import Estimate
from igny8_assets.automation.overview import StageOverview
from igny8_assets.stages.stage import Kind
from igny8_assets.store.models import Launcher, RunStatus, Site, StopRequest, Trigger
from igny8_assets.web.shapes import Credits, credits_of

Stage = Annotated[int, Field(ge=1, le=7)]


class ConfigAnswer(Configuration):
    """All settings of a site's automation, when it last ran, and when it is due next."""

    last_run_at: datetime | None
    next_run_at: datetime | None = Field(description="Nothing while the schedule is off.")


def config_of(session: Session, site: Site) -> ConfigAnswer:
    """A site's settings as they are now."""
    slots: dict[str, Any] = slots_of(session, site)
    return ConfigAnswer(**read_configuration(session, site).model_dump(), **slots)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _true_or_false(value: Any) -> Any:
    if not isinstance(value, bool):
        raise PydanticCustomError("true_or_false", "should be true or false")
    return value


def _a_number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise PydanticCustomError("a_number", "should be a number")
    return value


# JSON has types of its own, other than the command line, from which all comes as text.
_OF_ITS_TYPE: dict[Any, Any] = {
    bool: _true_or_false,
    int: _a_number,
    Configuration.model_fields["stage_1_cap"].annotation: _a_number,
}


def _may_be_left_out(field: FieldInfo) -> Any:
    changed = copy(field)
    changed.default = None
    annotation: Any = field.annotation
    check = _OF_ITS_TYPE.get(annotation)
    if check is not None:
        changed.metadata = [*field.metadata, BeforeValidator(check)]
    # What is left out stays as it is; null is said of caps alone, and takes them away.
    changed.json_schema_extra = _without_default
    return field.annotation, changed


if TYPE_CHECKING:
    ConfigChanges: TypeAlias = BaseModel
else:
    ConfigChanges = create_model(
        "ConfigChanges",
        __config__=ConfigDict(
            extra="forbid",
            json_schema_extra={"examples": [{"is_enabled": True, "frequency": "weekly", "weekday": 0}]},
        ),
        __doc__="The settings to change; what is not named stays.",
        **{name: _may_be_left_out(field) for name, field in Configuration.model_fields.items()},
    )


class RunStarted(BaseModel):
    """A run that was let in."""

    run_id: str
    message: str = Field(examples=["queued; the daemon of `igny8 ui` launches it"])


class RunState(BaseModel):
    """Where a run stands after what was asked of it."""

    run_id: str
    status: RunStatus
    stop_request: StopRequest | None = Field(description="What the run will do after the items in hand.")


class StageProgress(BaseModel):
    """How far a stage is."""

    stage: Stage
    name: str
    done: int
    total: int


class RunFacts(BaseModel):
    """Every field of a run."""

    run_id: str
    site: str
    status: RunStatus
    trigger: Trigger
    launcher: Launcher
    launch: int
    first_stage: Stage
    last_stage: Stage
    current_stage: Stage
    stop_request: StopRequest | None
    reason: str | None
    total_credits_used: Credits
    slot: datetime | None
    requested_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    dagster_run_ids: list[str]
    stage_1_result: dict[str, Any] | None
    stage_2_result: dict[str, Any] | None
    stage_3_result: dict[str, Any] | None
    stage_4_result: dict[str, Any] | None
    stage_5_result: dict[str, Any] | None
    stage_6_result: dict[str, Any] | None
    stage_7_result: dict[str, Any] | None
    progress: list[StageProgress]


class CurrentRun(BaseModel):
    """The run that is queued, running or paused, if there is one."""

    run: RunFacts | None


class HistoryPage(BaseModel):
    """Some of a site's runs, the latest first."""

    runs: list[RunFacts]
    next: str | None = Field(description="What to give as `after` for the next page.")


class LogAnswer(BaseModel):
    """The last lines of a run's log."""

    log: str = Field(description="One line each: moment in UTC, level, stage, message.")


class StageCost(BaseModel):
    """What a stage would cost."""

    number: Stage
    name: str
    pending: int
    credits: Credits
    projected_items: int
    projected_credits: Credits


class EstimateAnswer(BaseModel):
    """What a run would cost; `estimated_credits` and `sufficient` are about what is pending now."""

    estimated_credits: Credits
    current_balance: Credits
    sufficient: bool
    projected_credits: Credits = Field(description="At most, with all that the run itself would make.")
    expected_credits: Credits | None = Field(description="As on this site so far; nothing without a history.")
    stages: list[StageCost]
    assumptions: list[str]
    history: list[str]

    @classmethod
    def of(cls, cost: Estimate) -> "EstimateAnswer":
        """The answer that tells an estimate."""
        return cls(
            estimated_credits=credits_of(cost.tenths),
            current_balance=credits_of(cost.balance_tenths),
            sufficient=cost.sufficient,
            projected_credits=credits_of(cost.projected_tenths),
            expected_credits=None if cost.expected_tenths is None else credits_of(cost.expected_tenths),
            stages=[
                StageCost(
                    number=stage.number,
                    name=stage.name,
                    pending=stage.pending,
                    credits=credits_of(stage.tenths),
                    projected_items=stage.projected_items,
                    projected_credits=credits_of(stage.projected_tenths),
                )
                for stage in cost.stages
            ],
            assumptions=list(cost.assumptions),
            history=list(cost.history),
        )


class StageRow(BaseModel):
    """What waits at a stage."""

    number: Stage
    name: str
    pending: int
    type: Kind
    failed: int

    @classmethod
    def of(cls, stage: StageOverview) -> "StageRow":
        """The row that tells a stage."""
        return cls(number=stage.number, name=stage.name, pending=stage.pending, type=stage.type, failed=stage.failed)


class OverviewAnswer(BaseModel):
    """The seven stages."""

    stages: list[StageRow]
