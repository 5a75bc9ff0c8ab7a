"""Dagster's home folder: its configuration, written from the one dagster.yaml, and the instance that lives there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from igny8_assets.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

DAGSTER_URL = "IGNY8_DAGSTER_URL"
"""The variable by which Dagster gets the database's address, so that no password is written to a file."""

NO_CAPTURE = {"module": "dagster._core.storage.noop_compute_log_manager", "class": "NoOpComputeLogManager"}
"""A command prints to its terminal alone: Dagster's capturing starts processes of its own, which Ctrl-C meets too."""


def prepare_dagster_home(settings: Settings) -> dict[str, str]:
    """Write dagster.yaml to Dagster's home folder.

    Returns:
        The environment variables that every process of this installation's Dagster needs.
    """
    configuration = yaml.safe_load(_shipped_configuration().read_text(encoding="utf-8"))
    variables = {"DAGSTER_HOME": str(settings.dagster_home), "IGNY8_HOME": str(settings.folder)}
    if not settings.store_url.startswith("sqlite"):
        configuration["storage"] = {"postgres": {"postgres_url": {"env": DAGSTER_URL}}}
        variables[DAGSTER_URL] = settings.store_url
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    text = "# Written by igny8 at every start; changes made here are lost.\n" + yaml.safe_dump(
        configuration, sort_keys=False
    )
    target = settings.dagster_home / "dagster.yaml"
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        # Renamed into place, since another process may be reading it.
        temporary = target.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(target)
    return variables


@contextmanager
def dagster_instance(settings: Settings) -> Iterator["DagsterInstance"]:
    """This installation's Dagster instance for a command; the environment of this process is set up for it."""
    os.environ.update(prepare_dagster_home(settings))
    from dagster import DagsterInstance
    from dagster._core.instance.ref import InstanceRef

    with _alone(settings.dagster_home):
        reference = InstanceRef.from_dir(str(settings.dagster_home), overrides={"compute_logs": NO_CAPTURE})
        instance = DagsterInstance.from_ref(reference)
    with instance:
        yield instance


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: two that make Dagster's tables at once spoil them for good."""
    import fcntl

    with (folder / "opening.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _shipped_configuration() -> Path:
    """The dagster.yaml beside the package in a checkout, inside it in a wheel."""
    inside = Path(__file__).parent / "dagster.yaml"
    return inside if inside.exists() else Path(__file__).parent.parent / "dagster.yaml"
