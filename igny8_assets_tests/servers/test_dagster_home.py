"""Dagster's home: what is configured there, and several processes that open it at once."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import igny8_assets
from igny8_assets.dagster_home import DAGSTER_URL, prepare_dagster_home
from igny8_assets.settings import load_settings

OPEN = (
    "from igny8_assets.dagster_home import dagster_instance; from igny8_assets.settings import load_settings\n"
    "with dagster_instance(load_settings()) as instance: print(instance.get_runs())"
)


@pytest.mark.slow
def test_processes_that_open_a_fresh_home_at_once_do_not_spoil_it(home: Path) -> None:
    first = [
        subprocess.Popen([sys.executable, "-c", OPEN], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in first:
        output, errors = process.communicate(timeout=60)
        assert output == "[]\n", errors
    assert subprocess.run([sys.executable, "-c", OPEN], capture_output=True, text=True, check=True).stdout == "[]\n"


Policies = dict[str, Any]


@pytest.fixture
def policies(home: Path, monkeypatch: pytest.MonkeyPatch) -> Policies:
    """The shipped dagster.yaml, as Dagster reads it: a wrong name or value is an error there."""
    from dagster._config import process_config, resolve_to_config_type
    from dagster._core.instance.config import dagster_instance_config_schema

    monkeypatch.setenv("DAGSTER_HOME", str(home))
    text = (Path(igny8_assets.__file__).parent.parent / "dagster.yaml").read_text(encoding="utf-8")
    read = process_config(resolve_to_config_type(dagster_instance_config_schema()), yaml.safe_load(text))
    assert read.success, read.errors
    return dict(read.value or {})


def test_one_run_of_a_site_at_a_time_and_so_many_in_all(policies: Policies) -> None:
    runs = policies["concurrency"]["runs"]
    assert runs["max_concurrent_runs"] == 4
    [limit] = runs["tag_concurrency_limits"]
    assert (limit["key"], limit["limit"]) == ("dagster/partition", 1)
    assert limit["value"] == {"applyLimitPerUniqueValue": True}


def test_the_queue_is_looked_at_every_second(policies: Policies) -> None:
    assert policies["run_queue"]["dequeue_interval_seconds"] == 1


def test_nothing_of_dagsters_own_tries_a_run_again_or_resumes_it(policies: Policies) -> None:
    assert policies["run_retries"]["enabled"] is False
    assert policies["run_monitoring"]["max_resume_run_attempts"] == 0


def test_a_run_that_does_not_start_or_end_is_noticed_and_a_long_one_is_not_killed(policies: Policies) -> None:
    monitoring = policies["run_monitoring"]
    assert (monitoring["enabled"], monitoring["max_runtime_seconds"]) == (True, 0)
    assert (monitoring["start_timeout_seconds"], monitoring["cancel_timeout_seconds"]) == (180, 180)
    assert monitoring["free_slots_after_run_end_seconds"] == 60


def test_ticks_are_kept_for_a_while(policies: Policies) -> None:
    retention = policies["retention"]
    assert retention["schedule"]["purge_after_days"] == 90
    assert retention["sensor"]["purge_after_days"] == {"skipped": 7, "failure": 30, "success": 90}


def test_schedules_and_sensors_are_evaluated_side_by_side(policies: Policies) -> None:
    assert policies["schedules"] == {"use_threads": True, "num_workers": 2}
    assert policies["sensors"] == {"use_threads": True, "num_workers": 4}


def test_our_own_log_lines_are_shown_in_the_log_of_a_dagster_run(policies: Policies) -> None:
    logs = policies["python_logs"]
    assert (logs["managed_python_loggers"], logs["python_log_level"]) == (["igny8_assets"], "INFO")


def test_nothing_is_sent_to_dagsters_makers(policies: Policies) -> None:
    assert policies["telemetry"]["enabled"] is False
    assert policies["nux"]["enabled"] is False


def test_the_home_has_the_shipped_configuration_with_the_installations_own_storage(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = yaml.safe_load((Path(igny8_assets.__file__).parent.parent / "dagster.yaml").read_text(encoding="utf-8"))
    prepare_dagster_home(load_settings())
    assert yaml.safe_load((home / "dagster" / "dagster.yaml").read_text()) == shipped
    monkeypatch.setenv("IGNY8_DATABASE_URL", "postgresql://ada:secret@db.example/igny8")
    variables = prepare_dagster_home(load_settings())
    written = (home / "dagster" / "dagster.yaml").read_text()
    assert "secret" not in written
    storage = {"postgres": {"postgres_url": {"env": DAGSTER_URL}}}
    assert yaml.safe_load(written) == {**shipped, "storage": storage}
    assert variables[DAGSTER_URL] == "postgresql+psycopg2://ada:secret@db.example/igny8"
