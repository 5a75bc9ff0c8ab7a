"""The form of a site's automation settings: each field as a browser asks for it, and what it sends as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

from annotated_types import Ge, Le

from igny8_assets.automation.configuration import Configuration

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("schedule", ("is_enabled", "frequency", "scheduled_time", "weekday", "day_of_month")),
    ("run", ("stop_after_stage", "ideas_per_cluster", "reopen_after", "review_briefs")),
    ("batches", tuple(f"stage_{number}_batch_size" for number in range(1, 7))),
    ("caps", (*(f"stage_{number}_cap" for number in range(1, 7)), "daily_credits_cap", "daily_usd_cap")),
    ("clusters", ("granularity", "cluster_strategy", "separate_intents", "shared_urls")),
)
"""Every field, in the order in which people think of them."""


@dataclass(frozen=True)
class Field:
    """A field: its kind is checkbox, choice, weekday, stage, time or number, and an optional one may be left empty."""

    name: str
    kind: str
    value: Any
    choices: tuple[str, ...] = ()
    least: Any = None
    most: Any = None
    step: str = "1"
    optional: bool = False


def fields_of(shown: Configuration) -> list[tuple[str, list[Field]]]:
    """The groups of the form with their fields, as the settings are now."""
    return [(group, [_field(name, getattr(shown, name)) for name in names]) for group, names in GROUPS]


def changes_from(sent: Mapping[str, str]) -> dict[str, Any]:
    """What the form sent, by field; a box that is not ticked sends nothing."""
    changes: dict[str, Any] = {}
    for _, names in GROUPS:
        for name in names:
            if Configuration.model_fields[name].annotation is bool:
                changes[name] = name in sent
            elif name in sent:
                changes[name] = sent[name].strip()
    return changes


def _field(name: str, value: Any) -> Field:
    field = Configuration.model_fields[name]
    kind, limits = _unwrapped(field.annotation)
    limits = [*limits, *field.metadata]
    optional = type(None) in get_args(field.annotation)
    if kind is bool:
        return Field(name, "checkbox", value)
    if name == "weekday":
        return Field(name, "weekday", value)
    if name == "stop_after_stage":
        return Field(name, "stage", value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Field(name, "choice", value.value, choices=tuple(kind))
    if kind is time:
        return Field(name, "time", value.isoformat(timespec="minutes"))
    least = next((one.ge for one in limits if isinstance(one, Ge)), None)
    most = next((one.le for one in limits if isinstance(one, Le)), None)
    step = "1" if kind is int else "any"
    return Field(name, "number", value, least=least, most=most, step=step, optional=optional)


def _unwrapped(annotation: Any) -> tuple[Any, list[Any]]:
    """The plain type of an annotation, and what limits it."""
    limits: list[Any] = []
    while get_args(annotation) and not isinstance(annotation, type):
        if get_origin(annotation) in (Union, UnionType):
            annotation = next(one for one in get_args(annotation) if one is not type(None))
            continue
        annotation, *found = get_args(annotation)
        for one in found:
            limits += getattr(one, "metadata", [one])
    return annotation, limits
