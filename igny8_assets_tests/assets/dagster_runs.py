"""A real Dagster instance in a home of its own, and Dagster runs on it in this process."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg
import pytest

from igny8_assets.dagster_home import DAGSTER_URL, dagster_instance
from igny8_assets.definitions import defs
from igny8_assets.jobs import LAUNCH_TAG, RUN_TAG
from igny8_assets.partitions import add_site_partition
from igny8_assets.settings import load_settings
from igny8_assets.store.models import AutomationRun

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@contextmanager
def open_instance(monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """The instance of the installation that the environment names; the environment is put back afterwards."""
    for name in ("DAGSTER_HOME", DAGSTER_URL):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    with dagster_instance(load_settings()) as instance:
        yield instance


def run_job(
    instance: dg.DagsterInstance,
    slug: str,
    *,
    job: str = "site_pipeline",
    assets: Sequence[str] | None = None,
    tags: Mapping[str, str] | None = None,
) -> dg.ExecuteInProcessResult:
    """Run a job for a site, as the Dagster UI would; with `assets` only these are materialized."""
    add_site_partition(instance, slug)
    definitions: dg.Definitions = defs()
    return definitions.resolve_job_def(job).execute_in_process(
        instance=instance,
        partition_key=slug,
        run_config=QUIET,
        tags=tags,
        asset_selection=None if assets is None else [dg.AssetKey(name) for name in assets],
        raise_on_error=False,
    )


def site_pipeline_job() -> dg.JobDefinition:
    """The job, by a name from which Dagster can make it again."""
    definitions: dg.Definitions = defs()
    return definitions.resolve_job_def("site_pipeline")


def tags_of(run: AutomationRun) -> dict[str, str]:
    """The tags of the Dagster run that is to take a queued row."""
    return {RUN_TAG: run.id, LAUNCH_TAG: str(run.launch)}


def materialized(result: dg.ExecuteInProcessResult) -> list[str]:
    """The assets that were materialized, in order."""
    return [event.asset_key.to_user_string() for event in result.get_asset_materialization_events() if event.asset_key]


def metadata_of(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, Any]:
    """What a materialization tells: names and plain values."""
    for event in result.get_asset_materialization_events():
        if event.asset_key == dg.AssetKey(asset):
            return {name: value.value for name, value in event.materialization.metadata.items()}
    raise AssertionError(f"{asset} was not materialized: {materialized(result)}")


def steps(result: dg.ExecuteInProcessResult, kind: str) -> list[str]:
    """The steps with an event of this kind, such as STEP_SKIPPED; checks are left out."""
    return [
        event.step_key
        for event in result.all_events
        if event.event_type_value == kind and event.step_key and event.step_key.count("_") < 2
    ]


def failure_of(result: dg.ExecuteInProcessResult, step: str) -> str:
    """The sentence with which a step failed."""
    for event in result.all_events:
        if event.event_type_value == "STEP_FAILURE" and event.step_key == step:
            failure = event.step_failure_data
            assert failure.user_failure_data, failure.error
            assert failure.user_failure_data.description
            return failure.user_failure_data.description
    raise AssertionError(f"{step} did not fail: {[event.event_type_value for event in result.all_events]}")
