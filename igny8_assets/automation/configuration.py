"""A site's automation settings: reading them, and changing them after checking every value."""

import re
from datetime import datetime, time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from igny8_assets.automation.due import set_next_slot
from igny8_assets.complaints import first_complaint
from igny8_assets.errors import SettingRefused, UserError
from igny8_assets.store import counters
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import AutomationConfig, Cluster, ClusterStatus, Frequency, Site
from igny8_assets.vocabulary import ClusterStrategy, Granularity

BatchSize = Annotated[int, Field(ge=1, le=100)]
SCHEDULE = frozenset({"is_enabled", "frequency", "scheduled_time", "weekday", "day_of_month"})
"""What decides when a site is due; a change moves it to its next future slot."""
GROUPING = frozenset({"granularity", "separate_intents", "shared_urls"})
"""What decides who is in a cluster with whom; a change moves nothing that is in one."""
LARGEST_CAP = 1_000_000_000
Cap = Annotated[int, Field(ge=1, le=LARGEST_CAP)] | None
Money = Annotated[Decimal, Field(ge=0, le=1_000_000), PlainSerializer(float, when_used="json")]


_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.0+)?)?$"
_ZONE = r"([Zz]|[+-][0-9:]+)$"


def _of_the_clock(value: Any) -> Any:
    """A count of seconds, or half a second, would be taken for another time than was meant."""
    if isinstance(value, time) or (isinstance(value, str) and re.match(_CLOCK, re.sub(_ZONE, "", value))):
        return value
    raise ValueError("has to be a time, written like 02:00")


def _without_zone(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("is the site's own time; write it without a zone, e.g. 02:00")
    return value


ClockTime = Annotated[
    time,
    BeforeValidator(_of_the_clock),
    AfterValidator(_without_zone),
    WithJsonSchema({"type": "string", "pattern": _CLOCK, "examples": ["02:00"]}),
]


class Configuration(BaseModel):
    """Every field that a person may set; caps are items a run, or credits and dollars a UTC day; `none` is no cap."""

    model_config = ConfigDict(extra="forbid")

    is_enabled: bool
    frequency: Frequency
    scheduled_time: ClockTime
    weekday: Annotated[int, Field(ge=0, le=6)]
    day_of_month: Annotated[int, Field(ge=1, le=31)]
    stage_1_batch_size: BatchSize
    stage_2_batch_size: BatchSize
    stage_3_batch_size: BatchSize
    stage_4_batch_size: BatchSize
    stage_5_batch_size: BatchSize
    stage_6_batch_size: BatchSize
    stage_1_cap: Cap
    stage_2_cap: Cap
    stage_3_cap: Cap
    stage_4_cap: Cap
    stage_5_cap: Cap
    stage_6_cap: Cap
    stop_after_stage: Annotated[int, Field(ge=1, le=7)]
    ideas_per_cluster: Annotated[int, Field(ge=1, le=10)]
    reopen_after: Annotated[int, Field(ge=1, le=1_000_000)]
    granularity: Granularity
    cluster_strategy: ClusterStrategy
    separate_intents: bool
    shared_urls: Annotated[int, Field(ge=1, le=10)]
    review_briefs: bool
    daily_credits_cap: Annotated[Money, Field(decimal_places=1)] | None
    daily_usd_cap: Annotated[Money, Field(decimal_places=6)] | None


def read_configuration(session: Session, site: Site) -> Configuration:
    """A site's settings."""
    row = session.get_one(AutomationConfig, site.id)
    return Configuration.model_validate({name: getattr(row, name) for name in Configuration.model_fields})


def slots_of(session: Session, site: Site) -> dict[str, datetime | None]:
    """When a site last ran, and when it is due next: in UTC, and nothing while its schedule is off."""
    row = session.get_one(AutomationConfig, site.id)
    return {"last_run_at": row.last_run_at, "next_run_at": row.next_run_at}


def has_clusters(session: Session, site: Site) -> bool:
    """Whether a site has any."""
    return session.scalar(select(Cluster.id).where(Cluster.site_id == site.id).limit(1)) is not None


def change_configuration(session: Session, site: Site, changes: dict[str, Any]) -> Configuration:
    """Change some of a site's settings; all are checked before any is written.

    Args:
        changes: field → new value, as text or typed; `none` or an empty text takes a cap away.

    Raises:
        UserError: a field does not exist or a value is not allowed; says which and why.
    """
    present = read_configuration(session, site).model_dump()
    for name in changes:
        if name not in present:
            raise UserError(f"there is no setting {name[:60]!r}; `igny8 config get {site.slug}` shows them all")
    cleaned = {
        name: None if name.endswith("_cap") and value in ("none", "", None) else value
        for name, value in changes.items()
    }
    try:
        checked = Configuration.model_validate({**present, **cleaned})
    except ValidationError as error:
        location, complaint = first_complaint(error)
        name = str(location[0])
        raise SettingRefused(name, str(changes.get(name))[:60], complaint) from None
    take_turn(session, site.id)
    row = session.get_one(AutomationConfig, site.id)
    reopens_changed = row.reopen_after != checked.reopen_after
    for name in changes:
        setattr(row, name, getattr(checked, name))
    if SCHEDULE.intersection(changes):
        set_next_slot(row, site)
    if reopens_changed:
        _reopen_clusters(session, site, checked.reopen_after)
    return checked


def _reopen_clusters(session: Session, site: Site, reopen_after: int) -> None:
    session.execute(
        update(Cluster)
        .where(Cluster.site_id == site.id, Cluster.status == ClusterStatus.MAPPED)
        .values(ideas_pending=Cluster.uncovered_count >= reopen_after)
    )
    counters.rebuild(session, site.id)
